#include "tests/api/endpoint.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "tests/api/case_values.h"
#include "tests/api/difference.h"
#include "tests/api/session.h"

namespace pageturner {
namespace {

namespace json = boost::json;
using std::chrono::steady_clock;

// How ARNs begin in the tables.
constexpr std::string_view arn_in_tables = "arn:aws:dynamodb:us-east-1:000000000000:";

// An index is built and a large table deleted in minutes, on a bad day in more.
constexpr auto settled_after_max = std::chrono::minutes(30);
constexpr auto pause_max = std::chrono::milliseconds(2000);
// Retries of a throttled call: half a minute in all.
constexpr int retries_max = 10;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The region in "dynamodb.eu-west-1.amazonaws.com"; empty for other hosts.
std::string region_of(const std::string& host) {
  static const std::regex form(R"(dynamodb\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)");
  std::smatch found;
  return std::regex_match(host, found, form) ? found[1].str() : "";
}

// Whether `name` stands in `text`, and not as a part of a longer name.
bool has_name(std::string_view text, std::string_view name) {
  const auto is_name_character = [&](std::size_t at) {
    constexpr std::string_view marks = "_.-";
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 ||
                                marks.find(text[at]) != std::string_view::npos);
  };
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    if (!is_name_character(at - 1) && !is_name_character(at + name.size())) return true;
  }
  return false;
}

// "2 validation errors detected: A; B" with the constraints in the order of their texts.
void sort_constraints(json::string& text) {
  constexpr std::string_view title = " validation errors detected: ";
  const std::string whole(text);
  const std::size_t begin = whole.find(title);
  if (begin == std::string::npos) return;
  std::vector<std::string> constraints;
  std::string rest = whole.substr(begin + title.size());
  for (std::size_t end = rest.find("; "); end != std::string::npos; end = rest.find("; ")) {
    constraints.push_back(rest.substr(0, end));
    rest.erase(0, end + 2);
  }
  constraints.push_back(rest);
  std::sort(constraints.begin(), constraints.end());
  std::string sorted = whole.substr(0, begin + title.size());
  for (const std::string& constraint : constraints) {
    if (&constraint != &constraints.front()) sorted += "; ";
    sorted += constraint;
  }
  text = sorted;
}

void normalise_string(json::string& text) {
  static const std::regex arn(R"(arn:aws[a-z-]*:([a-z0-9-]+):[a-z0-9-]+:\d{12}:)");
  if (text.find("arn:aws") != json::string::npos) {
    text = std::regex_replace(std::string(text), arn, "arn:aws:$1:us-east-1:000000000000:");
  }
  sort_constraints(text);
}

// Whether the table is ACTIVE with all its indexes. `table` is DescribeTable's "Table".
bool is_settled(const json::object& table) {
  if (table.at("TableStatus").as_string() != "ACTIVE") return false;
  const json::value* indexes = table.if_contains("GlobalSecondaryIndexes");
  if (indexes == nullptr) return true;
  return std::all_of(indexes->as_array().begin(), indexes->as_array().end(), [](const auto& index) {
    const json::value* status = index.as_object().if_contains("IndexStatus");
    return status == nullptr || status->as_string() == "ACTIVE";
  });
}

bool is_error(const Response& response, std::string_view type) {
  return response.http_status != 200 &&
         response.body.find("#" + std::string(type) + "\"") != std::string::npos;
}

bool is_throttled(const Response& response) {
  return response.http_status >= 500 || is_error(response, "ThrottlingException") ||
         is_error(response, "RequestLimitExceeded") ||
         is_error(response, "ProvisionedThroughputExceededException");
}

// Whether a change of a table has to wait for others. Cases expect these errors, so that only calls
// of the runner itself are repeated after them.
bool has_to_wait(const Response& response) {
  return is_throttled(response) || is_error(response, "LimitExceededException") ||
         is_error(response, "ResourceInUseException");
}

class Endpoint : public Target {
 public:
  explicit Endpoint(const EndpointOptions& options)
      : options_(options), tables_client_(options.address), streams_client_(streams_address()) {}

