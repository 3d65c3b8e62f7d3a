#include "tests/api/session.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "tests/api/difference.h"

namespace pageturner {
namespace {

namespace json = boost::json;

// How long a read of another endpoint may take to see what was written: reads of DynamoDB are
// eventually consistent, and those of global indexes always.
constexpr auto visible_after_max = std::chrono::seconds(5);
constexpr auto visible_pause = std::chrono::milliseconds(500);

// The operation without its version: "PutItem" of "DynamoDB_20120810.PutItem".
std::string_view operation_name(std::string_view call) {
  return call.substr(call.rfind('.') + 1);  // npos + 1 is 0
}

bool is_read(std::string_view call) {
  constexpr std::string_view reads[] = {"Get",  "BatchGet", "TransactGet", "Query",
                                        "Scan", "Describe", "List"};
  return std::any_of(std::begin(reads), std::end(reads),
                     [&](std::string_view read) { return operation_name(call).starts_with(read); });
}

// Whether a later case can see that this one has run.
bool leaves_something(const Case& test_case) {
  if (test_case.members.contains("keep")) return true;
  return !is_read(test_case.text("call")) && expected_answer(test_case.members).status == 200;
}

// Whether a successful answer shows a table that is being changed or deleted. What else it shows
// until the change is done depends on the endpoint.
bool is_under_change(const JsonAnswer& response) {
  const auto* body = response.body.if_object();
  const auto* table = body == nullptr ? nullptr : body->if_contains("TableDescription");
  if (response.status != 200 || table == nullptr) return false;
  const auto* status = table->as_object().if_contains("TableStatus");
  return status != nullptr && (*status == "UPDATING" || *status == "DELETING");
}

std::string location(const CaseTable& table, const Case& test_case) {
  return table.path + ":" + std::to_string(test_case.line);
}

std::string in_lines(std::string_view text, std::string_view indent) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.append(indent).append(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

}  // namespace

std::string request_body(const json::object& test_case) {
  if (const auto* raw = test_case.if_contains("raw")) return std::string(raw->as_string());
  if (const auto* raw = test_case.if_contains("raw_bytes")) return bytes_of(raw->as_string());
  return json::serialize(expand(test_case.at("send")));
}

std::string Session::reason_to_skip(std::size_t index) const {
  const Case& test_case = table_.cases[index];
  static const bool run_pending = std::getenv("PAGETURNER_RUN_PENDING") != nullptr;
  if (!run_pending && test_case.members.contains("pending")) {
    return "pending: " + test_case.text("pending");
  }
  if (!target_.is_remote()) return "";
  if (!table_.local_only.empty()) return "local only: " + table_.local_only;
  if (test_case.members.contains("local_only")) {
    return "local only: " + test_case.text("local_only");
  }
  return "";
}

void Session::start() {
  finish();
  next_ = 0;
  earlier_failure_.clear();
  kept_.clear();
  try {
    target_.begin(table_);
    is_started_ = true;
    run_setup();
  } catch (const std::runtime_error& error) {
    start_failure_ = error.what();
  }
}

void Session::finish() {
  if (is_started_) target_.end();
  is_started_ = false;
}

void Session::run_setup() {
  for (const Case& step : table_.setup) {
    const JsonAnswer response = ask(step.members);
    if (response.status == 200) continue;
    start_failure_ = location(table_, step) + ": the setup failed: " + step.text("call") +
                     " answered " + std::to_string(response.status) + " " +
                     shorten_json(response.body, 1000);
    return;
  }
}

std::string Session::run(std::size_t index) {
  // What could not be started once is not tried again for each case.
  if (start_failure_.empty() && (!is_started_ || index < next_)) start();
  if (!start_failure_.empty()) throw std::runtime_error(start_failure_);
  for (; next_ < index; ++next_) {
    const Case& earlier = table_.cases[next_];
    if (!leaves_something(earlier) || !reason_to_skip(next_).empty()) continue;
    try {
      if (attempt(earlier).differences.empty()) continue;
    } catch (const std::exception&) {
      // Its own test says what is wrong.
    }
    earlier_failure_ = location(table_, earlier) + ": an earlier case, \"" + earlier.name +
                       "\", did not get its answer either\n";
  }
  const Case& test_case = table_.cases[index];
  ++next_;
  const Outcome outcome = attempt_patiently(test_case);
  if (outcome.differences.empty()) return "";
  constexpr std::size_t json_max = 3000;
  const auto format = [](const JsonAnswer& response) {
    return std::to_string(response.status) + " " + shorten_json(response.body, json_max) + "\n";
  };
  const std::string sent = request_body(with_kept(test_case.members, kept_).as_object());
  return test_case.text("call") + ": " + test_case.name +
         "\nsent:     " + shorten_text(sent, json_max) + "\n" +
         in_lines(outcome.differences, "  ") + "expected: " + format(outcome.expected) +
         "actual:   " + format(outcome.actual) + earlier_failure_;
}

Session::Outcome Session::attempt_patiently(const Case& test_case) {
  Outcome outcome = attempt(test_case);
  if (!target_.is_remote() || !is_read(test_case.text("call"))) return outcome;
  const auto deadline = std::chrono::steady_clock::now() + visible_after_max;
  // Another status does not become visible: it is a difference at once.
  while (!outcome.differences.empty() && outcome.expected.status == outcome.actual.status &&
         outcome.actual.status == 200 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(visible_pause);
    outcome = attempt(test_case);
  }
  return outcome;
}

Session::Outcome Session::attempt(const Case& test_case) {
  const json::value with_values = with_kept(test_case.members, kept_);
  const json::object& members = with_values.as_object();
  Outcome outcome;
  outcome.expected = expected_answer(members);
  outcome.actual = test_case.flag("follow") ? follow_pages(members) : ask(members);
  const json::value answered = outcome.actual.body;
  if (target_.is_remote() && outcome.expected.status == 200 && is_under_change(outcome.actual)) {
    return outcome;
  }
  target_.normalise(outcome.expected.body);
  target_.normalise(outcome.actual.body);
  if (outcome.actual.status != outcome.expected.status) {
    outcome.differences = "status: expected " + std::to_string(outcome.expected.status) + ", was " +
                          std::to_string(outcome.actual.status) + "\n";
  }
  outcome.differences +=
      describe_differences(outcome.expected.body, outcome.actual.body, test_case.flag("any_order"));
  if (const auto* names = members.if_contains("keep");
      names != nullptr && outcome.differences.empty()) {
    for (const auto& [name, path] : names->as_object()) {
      kept_[name] = text_at(answered, std::string(path.as_string()));
    }
  }
  return outcome;
}

// Returns an answer's status and body. A body that is not JSON is a string.
JsonAnswer Session::ask(std::string_view operation, std::string_view body) {
  const Response response = target_.call(operation, body);
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 1000;  // an item of 32 levels has more than the default
  json::value parsed = json::parse(response.body, error, {}, options);
  return {response.http_status, error ? json::value(response.body) : std::move(parsed)};
}

JsonAnswer Session::ask(const json::object& test_case) {
  return ask(test_case.at("call").as_string(), request_body(test_case));
}

// Adds the pages of `request` to `all`.
void Session::add_pages(std::string_view operation, json::object request, json::object& all,
                        unsigned& status) {
  constexpr std::int64_t pages_max = 1000;
  while (all["Pages"].as_int64() < pages_max) {
    JsonAnswer page = ask(operation, json::serialize(request));
    status = page.status;
    if (status != 200) {
      all = page.body.as_object();
      return;
    }
    all["Pages"] = all["Pages"].as_int64() + 1;
    json::object& body = page.body.as_object();
    for (const std::string_view count : {"Count", "ScannedCount"}) {
      all[count] = all[count].as_int64() + body.at(count).as_int64();
    }
    if (const auto* items = body.if_contains("Items")) {
      for (const json::value& item : items->as_array()) all["Items"].as_array().push_back(item);
    }
    const json::value* last_key = body.if_contains("LastEvaluatedKey");
    if (last_key == nullptr) return;
    request["ExclusiveStartKey"] = *last_key;
  }
}

JsonAnswer Session::follow_pages(const json::object& test_case) {
  const std::string operation(test_case.at("call").as_string());
  json::object request = expand(test_case.at("send")).as_object();
  json::object all{{"Items", json::array()}, {"Count", 0}, {"ScannedCount", 0}, {"Pages", 0}};
  unsigned status = 200;
  const json::value* segments = test_case.if_contains("segments");
  if (segments == nullptr) {
    add_pages(operation, std::move(request), all, status);
  } else {
    request["TotalSegments"] = *segments;
    for (std::int64_t i = 0; i < segments->as_int64() && status == 200; ++i) {
      request["Segment"] = i;
      add_pages(operation, request, all, status);
    }
  }
  return {status, std::move(all)};
}

}  // namespace pageturner
