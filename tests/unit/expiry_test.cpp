// Why: an expired item must be deleted together with its index entries, and no other item may be. A
// wrong or missing entry in the expiry keyspace deletes live data or keeps expired data. Source:
// guide, "Using time to live (TTL) in DynamoDB"; recorded behaviour of the service; the contracts
// in storage/expiry.h and storage/expiry_sweep.h.
#include "storage/expiry.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storage/engine/memory_engine.h"
#include "storage/expiry_sweep.h"
#include "storage/item_writer.h"
#include "tests/support/all_entries.h"
#include "tests/support/forwarding_engine.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr std::int64_t now_seconds = 1'700'000'000;
constexpr std::int64_t five_years_seconds = 5LL * 365 * 24 * 60 * 60;

TableDescription described(std::string name, std::string attribute) {
  TableDescription table;
  table.name = std::move(name);
  table.key_schema = {{{"pk", ScalarType::s}}, {{"sk", ScalarType::n}}};
  IndexDescription index;
  index.name = "index";
  index.is_global = true;
  index.key_schema = {{{"g", ScalarType::s}}, {}};
  table.indexes.push_back(index);
  table.time_to_live_attribute = std::move(attribute);
  return table;
}

class Expiry : public testing::Test {
 protected:
  void SetUp() override { table_ = database_.catalog().add(described("Table", "ttl")).value(); }

  void write(const TablePointer& table, const std::string& pk, const std::string& rest,
             ItemChange::Kind kind = ItemChange::Kind::put) {
    const Item item = item_of(R"({"pk":{"S":")" + pk + R"("},"sk":{"N":"1"})" + rest + "}");
    const ItemChange change{kind, encode_stored_item(item)};
    const auto outcome = write_item(
        database_, {table, *encode_key(table->layout, ItemSource(item)),
                    [&](const StoredItemSource*) { return Result<ItemChange>(change); }});
    ASSERT_TRUE(outcome) << outcome.error().message;
  }
  void put(const std::string& pk, const std::string& rest = "") { write(table_, pk, rest); }
  void put_expiring(const std::string& pk, std::int64_t seconds) {
    put(pk, R"(,"ttl":{"N":")" + std::to_string(seconds) + R"("},"g":{"S":"g"})");
  }
  void erase(const std::string& pk) { write(table_, pk, "", ItemChange::Kind::erase); }

  void change_attribute(const std::string& attribute) {
    TableDescription wanted = table_->description;
    wanted.time_to_live_attribute = attribute;
    table_ = database_.change_table(table_, wanted).value();
  }

  // Runs a complete pass and returns the number of its steps.
  int sweep(std::int64_t at_milliseconds = now_seconds * 1000) {
    ExpirySweep pass(database_, at_milliseconds);
    int steps = 1;
    while (pass.step()) ++steps;
    return steps;
  }

  std::size_t entry_count(KeyspaceId space) {
    return count_entries(*database_.engine().read_view(), space);
  }
  std::size_t engine_size() { return count_all_entries(database_.engine()); }

  // Returns the partition keys of all items. Checks that the expiry keyspace, the index and the
  // counters agree with the items.
  std::set<std::string> items() {
    std::set<std::string> names;
    std::set<std::string> expected_entries;
    database_.engine().read_view()->walk(
        table_->layout.space, {}, Direction::forward,
        [&](std::string_view key, std::string_view value) {
          const ItemView view(value);
          names.insert(decode_stored_item(view).at("pk").as<std::string>());
          if (const auto entry = expiry_key(*table_, key, view)) expected_entries.insert(*entry);
          return true;
        });
    std::set<std::string> entries;
    database_.engine().read_view()->walk(table_->expiry_space, {}, Direction::forward,
                                         [&](std::string_view key, std::string_view value) {
                                           EXPECT_TRUE(value.empty());
                                           entries.emplace(key);
                                           return true;
                                         });
    EXPECT_EQ(entries, expected_entries);
    EXPECT_EQ(table_->counters->item_count, static_cast<std::int64_t>(names.size()));
    const Index& index = *table_->indexes.front();
    EXPECT_EQ(index.counters->item_count,
              static_cast<std::int64_t>(entry_count(index.layout.space)));
    return names;
  }

  using Names = std::set<std::string>;
  Database database_;
  TablePointer table_;
};

TEST_F(Expiry, IndexesOnlyItemsWithANumber) {
  put("none");
  put("number", R"(,"ttl":{"N":"1"})");
  put("negative", R"(,"ttl":{"N":"-1.5"})");
  put("text", R"(,"ttl":{"S":"1"})");
  put("truth", R"(,"ttl":{"BOOL":true})");
  put("set", R"(,"ttl":{"NS":["1"]})");
  put("inside", R"(,"m":{"M":{"ttl":{"N":"1"}}})");
  EXPECT_EQ(entry_count(table_->expiry_space), 2u);
  EXPECT_EQ(items().size(), 7u);
}