  void begin(const CaseTable& table) override;
  Response call(std::string_view operation, std::string_view body) override;
  void end() override;
  bool is_remote() const override { return true; }
  void normalise(json::value& value) const override;

 private:
  HttpAddress streams_address() const;
  // Runs an operation, and again while `is_to_repeat` says so of its answer.
  Response send(std::string_view operation, std::string_view body,
                bool (*is_to_repeat)(const Response&) = is_throttled);
  Response send_once(std::string_view operation, std::string_view body);
  // Runs an operation of the runner itself. Throws std::runtime_error where the answer is an error.
  json::object ask(std::string_view operation, const json::object& request);
  std::vector<std::string> list_tables();
  // DescribeTable's "Table"; none where there is no such table.
  std::optional<json::object> describe(const std::string& name);
  void wait_for(const std::string& name, const std::string& state,
                const std::function<bool(const std::optional<json::object>&)>& is_reached);
  void wait_until_active(const std::string& name);
  void wait_until_gone(const std::string& name);

  EndpointOptions options_;
  HttpClient tables_client_;
  HttpClient streams_client_;
  std::string arn_prefix_;         // of the account and region; empty while it is not known
  std::set<std::string> created_;  // tables that calls have made and not deleted
};

// AWS has the streams on a host of their own.
HttpAddress Endpoint::streams_address() const {
  HttpAddress address = options_.address;
  if (!region_of(address.host).empty()) address.host = "streams." + address.host;
  return address;
}

Response Endpoint::send_once(std::string_view operation, std::string_view body) {
  HttpClient& client = operation.starts_with("DynamoDBStreams_") ? streams_client_ : tables_client_;
  HttpRequest request = signed_request(operation, body);
  if (!options_.key.id.empty()) {
    sign_request(request, client.host_header(), options_.key, options_.region);
  }
  HttpResponse response = client.send(request);
  return {response.status, std::move(response.body)};
}

