// Why: whatever a client asks, the answer is JSON and no internal error, and whatever it writes,
// items, index entries and counts agree. A line is a request: its first byte, A to N, chooses the
// operation, the rest is the body. The lines of an input see what those before them did; every
// input starts with the same tables.
#include <array>
#include <memory>

#include "protocol/json.h"
#include "server/service.h"
#include "storage/database.h"
#include "storage/index_changes.h"
#include "storage/stored_item.h"
#include "tests/fuzz/fuzz.h"

namespace ddb {
namespace {

struct OperationName {
  std::string_view name;
  bool writes;
};
constexpr std::array<OperationName, 14> operations = {{{"BatchGetItem", false},
                                                       {"BatchWriteItem", true},
                                                       {"CreateTable", true},
                                                       {"DeleteItem", true},
                                                       {"DeleteTable", true},
                                                       {"DescribeEndpoints", false},
                                                       {"DescribeLimits", false},
                                                       {"DescribeTable", false},
                                                       {"GetItem", false},
                                                       {"ListTables", false},
                                                       {"PutItem", true},
                                                       {"Query", false},
                                                       {"Scan", false},
                                                       {"UpdateItem", true}}};

struct SetupRow {
  std::string_view operation;
  std::string_view body;
};
// "Tbl" has a local and two global indexes, one of each projection; "Hash" has a hash key only;
// "Many" has an index with two attributes on both sides of its key.
constexpr SetupRow setup[] = {
    {"CreateTable",
     R"({"TableName":"Tbl","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},
         {"AttributeName":"l","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"},
         {"AttributeName":"b","AttributeType":"B"}],"KeySchema":[
         {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
         "LocalSecondaryIndexes":[{"IndexName":"Loc","KeySchema":[
         {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}],
         "Projection":{"ProjectionType":"KEYS_ONLY"}}],
         "GlobalSecondaryIndexes":[{"IndexName":"Glo","KeySchema":[
         {"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
         "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["n"]}},
         {"IndexName":"All","KeySchema":[{"AttributeName":"b","KeyType":"HASH"}],
         "Projection":{"ProjectionType":"ALL"}}]})"},
    {"CreateTable",
     R"({"TableName":"Hash","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"S"}],
         "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})"},
    {"CreateTable",
     R"({"TableName":"Many","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"B"},{"AttributeName":"p1","AttributeType":"S"},
         {"AttributeName":"p2","AttributeType":"N"},{"AttributeName":"s1","AttributeType":"N"},
         {"AttributeName":"s2","AttributeType":"S"}],
         "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
         "GlobalSecondaryIndexes":[{"IndexName":"Multi","KeySchema":[
         {"AttributeName":"p1","KeyType":"HASH"},{"AttributeName":"p2","KeyType":"HASH"},
         {"AttributeName":"s1","KeyType":"RANGE"},{"AttributeName":"s2","KeyType":"RANGE"}],
         "Projection":{"ProjectionType":"ALL"}}]})"},
    {"BatchWriteItem", R"({"RequestItems":{"Tbl":[
         {"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"N":"1"},"l":{"S":"a"},"g":{"S":"x"},
         "n":{"N":"5"},"b":{"B":"AAH/"},"m":{"M":{"x":{"N":"1"},"in":{"M":{"y":{"S":"deep"}}}}}}}},
         {"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"N":"2"},"l":{"S":"b"},"g":{"S":"x"},
         "list":{"L":[{"S":"a"},{"N":"1"}]},"ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]}}}},
         {"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"N":"-3.5"},"t":{"BOOL":true},
         "u":{"NULL":true},"bs":{"BS":["AA=="]}}}},
         {"PutRequest":{"Item":{"pk":{"S":"q"},"sk":{"N":"1"},"g":{"S":"y"},
         "l":{"S":"c"}}}}],
         "Hash":[{"PutRequest":{"Item":{"pk":{"S":"k"},"s":{"S":"text"}}}},
         {"PutRequest":{"Item":{"pk":{"S":"h"}}}}],
         "Many":[{"PutRequest":{"Item":{"pk":{"B":"AA=="},"p1":{"S":"a"},"p2":{"N":"1"},
         "s1":{"N":"1"},"s2":{"S":"x"}}}},
         {"PutRequest":{"Item":{"pk":{"B":"AQ=="},"p1":{"S":"a"},"p2":{"N":"1"},
         "s1":{"N":"1"},"s2":{"S":"y"}}}}]}})"}};

// A database with the tables above and what is asked of it.
class Server {
 public:
  Server() {
    for (const SetupRow& row : setup) {
      std::string out;
      require(service_.call(row.operation, row.body, out) == 200, "the tables can be made");
    }
  }

  unsigned call(std::string_view operation, std::string_view body, std::string& out) {
    return service_.call(operation, body, out);
  }

