// Why: exact paging is the main goal of this project. Random tables, indexes, ties, item sizes,
// limits, filters, directions and segments, with writes between pages, are compared page by page
// with a naive model. Source of the rules: guide, "Paginating table query results".
//
// PAGETURNER_MODEL_PAGES sets the number of pages (100,000), PAGETURNER_MODEL_SEED the first seed.
// A failure prints the seed of its table; a run with that seed reproduces it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <set>

#include "pageturner/emulator.h"
#include "tests/model/environment.h"
#include "tests/model/page_model.h"

namespace pageturner::model {
namespace {

namespace json = boost::json;

using Entries = std::vector<const ItemModel*>;

// The number of compared pages by what ended them.
struct PageCounts {
  std::size_t by_limit = 0;
  std::size_t by_size = 0;
  std::size_t by_end = 0;

  std::size_t total() const { return by_limit + by_size + by_end; }
};

// A table, its model, and the Queries and Scans that read it.
class TableRun {
 public:
  TableRun(Emulator& emulator, std::uint64_t seed, int number, PageCounts& pages)
      : random_(seed), emulator_(emulator), table_(draw_table(random_, number)), pages_(pages) {}

  // Fills the table, reads it with all kinds of requests, and deletes it.
  void go();

 private:
  // One Query or Scan, read to its end.
  struct Walk {
    const SourceModel* source = nullptr;
    std::optional<std::vector<int>> partition;  // set for a Query, absent for a Scan
    json::object request;                       // the parameters of all its pages
    bool forward = true;
    std::optional<int> filler_below;
    bool keys_only_projected = false;
    bool count_only = false;
    // The ranks of the leading sort attributes with equality, and the bounds of the next one.
    std::vector<int> sort_equal;
    int lowest = 0;
    int highest = 1'000'000;
  };

  json::object call(const char* operation, const json::object& request);
  void put(const ItemModel& item);
  void erase_random_item();
  void change_between_pages();
  Walk draw_query(const SourceModel& source);
  Walk draw_scan(const SourceModel& source);
  void draw_presentation(Walk& walk);
  void add_sort_condition(Walk& walk, std::string& condition, json::object& values);
  bool reads(const Walk& walk, const ItemModel& item) const;
  std::vector<int> position(const Walk& walk, const ItemModel& item) const;
  Entries entries_after(const Walk& walk, const std::optional<ItemModel>& start) const;
  void read_walk(Walk walk, bool with_changes);
  void check_page(const Walk& walk, const PageModel& expected, const json::object& response);
  void read_segments(const SourceModel& source);
  void check_counts();