TEST_F(Expiry, IsUpdatedByEveryWrite) {
  const struct {
    const char* rest;
    std::size_t entries;
  } rows[] = {{"", 0},
              {R"(,"ttl":{"N":"1"})", 1},
              {R"(,"ttl":{"N":"2"})", 1},
              {R"(,"ttl":{"N":"2.0"},"more":{"S":"x"})", 1},
              {R"(,"ttl":{"S":"2"})", 0},
              {R"(,"ttl":{"N":"3"})", 1},
              {"", 0},
              {R"(,"ttl":{"N":"4"})", 1}};
  for (const auto& row : rows) {
    put("a", row.rest);
    EXPECT_EQ(entry_count(table_->expiry_space), row.entries) << row.rest;
    EXPECT_EQ(items(), Names{"a"});
  }
  erase("a");
  EXPECT_EQ(engine_size(), 0u);
}

TEST_F(Expiry, CanBeEnabledAndDisabledOnATableWithItems) {
  change_attribute("");
  EXPECT_FALSE(database_.catalog().has_time_to_live());
  for (int i = 0; i < 2500; ++i) {
    put("i" + std::to_string(i), i % 2 == 0 ? R"(,"ttl":{"N":"1"})" : R"(,"other":{"N":"1"})");
  }
  put("third", R"(,"other":{"N":"2"})");
  EXPECT_EQ(engine_size(), 2501u);
  change_attribute("ttl");
  EXPECT_TRUE(database_.catalog().has_time_to_live());
  EXPECT_EQ(entry_count(table_->expiry_space), 1250u);
  const KeyspaceId first = table_->expiry_space;
  change_attribute("ttl");  // a new version with the same keyspace
  EXPECT_EQ(table_->expiry_space, first);
  EXPECT_EQ(items().size(), 2501u);
  change_attribute("other");
  EXPECT_EQ(entry_count(first), 0u);
  EXPECT_EQ(entry_count(table_->expiry_space), 1251u);
  change_attribute("");
  EXPECT_EQ(engine_size(), 2501u);
  EXPECT_FALSE(database_.catalog().has_time_to_live());
}

TEST_F(Expiry, IsDeletedWithItsTable) {
  put_expiring("a", 1);
  EXPECT_EQ(engine_size(), 3u);
  EXPECT_TRUE(database_.drop_table(table_));
  EXPECT_EQ(engine_size(), 0u);
  EXPECT_FALSE(database_.catalog().has_time_to_live());
  EXPECT_EQ(sweep(), 1);
}

// An index and a time to live added by one change must not share a keyspace.
TEST_F(Expiry, UsesAnotherKeyspaceThanNewIndexes) {
  put_expiring("a", 1);
  TableDescription wanted = table_->description;
  wanted.time_to_live_attribute = "sk";
  IndexDescription index = wanted.indexes.front();
  index.name = "second";
  wanted.indexes.push_back(index);
  table_ = database_.change_table(table_, wanted).value();
  const TablePointer other = database_.catalog().add(described("Other", "ttl")).value();
  std::set<KeyspaceId> spaces;
  for (const TablePointer& table : {table_, other}) {
    spaces.insert(table->layout.space);
    spaces.insert(table->expiry_space);
    for (const auto& each : table->indexes) spaces.insert(each->layout.space);
  }
  EXPECT_EQ(spaces.size(), 7u);
  EXPECT_EQ(engine_size(), 4u);
}