  // The keys and values of all tables and indexes.
  std::string dump() {
    std::string text;
    database_.engine().read_view()->walk(
        {"", "\xFF\xFF\xFF\xFF"}, Direction::forward,
        [&](std::string_view key, std::string_view value) {
          text.append(std::to_string(key.size())).append(key).append(value);
          return true;
        });
    for (const std::string& name : database_.catalog().names("", 10'000)) text += name + ",";
    return text;
  }

  // Holds entries of indexes and counts against the items of their tables.
  void check_tables() {
    for (const std::string& name : database_.catalog().names("", 10'000)) {
      check_table(*database_.catalog().find(name));
    }
  }

 private:
  void check_table(const Table& table);

  Database database_;
  Service service_{database_};
};

// What there should be in a space and what there is.
struct Total {
  std::int64_t count = 0;
  std::int64_t size_bytes = 0;

  void add(std::string_view stored) {
    ++count;
    size_bytes += static_cast<std::int64_t>(ItemView(stored).size_bytes());
  }
  bool operator==(const Total&) const = default;
};

Total counted(const Counters& counters) { return {counters.item_count, counters.size_bytes}; }

Total walked(const ReadView& view, SpaceId space) {
  Total total;
  view.walk(space_range(space), Direction::forward, [&](std::string_view, std::string_view value) {
    total.add(value);
    return true;
  });
  return total;
}

void Server::check_table(const Table& table) {
  const auto view = database_.engine().read_view();
  Total items;
  std::vector<Total> entries(table.indexes.size());
  view->walk(space_range(table.layout.space), Direction::forward,
             [&](std::string_view key, std::string_view value) {
               const ItemView item(value);
               const StoredItemSource source(item);
               require(encode_key(table.layout, source) == key, "an item stands under its key");
               items.add(value);
               for (std::size_t i = 0; i < entries.size(); ++i) {
                 const Index& index = *table.indexes[i];
                 const auto index_key = encode_key(index.layout, source);
                 if (!index_key) continue;
                 const auto entry = view->get(*index_key);
                 require(entry.has_value() && *entry == index_entry(index, item),
                         "an index has the entry of each item");
                 entries[i].add(*entry);
               }
               return true;
             });
  require(counted(*table.counters) == items, "a table's counts are those of its items");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Index& index = *table.indexes[i];
    require(walked(*view, index.layout.space) == entries[i], "an index has no other entries");
    require(counted(*index.counters) == entries[i], "an index's counts are those of its entries");
  }
}

// Refuses an answer that is none, and gives its JSON.
JsonDocument parse_answer(unsigned status, std::string_view text) {
  require(status == 200 || (status >= 400 && status < 500), "no request is an internal error");
  auto answer = JsonDocument::parse(text);
  require(answer.has_value() && answer->root().is_object(), "an answer is a JSON object");
  require(answer->root().find("__type").has_value() == (status != 200), "an error has its type");
  return std::move(*answer);
}

// `body` with the start key that `answer` gives.
std::string resumed(JsonValue body, JsonValue last_key) {
  std::string text = "{\"ExclusiveStartKey\":";
  last_key.write(text);
  for (std::size_t i = 0; i < body.size(); ++i) {
    const auto [name, value] = body.member(i);
    if (name == "ExclusiveStartKey") continue;
    text += ',';
    append_json_string(text, name);
    text += ':';
    value.write(text);
  }
  return text += '}';
}

void check_read(Server& server, std::string_view operation, JsonValue body, unsigned status,
                std::string_view answer_text, JsonValue answer) {
  std::string compact;
  body.write(compact);
  std::string out;
  const unsigned again = server.call(operation, compact, out);
  require(again == status, "white space does not count");
  require(status != 200 || out == answer_text, "a read has one answer");
  const auto last_key = answer.find("LastEvaluatedKey");
  if (!last_key) return;
  out.clear();
  require(server.call(operation, resumed(body, *last_key), out) == 200,
          "a page's last key starts the next page");
}

void check_write(Server& server, unsigned status, const std::string& before) {
  if (status == 200) return server.check_tables();
  require(server.dump() == before, "what is refused changes nothing");
}

// Gives whether the request may have changed the tables.
bool run_request(Server& server, std::string_view line) {
  const auto& [operation, writes] =
      operations[static_cast<unsigned char>(line.front() - 'A') % operations.size()];
  const std::string_view body = line.substr(1);
  const std::string before = writes ? server.dump() : "";
  std::string text = "before";
  const unsigned status = server.call(operation, body, text);
  require(text.starts_with("before"), "an answer is appended");
  text.erase(0, 6);
  const JsonDocument answer = parse_answer(status, text);
  const auto document = JsonDocument::parse(body);
  require(document.has_value() || status == 400, "what is no JSON is refused");
  if (writes) {
    check_write(server, status, before);
    return status == 200;
  }
  if (document) check_read(server, operation, document->root(), status, text, answer.root());
  return false;
}

}  // namespace

void fuzz_one(std::string_view input) {
  // Made anew only after an input that changed it: making it costs more than most requests.
  static std::unique_ptr<Server> server;
  if (server == nullptr) server = std::make_unique<Server>();
  bool changed = false;
  for (const std::string_view line : split(input, '\n')) {
    if (!line.empty() && run_request(*server, line)) changed = true;
  }
  if (changed) server.reset();
}

}  // namespace ddb
