// Runs the tables of tests/api/*.json: raw requests and the exact answers to them. Every file runs
// twice, over HTTP and in-process, each time against a fresh emulator and from top to bottom, so
// that a case sees what the cases before it did.
//
// A file:
//   {"why": "what the table is for, and where its answers come from",
//    "setup": [{"call": "CreateTable", "send": {…}}, …],     each has to answer 200
//    "cases": [{"name": "…", "call": "PutItem", "send": {…}, "answer": {…}}, …]}
//
// A case:
//   "call"      the operation, or a whole target with a dot in it
//   "send"      the request; or "raw": text that is no JSON; or "raw_bytes": text whose characters
//               U+0000 to U+00FF stand for bytes
//   "answer"    the answer, {} where it is not given; order counts in arrays only, numbers are
//               compared by value
//   "error"     in place of "answer": "Type: message", or "Type" for one without a message; with
//               "error_item" where the answer shows the item too, and "reasons" for the
//               CancellationReasons of a transaction
//   "status"    the HTTP status, where it is not 200, or that of the error's type
//   "any_order" true: the order of arrays does not count (Scan has no order to rely on)
//   "follow"    true: sends the request again with each LastEvaluatedKey until there is none. The
//               answer is {"Items": all of them, "Count": …, "ScannedCount": …, "Pages": …}
//   "segments"  n, with "follow": does so for each of n segments
//   "source"    where the answer comes from, if that differs from the file's "why"
//   "keep"      {"arn": "Streams.0.StreamArn"}: what later cases find under "$kept:arn", a text of
//   the
//               answer by its path
//   "pending"   why the case is skipped: a known difference. PAGETURNER_RUN_PENDING=1 runs it.
//
// Anywhere in a request or an answer:
//   {"$repeat": ["x", 1000]}           the text 1000 times
//   {"$join": [3, "a$i = :v", " OR "]} "a0 = :v OR a1 = :v OR a2 = :v"
//   {"$concat": ["a", {"$repeat": …}]} the texts one after the other
//   {"$list": [3, {"S": "k$i"}]}       [{"S": "k0"}, {"S": "k1"}, {"S": "k2"}]
//   {"$nest": 31}                      an attribute value: a string in 31 maps
//   "…$kept:name…"                     the text that an earlier case has kept as name, made of a-z
//                                      and _, in that place
// In answers only:
//   "$any", "$any_number", "$any_string", "$uuid"   any value, any value of that kind
//   "…$*…"                                  any text in that place
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <boost/json.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <regex>
#include <sstream>

#include "pageturner/emulator.h"
#include "tests/support/http_client.h"

