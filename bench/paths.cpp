#include "bench/paths.h"

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "bench/service_load.h"
#include "protocol/attribute_value_json.h"
#include "protocol/expression/compile.h"
#include "protocol/expression/condition.h"
#include "server/http/http_limits.h"
#include "server/http/request_reader.h"
#include "server/http/response_head.h"
#include "storage/engine/memory_engine.h"
#include "storage/key_codec.h"
#include "storage/stored_item.h"

namespace pageturner {
namespace {

constexpr unsigned partitions = 1'000;

// Makes the compiler treat `value` as used, so that it does not remove its computation.
template <class Value>
void keep(const Value& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

template <class T>
T take(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

JsonDocument json(std::string_view text) { return take(JsonDocument::parse(text)); }

Item item() { return take(parse_item(json("{" + item_members(42, 7) + "}").root())); }

constexpr std::string_view condition_text =
    "attribute_exists(#c) AND #k BETWEEN :low AND :high AND (begins_with(note, :note) OR "
    "address.city = :city)";

Placeholders condition_placeholders() {
  const JsonDocument names = json(R"({"#c":"customer","#k":"kind"})");
  const JsonDocument values =
      json(R"({":low":{"N":"3"},":high":{"N":"8"},":note":{"S":"Ring"},":city":{"S":"Utrecht"}})");
  return take(Placeholders::parse(names.root(), values.root()));
}

std::function<void()> encode_keys() {
  const KeyLayout layout = {
      1, {{"customer", ScalarType::s}}, {{"order", ScalarType::s}, {"total", ScalarType::n}}, {}};
  return [layout, source = item()] { keep(encode_key(layout, ItemSource(source))); };
}

std::function<void()> decode_keys() {
  const KeyLayout layout = {
      1, {{"customer", ScalarType::s}}, {{"order", ScalarType::s}, {"total", ScalarType::n}}, {}};
  return [layout, key = *encode_key(layout, ItemSource(item()))] { keep(decode_key(layout, key)); };
}

std::function<void()> build_stored_items() {
  return [source = item()] { keep(encode_stored_item(source)); };
}

std::function<void()> read_stored_items() {
  return [stored = encode_stored_item(item())] { keep(decode_stored_item(ItemView(stored))); };
}

std::function<void()> compile_conditions() {
  return [placeholders = condition_placeholders()]() mutable {
    keep(compile_condition(ExpressionParameter::condition, condition_text, placeholders));
  };
}

std::function<void()> evaluate_conditions() {
  Placeholders placeholders = condition_placeholders();
  return [stored = encode_stored_item(item()),
          condition = take(
              compile_condition(ExpressionParameter::condition, condition_text, placeholders))] {
    keep(evaluate_condition(condition, StoredItemSource(ItemView(stored))));
  };
}

// A filter that compares two sets of 2,000 members, equal but for the last one, 1,881 times, and
// searches for a text that is nearly everywhere.
std::function<void()> evaluate_costly_conditions() {
  Item item;
  StringSet set;
  for (int i = 0; i < 2'000; ++i) set.members.push_back(std::to_string(10'000 + i));
  item["b"] = {set};
  set.members.back() += 'x';
  item["a"] = {set};
  item["t"] = {std::string(20'000, 'a')};
  const std::string value = R"({":v":{"S":")" + std::string(10'000, 'a') + "b\"}}";
  const JsonDocument values = json(value);
  Placeholders placeholders = take(Placeholders::parse(std::nullopt, values.root()));
  std::string text = "NOT contains(t, :v)";
  for (int i = 0; i < 19; ++i) {
    text += " AND NOT a IN (b";
    for (int j = 0; j < 98; ++j) text += ",b";
    text += ')';
  }
  return [stored = encode_stored_item(item),
          condition = PreparedCondition(
              take(compile_condition(ExpressionParameter::filter, text, placeholders)))] {
    keep(condition.evaluate(StoredItemSource(ItemView(stored))));
  };
}

// The CPU cost of HTTP inside the process, without sockets: framing of the request, and the head of
// a response of 300 bytes.
std::function<void()> frame_requests() {
  const std::string body = R"({"TableName":"orders","Key":{)" + key_members(42, 7) + "}}";
  const RequestHead head = signed_head("DynamoDB_20120810.GetItem");
  std::string bytes =
      "POST / HTTP/1.1\r\nHost: " + std::string(head.host) +
      "\r\nAccept-Encoding: identity\r\nX-Amz-Target: " + std::string(head.target) +
      "\r\nContent-Type: " + std::string(head.content_type) +
      "\r\nUser-Agent: Boto3/1.26.27 Python/3.11.2\r\nX-Amz-Date: " + std::string(head.amz_date) +
      "\r\nAuthorization: " + std::string(head.authorization) +
      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return [bytes = std::move(bytes), reader = std::make_shared<RequestReader>(),
          out = std::string()]() mutable {
    const auto unused = reader->prepare();
    std::memcpy(unused.data(), bytes.data(), bytes.size());
    reader->commit(bytes.size());
    if (reader->next() != RequestReader::State::complete) throw std::runtime_error("not framed");
    out.assign(http_limits::head_room_bytes + 300, 'x');
    keep(complete_response(out, 0, {.content_type = "application/x-amz-json-1.0"}, {}));
    if (reader->next() != RequestReader::State::incomplete) throw std::runtime_error("not framed");
  };
}

// An engine with a keyspace of 10,000 entries of 300 bytes.
std::shared_ptr<MemoryEngine> filled_engine() {
  auto engine = std::make_shared<MemoryEngine>();
  for (unsigned i = 0; i < 10'000; ++i) {
    WriteBatch batch;
    batch.put(1, key_members(i, 0), std::string(300, 'v'));
    engine->commit(std::move(batch));
  }
  return engine;
}

std::function<void()> open_views() {
  return [engine = filled_engine()] { keep(engine->read_view()); };
}

// A commit while a view exists, which makes it copy the nodes that it changes.
std::function<void()> commit_beside_views() {
  return [engine = filled_engine(), i = 0u]() mutable {
    const auto view = engine->read_view();
    WriteBatch batch;
    batch.put(1, key_members(i++ * 389 % 10'000, 0), std::string(300, 'w'));
    engine->commit(std::move(batch));
  };
}

std::function<void()> walk_entries() {
  return [engine = filled_engine()] {
    std::size_t bytes = 0;
    engine->read_view()->walk(1, {}, Direction::forward,
                              [&](std::string_view key, std::string_view value) {
                                bytes += key.size() + value.size();
                                return true;
                              });
    keep(bytes);
  };
}

// A path through the service: sends the requests body(0), body(1), … in order.
std::function<void()> requests(std::string_view target, std::string (*body)(unsigned i)) {
  // One instance for all paths: all need the same tables, and the writes do not change their size.
  static ServiceLoad load(partitions);
  // Several requests, so that consecutive responses do not read the same memory.
  std::vector<std::string> bodies;
  for (unsigned i = 0; i < 500; ++i) bodies.push_back(body(i));
  return [head = signed_head(target), bodies = std::move(bodies), i = std::size_t{0},
          out = std::string()]() mutable { load.run(head, bodies[i++ % bodies.size()], out); };
}

// Visits the partitions in a fixed order that is not the numeric one.
unsigned customer(unsigned i) { return i * 389 % partitions; }
unsigned order(unsigned i) { return i % items_a_partition; }

std::function<void()> get_items() {
  return requests("DynamoDB_20120810.GetItem", [](unsigned i) {
    return R"({"TableName":"orders","Key":{)" + key_members(customer(i), order(i)) + "}}";
  });
}

std::function<void()> put_items() {
  return requests("DynamoDB_20120810.PutItem", [](unsigned i) {
    return R"({"TableName":"orders","Item":{)" + item_members(customer(i), order(i)) + "}}";
  });
}

std::function<void()> update_items() {
  return requests("DynamoDB_20120810.UpdateItem", [](unsigned i) {
    return R"({"TableName":"orders","Key":{)" + key_members(customer(i), order(i)) +
           R"(},"UpdateExpression":"SET #v = #v + :one, note = :note","ExpressionAttributeNames":)"
           R"({"#v":"version"},"ExpressionAttributeValues":{":one":{"N":"1"},":note":{"S":)"
           R"("Leave it with the neighbours if nobody is in"}}})";
  });
}

std::function<void()> query_partitions() {
  return requests("DynamoDB_20120810.Query", [](unsigned i) {
    const std::string key = key_members(customer(i), 0);
    return R"({"TableName":"orders","KeyConditionExpression":"customer = :c",)"
           R"("ExpressionAttributeValues":{":c")" +
           key.substr(key.find(':'), key.find(',') - key.find(':')) + "}}";
  });
}

constexpr std::string_view page_of = R"({"TableName":"pages","KeyConditionExpression":)"
                                     R"("customer = :c","ExpressionAttributeValues":{":c":{"S":)"
                                     R"("customer-00000000"})";

std::function<void()> query_page() {
  return requests("DynamoDB_20120810.Query", [](unsigned) { return std::string(page_of) + "}}"; });
}

std::function<void()> query_page_filtered() {
  return requests("DynamoDB_20120810.Query", [](unsigned) {
    return std::string(page_of) + R"(,":kind":{"N":"3"}},"FilterExpression":"kind = :kind"})";
  });
}

std::function<void()> query_page_projected() {
  return requests("DynamoDB_20120810.Query", [](unsigned) {
    return std::string(page_of) + R"(},"ProjectionExpression":"note,kind"})";
  });
}

std::function<void()> query_page_counted() {
  return requests("DynamoDB_20120810.Query",
                  [](unsigned) { return std::string(page_of) + R"(},"Select":"COUNT"})"; });
}

}  // namespace

const std::vector<BenchPath>& bench_paths() {
  static const std::vector<BenchPath> paths = {
      {"key-encode", 1'000, encode_keys},
      {"key-decode", 1'000, decode_keys},
      {"stored-item-build", 1'000, build_stored_items},
      {"stored-item-read", 1'000, read_stored_items},
      {"condition-compile", 1'000, compile_conditions},
      {"condition-evaluate", 1'000, evaluate_conditions},
      {"condition-costly", 100, evaluate_costly_conditions},
      {"http-frame", 1'000, frame_requests},
      {"engine-view", 1'000, open_views},
      {"engine-commit-beside-view", 1'000, commit_beside_views},
      {"engine-walk", 10, walk_entries},
      {"get-item", 1'000, get_items},
      {"put-item", 1'000, put_items},
      {"update-item", 1'000, update_items},
      {"query-10", 500, query_partitions},
      {"query-page", 10, query_page},
      {"query-page-filter", 10, query_page_filtered},
      {"query-page-projection", 10, query_page_projected},
      {"query-page-count", 10, query_page_counted},
  };
  return paths;
}

}  // namespace pageturner