TEST_F(Expiry, ExpiresWithinTheLastFiveYearsOnly) {
  const struct {
    const char* name;
    std::string time;
    bool goes;
  } rows[] = {
      {"a second ago", std::to_string(now_seconds - 1), true},
      {"just now", std::to_string(now_seconds - 1) + ".999", true},
      {"a fraction", std::to_string(now_seconds - 100) + ".5", true},
      {"an exponent", "169999999e1", true},
      {"now", std::to_string(now_seconds), false},
      {"in a moment", std::to_string(now_seconds) + ".001", false},
      {"tomorrow", std::to_string(now_seconds + 86'400), false},
      {"in milliseconds", std::to_string(now_seconds) + "000", false},
      {"never", "9.9e125", false},
      {"five years ago", std::to_string(now_seconds - five_years_seconds), true},
      {"longer ago", std::to_string(now_seconds - five_years_seconds - 1), false},
      {"1975", "157766400", false},
      {"1970", "0", false},
      {"before", "-1", false},
  };
  Names kept;
  for (const auto& row : rows) {
    put(row.name, R"(,"ttl":{"N":")" + row.time + R"("})");
    if (!row.goes) kept.insert(row.name);
  }
  put("text", R"(,"ttl":{"S":")" + std::to_string(now_seconds - 1) + R"("})");
  kept.insert("text");
  sweep();
  EXPECT_EQ(items(), kept);
  sweep(now_seconds * 1000 + 1);
  kept.erase("now");
  EXPECT_EQ(items(), kept);
}

TEST_F(Expiry, MayBeAKeyAttribute) {
  change_attribute("sk");  // 1 in every item: more than five years ago
  put("a");
  EXPECT_EQ(sweep(), 1);
  EXPECT_EQ(items(), Names{"a"});
  sweep(2000);
  EXPECT_EQ(items(), Names{});
  change_attribute("pk");  // a string in every item: never expires
  put("2");
  EXPECT_EQ(entry_count(table_->expiry_space), 0u);
  sweep(3000);
  EXPECT_EQ(items(), Names{"2"});
}

TEST_F(Expiry, SweepsInSteps) {
  constexpr std::size_t step = ExpirySweep::items_per_step;
  const TablePointer other = database_.catalog().add(described("Other", "ttl")).value();
  for (std::size_t i = 0; i < 2 * step; ++i) put_expiring("i" + std::to_string(i), now_seconds - 1);
  for (std::size_t i = 0; i < step / 2; ++i) {
    write(other, "i" + std::to_string(i),
          R"(,"ttl":{"N":")" + std::to_string(now_seconds - 2) + R"("})");
  }
  put("stays");
  const auto left = [&] { return table_->counters->item_count + other->counters->item_count; };
  const auto all = static_cast<std::int64_t>(2 * step + step / 2 + 1);
  ExpirySweep pass(database_, now_seconds * 1000);
  EXPECT_EQ(left(), all);
  for (int i = 1; i <= 2; ++i) {
    EXPECT_TRUE(pass.step());
    EXPECT_EQ(left(), all - i * static_cast<std::int64_t>(step));
  }
  EXPECT_FALSE(pass.step());
  EXPECT_EQ(left(), 1);
  EXPECT_FALSE(pass.step());
  EXPECT_EQ(items(), Names{"stays"});
  EXPECT_EQ(engine_size(), 1u);
}

TEST_F(Expiry, SkipsItemsChangedSinceThePassBegan) {
  put_expiring("a", now_seconds - 1);
  ExpirySweep pass(database_, now_seconds * 1000);
  change_attribute("");
  EXPECT_FALSE(pass.step());
  EXPECT_EQ(table_->counters->item_count, 1);
  change_attribute("ttl");
  ExpirySweep next(database_, now_seconds * 1000);
  put_expiring("a", now_seconds + 1);
  EXPECT_FALSE(next.step());
  EXPECT_EQ(items(), Names{"a"});
}

// Calls a function once, in another thread, before a commit.
class InterruptedEngine final : public ForwardingEngine {
 public:
  void commit(WriteBatch batch) override {
    if (const auto interruption = std::exchange(interruption_, nullptr)) {
      std::thread(interruption).join();
    }
    ForwardingEngine::commit(std::move(batch));
  }
  bool try_commit(WriteBatch batch) override { return commit(std::move(batch)), true; }
  void interrupt(std::function<void()> interruption) { interruption_ = std::move(interruption); }

 private:
  std::function<void()> interruption_;
};

// A client may renew or delete an item after the sweep has found it and before the sweep deletes
// it.
TEST(ExpirySweep, ChecksAgainBeforeDeleting) {
  auto owned = std::make_unique<InterruptedEngine>();
  InterruptedEngine& engine = *owned;
  Database database(std::move(owned));
  const TablePointer table = database.catalog().add(described("Table", "ttl")).value();
  const auto write = [&](const char* pk, std::int64_t seconds, ItemChange::Kind kind) {
    const Item item =
        item_of(std::string(R"({"pk":{"S":")") + pk + R"("},"sk":{"N":"1"},"ttl":{"N":")" +
                std::to_string(seconds) + R"("}})");
    const ItemChange change{kind, encode_stored_item(item)};
    return write_item(database,
                      {table, *encode_key(table->layout, ItemSource(item)),
                       [&](const StoredItemSource*) { return Result<ItemChange>(change); }});
  };
  int age = 9;
  for (const char* pk : {"first", "renewed", "older", "deleted", "last"}) {
    ASSERT_TRUE(write(pk, now_seconds - --age, ItemChange::Kind::put));
  }
  engine.interrupt([&] {
    EXPECT_TRUE(write("renewed", now_seconds + 1, ItemChange::Kind::put));
    EXPECT_TRUE(write("older", now_seconds - 100, ItemChange::Kind::put));
    EXPECT_TRUE(write("deleted", 0, ItemChange::Kind::erase));
  });
  ExpirySweep pass(database, now_seconds * 1000);
  EXPECT_FALSE(pass.step());
  EXPECT_EQ(table->counters->item_count, 1);
  std::string left;
  engine.read_view()->walk(table->layout.space, {}, Direction::forward,
                           [&](std::string_view, std::string_view value) {
                             left += ItemView(value).json();
                             return true;
                           });
  EXPECT_NE(left.find("renewed"), std::string::npos);
}

TEST_F(Expiry, RetriesLockedItemsInTheNextPass) {
  put_expiring("held", now_seconds - 3);
  put_expiring("free", now_seconds - 2);
  {
    const std::string key =
        *encode_key(table_->layout, ItemSource(item_of(R"({"pk":{"S":"held"},"sk":{"N":"1"}})")));
    const FullKey keys[] = {{table_->layout.space, key}};
    std::vector<bool> conflicts;
    const auto guard = database_.key_locks().lock_all(keys, conflicts);
    ASSERT_TRUE(guard);
    sweep();
    EXPECT_EQ(items(), Names{"held"});
  }
  sweep();
  EXPECT_EQ(items(), Names{});
}

}  // namespace
}  // namespace pageturner