namespace pageturner {
namespace {

namespace json = boost::json;

// How an error of each type stands on the wire.
struct ErrorForm {
  std::string_view name;
  std::string_view prefix;
  std::string_view message_field;
  unsigned status;
};
constexpr ErrorForm error_forms[] = {
    {"BackupNotFoundException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"GlobalTableNotFoundException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"PolicyNotFoundException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"InvalidRestoreTimeException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"ExportConflictException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"ExportNotFoundException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"ImportConflictException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"ImportNotFoundException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"InvalidExportTimeException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"PointInTimeRecoveryUnavailableException", "com.amazonaws.dynamodb.v20120810#", "message",
     400},
    {"TableAlreadyExistsException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"TableNotFoundException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"ConditionalCheckFailedException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"DuplicateItemException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"ExpiredIteratorException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"IdempotentParameterMismatchException", "com.amazonaws.dynamodb.v20120810#", "Message", 400},
    {"ResourceInUseException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"ResourceNotFoundException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"LimitExceededException", "com.amazonaws.dynamodb.v20120810#", "message", 400},
    {"SerializationException", "com.amazon.coral.service#", "Message", 400},
    {"TransactionCanceledException", "com.amazonaws.dynamodb.v20120810#", "Message", 400},
    {"UnknownOperationException", "com.amazon.coral.service#", "message", 400},
    {"ValidationException", "com.amazon.coral.validate#", "message", 400},
};

struct Expected {
  unsigned status = 200;
  json::value body = json::object();
};

// "Type: message" as the service answers it.
Expected expand_error(std::string_view text) {
  const std::string_view name = text.substr(0, text.find(": "));
  const auto form = std::find_if(std::begin(error_forms), std::end(error_forms),
                                 [&](const ErrorForm& row) { return row.name == name; });
  if (form == std::end(error_forms))
    throw std::runtime_error("no such error: " + std::string(name));
  json::object body{{"__type", std::string(form->prefix) + std::string(name)}};
  if (name.size() < text.size()) body[form->message_field] = text.substr(name.size() + 2);
  return {form->status, std::move(body)};
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

// A copy of `value` in which "$i" stands for `number`.
json::value numbered(const json::value& value, std::int64_t number) {
  std::string text = json::serialize(value);
  replace_all(text, "$i", std::to_string(number));
  return json::parse(text);
}

json::value expand(const json::value& value);

json::value expand_helper(std::string_view name, const json::value& argument) {
  if (name == "$nest") {
    json::value nested{{"S", "x"}};
    for (std::int64_t i = 0; i < argument.as_int64(); ++i) {
      nested = json::value{{"M", json::object{{"m", std::move(nested)}}}};
    }
    return nested;
  }
  const json::array& arguments = argument.as_array();
  if (name == "$repeat") {
    std::string text;
    for (std::int64_t i = 0; i < arguments[1].as_int64(); ++i) text += arguments[0].as_string();
    return json::value(text);
  }
  if (name == "$join") {
    std::string text;
    for (std::int64_t i = 0; i < arguments[0].as_int64(); ++i) {
      if (i > 0) text += arguments[2].as_string();
      text += numbered(arguments[1], i).as_string();
    }
    return json::value(text);
  }
  if (name == "$concat") {
    std::string text;
    for (const json::value& part : arguments) text += expand(part).as_string();
    return json::value(text);
  }
  if (name != "$list") throw std::runtime_error("no such helper: " + std::string(name));
  json::array list;
  for (std::int64_t i = 0; i < arguments[0].as_int64(); ++i) {
    list.push_back(expand(numbered(arguments[1], i)));
  }
  return list;
}

// A copy of `value` with the helpers carried out.
json::value expand(const json::value& value) {
  if (const auto* array = value.if_array()) {
    json::array expanded;
    for (const json::value& element : *array) expanded.push_back(expand(element));
    return expanded;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return value;
  if (object->size() == 1 && object->begin()->key().starts_with('$')) {
    return expand_helper(object->begin()->key(), object->begin()->value());
  }
  json::object expanded;
  for (const auto& [name, member] : *object) expanded[name] = expand(member);
  return expanded;
}

// What cases have kept, by its name.
using Kept = std::map<std::string, std::string, std::less<>>;

// A copy of `value` in which "$kept:name" stands for what was kept under that name.
json::value with_kept(const json::value& value, const Kept& kept) {
  static const std::regex mark(R"(\$kept:([a-z_]+))");
  std::string text = json::serialize(value);
  if (text.find("$kept:") == std::string::npos) return value;
  std::smatch found;
  while (std::regex_search(text, found, mark)) {
    const auto known = kept.find(found[1].str());
    if (known == kept.end()) throw std::runtime_error("nothing was kept as " + found[1].str());
    text = found.prefix().str() + known->second + found.suffix().str();
  }
  return json::parse(text);
}

// The text under a path such as "Streams.0.StreamArn".
std::string text_at(const json::value& value, const std::string& path) {
  const json::value* at = &value;
  std::istringstream steps(path);
  for (std::string step; std::getline(steps, step, '.');) {
    at = at->is_array() ? &at->as_array().at(std::stoul(step)) : &at->as_object().at(step);
  }
  return std::string(at->as_string());
}

// Whether `text` is `pattern`, in which "$*" stands for anything.
bool matches_text(std::string_view pattern, std::string_view text) {
  constexpr std::string_view anything = "$*";
  const auto at = pattern.find(anything);
  if (at == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, at))) return false;
  const std::string_view rest = pattern.substr(at + anything.size());
  for (std::size_t begin = at; begin <= text.size(); ++begin) {
    if (matches_text(rest, text.substr(begin))) return true;
  }
  return false;
}

bool matches_string(std::string_view expected, const json::value& actual) {
  if (expected == "$any") return true;
  if (expected == "$any_number") return actual.is_number();
  if (!actual.is_string()) return false;
  if (expected == "$any_string") return true;
  if (expected == "$uuid") {
    static const std::regex uuid(
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    return std::regex_match(std::string(actual.as_string()), uuid);
  }
  return matches_text(expected, actual.as_string());
}

bool matches(const json::value& expected, const json::value& actual, bool any_order);

bool matches_array(const json::array& expected, const json::array& actual, bool any_order) {
  if (expected.size() != actual.size()) return false;
  std::vector<const json::value*> left;
  for (const json::value& element : actual) left.push_back(&element);
  for (const json::value& element : expected) {
    const auto end = any_order ? left.end() : left.begin() + 1;
    const auto found = std::find_if(left.begin(), end, [&](const json::value* candidate) {
      return matches(element, *candidate, any_order);
    });
    if (found == end) return false;
    left.erase(found);
  }
  return true;
}

bool matches(const json::value& expected, const json::value& actual, bool any_order) {
  if (const auto* text = expected.if_string()) return matches_string(*text, actual);
  if (expected.is_number()) {
    return actual.is_number() && expected.to_number<double>() == actual.to_number<double>();
  }
  if (const auto* array = expected.if_array()) {
    return actual.is_array() && matches_array(*array, actual.as_array(), any_order);
  }
  const auto* object = expected.if_object();
  if (object == nullptr) return expected == actual;
  if (!actual.is_object() || object->size() != actual.as_object().size()) return false;
  return std::all_of(object->begin(), object->end(), [&](const auto& member) {
    const json::value* found = actual.as_object().if_contains(member.key());
    return found != nullptr && matches(member.value(), *found, any_order);
  });
}

// A misspelt member would make a case test something else than it says.
void check_members(const json::object& test_case) {
  constexpr std::string_view known[] = {
      "name",   "call",      "send",   "raw",      "raw_bytes", "answer",  "error",   "error_item",
      "status", "any_order", "follow", "segments", "source",    "pending", "reasons", "keep"};
  for (const auto& member : test_case) {
    if (std::find(std::begin(known), std::end(known), member.key()) == std::end(known)) {
      throw std::runtime_error("no such member of a case: " + std::string(member.key()));
    }
  }
}

bool flag(const json::object& test_case, std::string_view name) {
  const json::value* value = test_case.if_contains(name);
  return value != nullptr && value->as_bool();
}

// JSON for a failure's message: of big data only the two ends.
std::string format(const json::value& value) {
  constexpr std::size_t length_max = 3000;
  std::string text = json::serialize(value);
  if (text.size() <= length_max) return text;
  return text.substr(0, length_max / 2) + " … " + text.substr(text.size() - length_max / 2);
}

// Answers requests in one of the two ways there are.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Response call(std::string_view operation, std::string_view body) = 0;
};

class InProcess : public Transport {
 public:
  Response call(std::string_view operation, std::string_view body) override {
    return emulator_.call(operation, body);
  }

 private:
  Emulator emulator_{{.http = false}};
};

class OverHttp : public Transport {
 public:
  Response call(std::string_view operation, std::string_view body) override {
    HttpResponse response = client_.send(signed_request(operation, body));
    static const std::regex request_id("[0-9A-Z]{52}");
    EXPECT_TRUE(std::regex_match(response.header("x-amzn-requestid"), request_id));
    EXPECT_EQ(response.header("content-type"), "application/x-amz-json-1.0");
    boost::crc_32_type checksum;
    checksum.process_bytes(response.body.data(), response.body.size());
    EXPECT_EQ(response.header("x-amz-crc32"), std::to_string(checksum.checksum()));
    return {response.status, std::move(response.body)};
  }

 private:
  Emulator emulator_;
  HttpClient client_{emulator_.port()};
};

std::vector<std::string> table_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(PAGETURNER_TESTS_DIR "/api")) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

json::value read_table(const std::string& name) {
  std::ifstream file(PAGETURNER_TESTS_DIR "/api/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

// A text whose characters stand for bytes, as those bytes.
std::string bytes_of(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    // U+0080 to U+00FF take two bytes of UTF-8.
    bytes +=
        first < 0x80
            ? text[i]
            : static_cast<char>((first & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F));
  }
  return bytes;
}

class ApiTest : public ::testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  ApiTest() {
    if (std::get<1>(GetParam()) == "http") {
      transport_ = std::make_unique<OverHttp>();
    } else {
      transport_ = std::make_unique<InProcess>();
    }
  }

  static void TearDownTestSuite() {
    if (pending_cases > 0) std::cout << "[ PENDING  ] " << pending_cases << " cases in all\n";
  }

  // An answer's status and body. A body that is no JSON is a string.
  Expected ask(std::string_view operation, std::string_view body) {
    const Response response = transport_->call(operation, body);
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 1000;  // an item of 32 levels has more than the default
    json::value parsed = json::parse(response.body, error, {}, options);
    return {response.http_status, error ? json::value(response.body) : std::move(parsed)};
  }

  Expected ask(const json::object& test_case) {
    const std::string operation(test_case.at("call").as_string());
    if (const auto* raw = test_case.if_contains("raw")) return ask(operation, raw->as_string());
    if (const auto* raw = test_case.if_contains("raw_bytes")) {
      return ask(operation, bytes_of(raw->as_string()));
    }
    return ask(operation, json::serialize(expand(test_case.at("send"))));
  }

  Expected follow_pages(const json::object& test_case);
  void follow_pages(std::string_view operation, json::object request, json::object& all,
                    unsigned& status);
  void run_case(const json::object& test_case);

  void keep(const json::object& test_case, const json::value& response);

  static inline int pending_cases = 0;
  Kept kept_;
  std::unique_ptr<Transport> transport_;
};

// Adds the pages of `request` to `all`.
void ApiTest::follow_pages(std::string_view operation, json::object request, json::object& all,
                           unsigned& status) {
  constexpr std::int64_t pages_max = 1000;
  while (all["Pages"].as_int64() < pages_max) {
    Expected page = ask(operation, json::serialize(request));
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

Expected ApiTest::follow_pages(const json::object& test_case) {
  const std::string operation(test_case.at("call").as_string());
  json::object request = expand(test_case.at("send")).as_object();
  json::object all{{"Items", json::array()}, {"Count", 0}, {"ScannedCount", 0}, {"Pages", 0}};
  unsigned status = 200;
  const json::value* segments = test_case.if_contains("segments");
  if (segments == nullptr) {
    follow_pages(operation, std::move(request), all, status);
  } else {
    request["TotalSegments"] = *segments;
    for (std::int64_t i = 0; i < segments->as_int64() && status == 200; ++i) {
      request["Segment"] = i;
      follow_pages(operation, request, all, status);
    }
  }
  return {status, std::move(all)};
}

// Keeps from `answer` what the case says.
void ApiTest::keep(const json::object& test_case, const json::value& response) {
  const auto* names = test_case.if_contains("keep");
  if (names == nullptr) return;
  for (const auto& [name, path] : names->as_object()) {
    kept_[name] = text_at(response, std::string(path.as_string()));
  }
}

void ApiTest::run_case(const json::object& test_case) {
  Expected expected;
  if (const auto* error = test_case.if_contains("error")) {
    expected = expand_error(error->as_string());
    if (const auto* item = test_case.if_contains("error_item")) {
      expected.body.as_object()["Item"] = *item;
    }
    if (const auto* reasons = test_case.if_contains("reasons")) {
      expected.body.as_object()["CancellationReasons"] = *reasons;
    }
  } else if (const auto* response = test_case.if_contains("answer")) {
    expected.body = expand(*response);
  }
  if (const auto* status = test_case.if_contains("status")) {
    expected.status = static_cast<unsigned>(status->as_int64());
  }
  const Expected actual = flag(test_case, "follow") ? follow_pages(test_case) : ask(test_case);
  if (actual.status == expected.status &&
      matches(expected.body, actual.body, flag(test_case, "any_order"))) {
    keep(test_case, actual.body);
    return;
  }
  ADD_FAILURE() << std::get<0>(GetParam()) << ".json: " << test_case.at("name").as_string()
                << "\nexpected: " << expected.status << " " << format(expected.body)
                << "\nactual:   " << actual.status << " " << format(actual.body);
}

TEST_P(ApiTest, AnswersAsRecorded) {
  const json::value table = read_table(std::get<0>(GetParam()));
  if (const auto* setup = table.as_object().if_contains("setup")) {
    for (const json::value& step : setup->as_array()) {
      const Expected actual = ask(step.as_object());
      ASSERT_EQ(actual.status, 200U) << format(step) << "\n" << format(actual.body);
    }
  }
  const bool run_pending = std::getenv("PAGETURNER_RUN_PENDING") != nullptr;
  for (const json::value& value : table.at("cases").as_array()) {
    const json::object& test_case = value.as_object();
    SCOPED_TRACE(std::string(test_case.at("name").as_string()));
    check_members(test_case);
    if (const auto* reason = test_case.if_contains("pending"); reason != nullptr && !run_pending) {
      ++pending_cases;
      std::cout << "[ PENDING  ] " << std::get<0>(GetParam())
                << ".json: " << test_case.at("name").as_string().c_str() << ": "
                << reason->as_string().c_str() << "\n";
      continue;
    }
    run_case(with_kept(test_case, kept_).as_object());
  }
}

INSTANTIATE_TEST_SUITE_P(Api, ApiTest,
                         ::testing::Combine(::testing::ValuesIn(table_names()),
                                            ::testing::Values("http", "in_process")),
                         [](const auto& test) {
                           return std::get<0>(test.param) + "_" + std::get<1>(test.param);
                         });

}  // namespace
}  // namespace pageturner