Response Endpoint::send(std::string_view operation, std::string_view body,
                        bool (*is_to_repeat)(const Response&)) {
  auto pause = std::chrono::milliseconds(50);
  for (int i = 0;; ++i) {
    Response response;
    try {
      response = send_once(operation, body);
      if (!is_to_repeat(response) || i == retries_max) return response;
    } catch (const std::runtime_error&) {
      // The server may have closed a connection that was idle; the next request opens another.
      if (i > 0) throw;
      continue;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min<std::chrono::milliseconds>(2 * pause, 2 * pause_max);
  }
}

json::object Endpoint::ask(std::string_view operation, const json::object& request) {
  const Response response = send(operation, json::serialize(request), has_to_wait);
  if (response.http_status != 200) {
    throw std::runtime_error("the endpoint answered " + std::string(operation) + " " +
                             shorten_json(request, 300) + " with " +
                             std::to_string(response.http_status) + " " + response.body);
  }
  return json::parse(response.body).as_object();
}

std::vector<std::string> Endpoint::list_tables() {
  std::vector<std::string> names;
  json::object request;
  for (;;) {
    const json::object page = ask("ListTables", request);
    for (const json::value& name : page.at("TableNames").as_array()) {
      names.emplace_back(name.as_string());
    }
    const json::value* last = page.if_contains("LastEvaluatedTableName");
    if (last == nullptr) return names;
    request["ExclusiveStartTableName"] = *last;
  }
}

void Endpoint::begin(const CaseTable& table) {
  created_.clear();
  for (const std::string& name : list_tables()) {
    for (const std::vector<Case>* steps : {&table.setup, &table.cases}) {
      const auto found = std::find_if(steps->begin(), steps->end(), [&](const Case& step) {
        return has_name(request_body(step.members), name);
      });
      if (found == steps->end()) continue;
      throw std::runtime_error(
          "the endpoint has a table \"" + name + "\", whose name occurs in the request of " +
          table.path + ":" + std::to_string(found->line) +
          ": this file is not run, so that no table of somebody else is changed");
    }
  }
}

Response Endpoint::call(std::string_view operation, std::string_view body) {
  std::string request(body);
  if (!arn_prefix_.empty()) replace_all(request, arn_in_tables, arn_prefix_);
  Response response = send(operation, request);
  const bool deletes = operation.ends_with("DeleteTable");
  const bool creates = operation.ends_with("CreateTable") ||
                       operation.find("RestoreTable") != std::string_view::npos;
  const bool changes = creates || deletes || operation.ends_with("UpdateTable");
  if (response.http_status != 200 || !changes) return response;
  const json::value parsed = json::parse(response.body);
  const json::object& table = parsed.at("TableDescription").as_object();
  const std::string name(table.at("TableName").as_string());
  const std::string arn(table.at("TableArn").as_string());
  arn_prefix_ = arn.substr(0, arn.find(":table/") + 1);
  if (deletes) {
    wait_until_gone(name);
    created_.erase(name);
  } else {
    if (creates) created_.insert(name);
    wait_until_active(name);
  }
  return response;
}

void Endpoint::end() {
  while (!created_.empty()) {
    const std::string name = *created_.begin();
    // What cannot be deleted is not tried again.
    created_.erase(name);
    const std::optional<json::object> table = describe(name);
    if (!table) continue;
    const json::value* is_protected = table->if_contains("DeletionProtectionEnabled");
    if (is_protected != nullptr && is_protected->as_bool()) {
      ask("UpdateTable", {{"TableName", name}, {"DeletionProtectionEnabled", false}});
      wait_until_active(name);
    }
    ask("DeleteTable", {{"TableName", name}});
    wait_until_gone(name);
  }
}

std::optional<json::object> Endpoint::describe(const std::string& name) {
  const Response response =
      send("DescribeTable", json::serialize(json::object{{"TableName", name}}));
  if (is_error(response, "ResourceNotFoundException")) return std::nullopt;
  if (response.http_status != 200) {
    throw std::runtime_error("DescribeTable of " + name + " failed: " + response.body);
  }
  return json::parse(response.body).at("Table").as_object();
}

void Endpoint::wait_for(const std::string& name, const std::string& state,
                        const std::function<bool(const std::optional<json::object>&)>& is_reached) {
  const auto deadline = steady_clock::now() + settled_after_max;
  auto pause = std::chrono::milliseconds(20);
  while (!is_reached(describe(name))) {
    if (steady_clock::now() > deadline) {
      throw std::runtime_error("the table " + name + " has not become " + state);
    }
    std::this_thread::sleep_for(pause);
    pause = std::min<std::chrono::milliseconds>(2 * pause, pause_max);
  }
}

void Endpoint::wait_until_active(const std::string& name) {
  wait_for(name, "ACTIVE", [](const auto& table) { return table && is_settled(*table); });
}

void Endpoint::wait_until_gone(const std::string& name) {
  wait_for(name, "deleted", [](const auto& table) { return !table; });
}

void Endpoint::normalise(json::value& value) const {
  if (auto* text = value.if_string()) {
    normalise_string(*text);
  } else if (auto* array = value.if_array()) {
    for (json::value& element : *array) normalise(element);
  } else if (auto* object = value.if_object()) {
    object->erase("Backfilling");  // an index has it on its way to ACTIVE
    for (auto& member : *object) {
      normalise(member.value());
      const bool is_state = member.key() == "TableStatus" || member.key() == "IndexStatus" ||
                            member.key() == "Status";
      auto* state = member.value().if_string();
      if (!is_state || state == nullptr) continue;
      if (*state == "CREATING" || *state == "UPDATING" || *state == "DELETING") *state = "ACTIVE";
    }
  }
}

}  // namespace

EndpointOptions read_endpoint_options(const std::string& url) {
  EndpointOptions options;
  options.address = parse_address(url);
  options.key = {environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"),
                 environment("AWS_SESSION_TOKEN")};
  for (const std::string& region : {region_of(options.address.host), environment("AWS_REGION"),
                                    environment("AWS_DEFAULT_REGION")}) {
    if (region.empty()) continue;
    options.region = region;
    break;
  }
  return options;
}

std::unique_ptr<Target> make_endpoint_target(const EndpointOptions& options) {
  return std::make_unique<Endpoint>(options);
}

}  // namespace pageturner