  int draw(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  std::mt19937_64 random_;
  Emulator& emulator_;
  TableModel table_;
  PageCounts& pages_;
};

json::object TableRun::call(const char* operation, const json::object& request) {
  const Response response = emulator_.call(operation, json::serialize(request));
  EXPECT_EQ(response.http_status, 200U)
      << operation << ' ' << response.body << ' ' << json::serialize(request).substr(0, 2000);
  return json::parse(response.body).as_object();
}

void TableRun::put(const ItemModel& item) {
  call("PutItem", {{"TableName", table_.table_name}, {"Item", table_.item_json(item)}});
  const std::size_t at = table_.find_same_key(item);
  if (at < table_.items.size()) {
    table_.items[at] = item;
  } else {
    table_.items.push_back(item);
  }
}

void TableRun::erase_random_item() {
  if (table_.items.empty()) return;
  const auto at = table_.items.begin() + draw(0, static_cast<int>(table_.items.size()) - 1);
  call("DeleteItem", {{"TableName", table_.table_name}, {"Key", table_.key_json(*at)}});
  table_.items.erase(at);
}

void TableRun::change_between_pages() {
  for (int i = draw(0, 2); i > 0; --i) {
    if (draw(0, 1) == 0) {
      put(draw_item(random_, table_));
    } else {
      erase_random_item();
    }
  }
}

void TableRun::draw_presentation(Walk& walk) {
  const SourceModel& source = *walk.source;
  walk.request["TableName"] = table_.table_name;
  if (!source.index_name.empty()) walk.request["IndexName"] = source.index_name;
  json::object names;
  if (source.held != Held::keys_only && draw(0, 2) == 0) {
    walk.filler_below = draw(1, 9);
    walk.request["FilterExpression"] = "#filler < :below";
    walk.request["ExpressionAttributeValues"].emplace_object()[":below"] = {
        {"N", std::to_string(*walk.filler_below)}};
    names["#filler"] = "f";
  }
  const int shown = draw(0, 5);
  if (shown == 0) {
    walk.count_only = true;
    walk.request["Select"] = "COUNT";
  } else if (shown < 4) {
    // Only keys: they identify the expected items, and large items would make the test slow.
    walk.keys_only_projected = true;
    const bool has_sort = !table_.table.sort.empty();
    walk.request["ProjectionExpression"] = has_sort ? "#partition, #sort" : "#partition";
    names["#partition"] = "p";
    if (has_sort) names["#sort"] = "s";
  }
  if (!names.empty()) walk.request["ExpressionAttributeNames"] = names;
}

// Adds a condition on the first sort attributes: equality on all but the last of them.
void TableRun::add_sort_condition(Walk& walk, std::string& condition, json::object& values) {
  const auto& sort = walk.source->sort;
  const int conditions = draw(0, static_cast<int>(sort.size()));
  for (int i = 0; i < conditions; ++i) {
    const auto& attribute = table_.attributes.at(sort[static_cast<std::size_t>(i)]);
    const int rank = draw(0, static_cast<int>(attribute.values.size()) - 1);
    const std::string bound = ":s" + std::to_string(i);
    values[bound] = attribute.values[static_cast<std::size_t>(rank)];
    condition += " AND " + attribute.name;
    const int kind = i + 1 < conditions ? 0 : draw(0, 5);
    switch (kind) {
      case 0:
        condition += " = " + bound;
        walk.sort_equal.push_back(rank);
        break;
      case 1:
        condition += " < " + bound;
        walk.highest = rank - 1;
        break;
      case 2:
        condition += " <= " + bound;
        walk.highest = rank;
        break;
      case 3:
        condition += " > " + bound;
        walk.lowest = rank + 1;
        break;
      case 4:
        condition += " >= " + bound;
        walk.lowest = rank;
        break;
      default: {
        const int upper = draw(rank, static_cast<int>(attribute.values.size()) - 1);
        values[":upper"] = attribute.values[static_cast<std::size_t>(upper)];
        condition += " BETWEEN " + bound + " AND :upper";
        walk.lowest = rank;
        walk.highest = upper;
      }
    }
  }
}

TableRun::Walk TableRun::draw_query(const SourceModel& source) {
  Walk walk{.source = &source};
  draw_presentation(walk);
  auto& values = walk.request["ExpressionAttributeValues"];
  if (values.is_null()) values = json::object();
  std::string condition;
  walk.partition.emplace();
  for (const auto& name : source.partition) {
    const auto& attribute = table_.attributes.at(name);
    const int rank = draw(0, static_cast<int>(attribute.values.size()) - 1);
    walk.partition->push_back(rank);
    if (!condition.empty()) condition += " AND ";
    condition += name + " = :" + name;
    values.as_object()[":" + name] = attribute.values[static_cast<std::size_t>(rank)];
  }
  add_sort_condition(walk, condition, values.as_object());
  walk.request["KeyConditionExpression"] = condition;
  walk.forward = draw(0, 1) == 0;
  walk.request["ScanIndexForward"] = walk.forward;
  return walk;
}

TableRun::Walk TableRun::draw_scan(const SourceModel& source) {
  Walk walk{.source = &source};
  draw_presentation(walk);
  return walk;
}

// Returns whether the range of the walk contains the item's entry.
bool TableRun::reads(const Walk& walk, const ItemModel& item) const {
  const SourceModel& source = *walk.source;
  if (!table_.in_source(item, source)) return false;
  if (walk.partition && table_.partition_key(item, source) != *walk.partition) return false;
  for (std::size_t i = 0; i < walk.sort_equal.size(); ++i) {
    if (item.rank(source.sort[i]) != walk.sort_equal[i]) return false;
  }
  if (walk.sort_equal.size() == source.sort.size()) return true;
  const int next = *item.rank(source.sort[walk.sort_equal.size()]);
  return walk.lowest <= next && next <= walk.highest;
}

// Returns the ranks that order the entries of a walk.
std::vector<int> TableRun::position(const Walk& walk, const ItemModel& item) const {
  std::vector<int> key = table_.order_key(item, *walk.source);
  if (!walk.partition) {
    const std::vector<int> partition = table_.partition_order_key(item, *walk.source);
    key.insert(key.begin(), partition.begin(), partition.end());
  }
  return key;
}

// Returns the current entries of the walk in its direction, strictly after `start`.
Entries TableRun::entries_after(const Walk& walk, const std::optional<ItemModel>& start) const {
  std::vector<std::pair<std::vector<int>, const ItemModel*>> sorted;
  for (const ItemModel& item : table_.items) {
    if (!reads(walk, item)) continue;
    auto place = position(walk, item);
    if (start) {
      const auto from = position(walk, *start);
      if (walk.forward ? place <= from : place >= from) continue;
    }
    sorted.emplace_back(std::move(place), &item);
  }
  std::sort(sorted.begin(), sorted.end());
  if (!walk.forward) std::reverse(sorted.begin(), sorted.end());
  Entries entries;
  for (const auto& [place, item] : sorted) entries.push_back(item);
  return entries;
}

void TableRun::check_page(const Walk& walk, const PageModel& expected,
                          const json::object& response) {
  EXPECT_EQ(response.at("Count").to_number<std::size_t>(), expected.returned.size());
  EXPECT_EQ(response.at("ScannedCount").to_number<std::size_t>(), expected.scanned);
  const auto* key = response.if_contains("LastEvaluatedKey");
  ASSERT_EQ(key != nullptr, expected.last != nullptr);
  if (key != nullptr) {
    EXPECT_EQ(*key, json::value(table_.last_evaluated_key(*expected.last, *walk.source)));
  }
  if (walk.count_only) {
    EXPECT_FALSE(response.contains("Items"));
    return;
  }
  const auto& items = response.at("Items").as_array();
  ASSERT_EQ(items.size(), expected.returned.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const ItemModel& item = *expected.returned[i];
    if (walk.keys_only_projected) {
      EXPECT_EQ(items[i], json::value(table_.key_json(item)));
    } else if (walk.source->held == Held::all) {
      EXPECT_TRUE(items[i] == json::value(table_.item_json(item))) << "item " << i;
    } else {
      json::object shown = table_.last_evaluated_key(item, *walk.source);
      if (walk.source->held == Held::include_filler) {
        shown["f"] = {{"N", std::to_string(item.filler)}};
      }
      EXPECT_EQ(items[i], json::value(shown));
    }
  }
}

// Reads the pages of a walk to its end and compares each with the model.
void TableRun::read_walk(Walk walk, bool with_changes) {
  const bool scan = !walk.partition;
  const int usual_limit = draw(1, 40);
  std::optional<ItemModel> start;
  for (int number = 0; number < 400; ++number) {
    std::optional<std::size_t> limit;
    // A random mixture of pages that end at Limit and pages that end at 1 MB.
    if (draw(0, 4) > 0) limit = static_cast<std::size_t>(draw(1, usual_limit));
    if (limit) {
      walk.request["Limit"] = *limit;
    } else {
      walk.request.erase("Limit");
    }
    const PageModel expected =
        page_of(table_, *walk.source, entries_after(walk, start), limit, walk.filler_below);
    const json::object response = call(scan ? "Scan" : "Query", walk.request);
    ++(expected.last == nullptr    ? pages_.by_end
       : expected.scanned == limit ? pages_.by_limit
                                   : pages_.by_size);
    check_page(walk, expected, response);
    if (testing::Test::HasFailure()) return;
    if (expected.last == nullptr) return;
    start = *expected.last;
    walk.request["ExclusiveStartKey"] = response.at("LastEvaluatedKey");
    if (with_changes) change_between_pages();
  }
}

// Checks that the segments, read in order, give the same items as the whole Scan.
void TableRun::read_segments(const SourceModel& source) {
  Walk whole{.source = &source};
  const Entries expected = entries_after(whole, std::nullopt);
  const int total = std::array{2, 3, 7, 1000}[static_cast<std::size_t>(draw(0, 3))];
  json::object request{{"TableName", table_.table_name}, {"TotalSegments", total}};
  if (!source.index_name.empty()) request["IndexName"] = source.index_name;
  std::size_t seen = 0;
  for (int segment = 0; segment < total; ++segment) {
    request["Segment"] = segment;
    request.erase("ExclusiveStartKey");
    while (true) {
      request["Limit"] = draw(1, 60);
      const json::object response = call("Scan", request);
      for (const auto& item : response.at("Items").as_array()) {
        ASSERT_LT(seen, expected.size());
        const json::object key = table_.key_json(*expected[seen++]);
        for (const auto& [name, value] : key) EXPECT_EQ(item.as_object().at(name), value);
      }
      const auto* last = response.if_contains("LastEvaluatedKey");
      if (last == nullptr) break;
      request["ExclusiveStartKey"] = *last;
    }
  }
  EXPECT_EQ(seen, expected.size());
}

void TableRun::check_counts() {
  const json::object response = call("DescribeTable", {{"TableName", table_.table_name}});
  const auto& description = response.at("Table").as_object();
  const auto check = [&](const json::object& shown, const SourceModel& source, const char* size) {
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (const ItemModel& item : table_.items) {
      if (!table_.in_source(item, source)) continue;
      ++count;
      bytes += table_.entry_size_bytes(item, source);
    }
    EXPECT_EQ(shown.at("ItemCount").to_number<std::size_t>(), count) << source.index_name;
    EXPECT_EQ(shown.at(size).to_number<std::size_t>(), bytes) << source.index_name;
  };
  check(description, table_.table, "TableSizeBytes");
  for (const SourceModel& index : table_.indexes) {
    const char* list = index.is_global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes";
    for (const auto& shown : description.at(list).as_array()) {
      if (shown.as_object().at("IndexName") == json::value(index.index_name)) {
        check(shown.as_object(), index, "IndexSizeBytes");
      }
    }
  }
}

void TableRun::go() {
  call("CreateTable", table_.create_request());
  std::vector<const SourceModel*> sources = {&table_.table};
  for (const SourceModel& index : table_.indexes) sources.push_back(&index);
  for (int i = draw(0, table_.items_max); i > 0; --i) put(draw_item(random_, table_));
  for (const SourceModel* source : sources) {
    for (int i = 0; i < 12 && !testing::Test::HasFailure(); ++i) {
      read_walk(draw_query(*source), i % 2 == 1);
    }
    for (int i = 0; i < 4 && !testing::Test::HasFailure(); ++i) {
      read_walk(draw_scan(*source), i % 2 == 1);
    }
    if (!testing::Test::HasFailure()) read_segments(*source);
  }
  check_counts();
  call("DeleteTable", {{"TableName", table_.table_name}});
}

TEST(PagingModel, EveryPageMatchesTheModel) {
  const std::uint64_t wanted = number_from_environment("PAGETURNER_MODEL_PAGES", 100'000);
  std::uint64_t seed = number_from_environment("PAGETURNER_MODEL_SEED", std::random_device()());
  Emulator emulator({.http = false});
  PageCounts pages;
  for (int number = 0; pages.total() < wanted; ++number, ++seed) {
    SCOPED_TRACE("PAGETURNER_MODEL_SEED=" + std::to_string(seed));
    TableRun(emulator, seed, number, pages).go();
    ASSERT_FALSE(HasFailure()) << "PAGETURNER_MODEL_SEED=" << seed << " reproduces this";
  }
  std::cout << pages.total() << " pages: " << pages.by_limit << " ended by Limit, " << pages.by_size
            << " by 1 MB, " << pages.by_end << " by the end of the range\n";
}

}  // namespace
}  // namespace pageturner::model
