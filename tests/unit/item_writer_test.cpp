// Why: this is the only way by which items change; table, indexes and counts have to change
// together or not at all. Source: guide, "Using global secondary indexes" (sparse indexes,
// projections) and "Managing transactions"; the contract in storage/item_writer.h.
#include "storage/item_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/unit/index_description.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

TableDescription described() {
  TableDescription table;
  table.name = "Table";
  table.key_schema = {{{"pk", ScalarType::s}}, {{"sk", ScalarType::n}}};
  table.indexes.push_back(describe_index("local", {{{"pk", ScalarType::s}}, {{"l", ScalarType::n}}},
                                         {ProjectionType::include, {"extra"}}));
  table.indexes.push_back(describe_index("global", {{{"g", ScalarType::s}}, {{"l", ScalarType::n}}},
                                         {ProjectionType::keys_only, {}}));
  table.indexes.push_back(describe_index("all", {{{"g", ScalarType::s}}, {}}));
  return table;
}

class ItemWriter : public testing::Test {
 protected:
  ItemWrite put(std::string_view json) {
    const Item item = item_of(json);
    return {table_, *encode_key(table_->layout, ItemSource(item)),
            [stored = encode_stored_item(item)](const StoredItemSource*) -> Result<ItemChange> {
              return ItemChange{ItemChange::Kind::put, stored};
            }};
  }

  ItemWrite write(std::string_view key_json, Result<ItemChange> change) {
    return {table_, *encode_key(table_->layout, ItemSource(item_of(key_json))),
            [change](const StoredItemSource*) { return change; }};
  }
  ItemWrite erase(std::string_view key_json) {
    return write(key_json, ItemChange{ItemChange::Kind::erase});
  }

  // The wire forms of all entries of a layout's space, in key order, one behind another. Holds
  // counters to what is there.
  std::string entries(const KeyLayout& layout, const Counters& counters) {
    std::string text;
    std::int64_t count = 0;
    std::int64_t size = 0;
    const auto view = database_.engine().read_view();
    view->walk(layout.space, {}, Direction::forward,
               [&](std::string_view key, std::string_view value) {
                 const ItemView item(value);
                 EXPECT_EQ(encode_key(layout, StoredItemSource(item)), key);
                 text += item.json();
                 size += static_cast<std::int64_t>(item.size_bytes());
                 ++count;
                 return true;
               });
    EXPECT_EQ(counters.item_count, count);
    EXPECT_EQ(counters.size_bytes, size);
    return text;
  }
  std::string in_table() { return entries(table_->layout, *table_->counters); }
  std::string in_index(std::string_view name) {
    const Index* index = table_->find_index(name);
    return entries(index->layout, *index->counters);
  }

  Database database_;
  TablePointer table_ = database_.catalog().add(described()).value();
};

TEST_F(ItemWriter, PutsOverwritesAndErases) {
  auto outcome = write_item(database_, put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"x":{"S":"1"}})"));
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->old_stored);
  EXPECT_EQ(outcome->old_size_bytes, 0u);
  EXPECT_EQ(outcome->new_size_bytes, 9u);

  outcome = write_item(database_, put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"x":{"S":"22"}})"));
  EXPECT_EQ(ItemView(*outcome->old_stored).json(),
            R"({"pk":{"S":"a"},"sk":{"N":"1"},"x":{"S":"1"}})");
  EXPECT_EQ(outcome->old_size_bytes, 9u);
  EXPECT_EQ(outcome->new_size_bytes, 10u);
  EXPECT_EQ(in_table(), R"({"pk":{"S":"a"},"sk":{"N":"1"},"x":{"S":"22"}})");

  outcome = write_item(database_, erase(R"({"pk":{"S":"a"},"sk":{"N":"1.0"}})"));
  EXPECT_EQ(outcome->old_size_bytes, 10u);
  EXPECT_EQ(outcome->new_size_bytes, 0u);
  EXPECT_EQ(in_table(), "");

  outcome = write_item(database_, erase(R"({"pk":{"S":"a"},"sk":{"N":"1"}})"));
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->old_stored);
  EXPECT_EQ(in_table(), "");
}

TEST_F(ItemWriter, KeepsWhatApplyKeeps) {
  write_item(database_, put(R"({"pk":{"S":"a"},"sk":{"N":"1"}})")).value();
  const auto outcome = write_item(
      database_, write(R"({"pk":{"S":"a"},"sk":{"N":"1"}})", ItemChange{ItemChange::Kind::keep}));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->old_size_bytes, outcome->new_size_bytes);
  EXPECT_EQ(in_table(), R"({"pk":{"S":"a"},"sk":{"N":"1"}})");
}

TEST_F(ItemWriter, ShowsApplyTheItemAsItIs) {
  std::vector<std::string> seen;
  ItemWrite write = put(R"({"pk":{"S":"a"},"sk":{"N":"1"}})");
  write.apply = [&, apply = write.apply](const StoredItemSource* old_item) {
    seen.emplace_back(old_item == nullptr ? "none" : old_item->view().json());
    return apply(old_item);
  };
  write_item(database_, write).value();
  write_item(database_, write).value();
  // Once for each call, so that a write may move its item out.
  EXPECT_EQ(seen, (std::vector<std::string>{"none", R"({"pk":{"S":"a"},"sk":{"N":"1"}})"}));
}

TEST_F(ItemWriter, WritesAllOrNothing) {
  write_item(database_, put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"g"},"l":{"N":"1"}})"))
      .value();
  const std::string before = in_table();
  const auto outcomes = write_items(
      database_, {put(R"({"pk":{"S":"b"},"sk":{"N":"1"},"g":{"S":"g"},"l":{"N":"1"}})"),
                  write(R"({"pk":{"S":"c"},"sk":{"N":"1"}})", conditional_check_failed()),
                  erase(R"({"pk":{"S":"a"},"sk":{"N":"1"}})")});
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_TRUE(outcomes[0]);
  ASSERT_FALSE(outcomes[1]);
  EXPECT_EQ(outcomes[1].error().type, ErrorType::conditional_check_failed);
  EXPECT_TRUE(outcomes[2]);
  EXPECT_EQ(in_table(), before);
  EXPECT_EQ(in_index("all"), before);

  const auto succeeded =
      write_items(database_, {put(R"({"pk":{"S":"b"},"sk":{"N":"1"},"g":{"S":"h"},"l":{"N":"1"}})"),
                              erase(R"({"pk":{"S":"a"},"sk":{"N":"1"}})")});
  ASSERT_TRUE(succeeded[0] && succeeded[1]);
  const std::string after = R"({"g":{"S":"h"},"l":{"N":"1"},"pk":{"S":"b"},"sk":{"N":"1"}})";
  EXPECT_EQ(in_table(), after);
  EXPECT_EQ(in_index("all"), after);
}

TEST_F(ItemWriter, KeepsIndexesSparse) {
  write_item(database_, put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"g"}})")).value();
  EXPECT_EQ(in_index("local"), "");
  EXPECT_EQ(in_index("global"), "");  // lacks l
  EXPECT_EQ(in_index("all"), R"({"g":{"S":"g"},"pk":{"S":"a"},"sk":{"N":"1"}})");
}

TEST_F(ItemWriter, KeepsInAnIndexWhatItProjects) {
  write_item(database_, put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"g"},"l":{"N":"2"},
                               "extra":{"S":"e"},"rest":{"S":"r"}})"))
      .value();
  EXPECT_EQ(in_index("local"),
            R"({"extra":{"S":"e"},"l":{"N":"2"},"pk":{"S":"a"},"sk":{"N":"1"}})");
  EXPECT_EQ(in_index("global"), R"({"g":{"S":"g"},"l":{"N":"2"},"pk":{"S":"a"},"sk":{"N":"1"}})");
  EXPECT_EQ(in_index("all"), in_table());
}

// Each step's changes as "index count-delta write-units".
TEST_F(ItemWriter, TellsWhatChangesInIndexes) {
  const struct {
    const char* json;
    std::string changes;
  } steps[] = {
      {R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"g"},"l":{"N":"2"}})",
       "local +1 1; global +1 1; all +1 1; "},
      // Nothing that any but `all` keeps.
      {R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"g"},"l":{"N":"2"},"x":{"S":"x"}})",
       "all +0 1; "},
      {R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"g"},"l":{"N":"2"},"x":{"S":"x"}})", ""},
      // The sort key moves: an entry goes, another comes.
      {R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"g"},"l":{"N":"3"},"x":{"S":"x"}})",
       "local +0 2; global +0 2; all +0 1; "},
      {R"({"pk":{"S":"a"},"sk":{"N":"1"},"l":{"N":"3"},"x":{"S":"x"}})", "global -1 1; all -1 1; "},
      {R"({"pk":{"S":"a"},"sk":{"N":"1"}})", "local -1 1; "},
  };
  for (const auto& step : steps) {
    std::string changes;
    const auto outcome = write_item(database_, put(step.json));
    for (const IndexChange& change : outcome.value().index_changes) {
      changes += change.index->description.name;
      changes += change.item_count_delta < 0 ? " -" : " +";
      changes += std::to_string(std::abs(change.item_count_delta)) + " " +
                 std::to_string(change.write_units) + "; ";
    }
    EXPECT_EQ(changes, step.changes) << step.json;
  }
  EXPECT_EQ(in_index("local") + in_index("global") + in_index("all"), "");
}

TEST_F(ItemWriter, StaysExactUnderRandomWrites) {
  std::mt19937 random(20120810);
  std::map<std::string, std::string> model;  // item by key, both as JSON
  const auto below = [&](unsigned bound) { return std::to_string(random() % bound); };
  for (int round = 0; round < 600; ++round) {
    std::map<std::string, ItemWrite> writes;  // distinct keys
    for (auto count = 1 + random() % 4; count > 0; --count) {
      const std::string key =
          R"("pk":{"S":")" + below(3) + R"("},"sk":{"N":")" + below(5) + R"("})";
      if (random() % 3 == 0) {
        writes.insert_or_assign(key, erase("{" + key + "}"));
        model.erase(key);
        continue;
      }
      std::string item = "{" + key;
      if (random() % 2 == 0) item += R"(,"g":{"S":")" + below(2) + R"("})";
      if (random() % 2 == 0) item += R"(,"l":{"N":")" + below(3) + R"("})";
      if (random() % 2 == 0)
        item += R"(,"extra":{"S":")" + std::string(random() % 9, 'e') + R"("})";
      item += "}";
      writes.insert_or_assign(key, put(item));
      model[key] = wire_of(item_of(item));
    }
    std::vector<ItemWrite> list;
    for (auto& [key, write] : writes) list.push_back(write);
    // Now and then one fails, and the others must leave no trace.
    if (random() % 5 == 0) {
      list.push_back(write(R"({"pk":{"S":"z"},"sk":{"N":"1"}})", conditional_check_failed()));
      const std::string before = in_table();
      write_items(database_, list);
      EXPECT_EQ(in_table(), before);
      list.pop_back();
    }
    const auto outcomes = write_items(database_, list);
    for (const auto& outcome : outcomes) ASSERT_TRUE(outcome);
  }
  // Entries an index has to hold, whatever they hold: those with its key attributes.
  const auto count_with = [&](std::initializer_list<const char*> names) {
    return std::count_if(model.begin(), model.end(), [&](const auto& entry) {
      return std::all_of(names.begin(), names.end(), [&](const char* name) {
        return entry.second.find("\"" + std::string(name) + "\":{") != std::string::npos;
      });
    });
  };
  in_table();
  in_index("local");
  in_index("global");
  in_index("all");
  EXPECT_EQ(table_->find_index("local")->counters->item_count, count_with({"l"}));
  EXPECT_EQ(table_->find_index("global")->counters->item_count, count_with({"g", "l"}));
  EXPECT_EQ(table_->find_index("all")->counters->item_count, count_with({"g"}));
  std::multiset<std::string> expected, found;
  for (const auto& [key, item] : model) expected.insert(item);
  const auto view = database_.engine().read_view();
  view->walk(table_->layout.space, {}, Direction::forward,
             [&](std::string_view, std::string_view value) {
               found.emplace(ItemView(value).json());
               return true;
             });
  EXPECT_EQ(found, expected);
}

// A transaction that is under way on `held` items: its last write waits until it is let go.
class Underway {
 public:
  Underway(Database& database, std::vector<ItemWrite> writes, bool as_transaction) {
    ItemWrite& last = writes.back();
    last.apply = [this, apply = last.apply](const StoredItemSource* old_item) {
      started_.set_value();
      go_on_.get_future().wait();
      return apply(old_item);
    };
    thread_ = std::thread([&database, writes = std::move(writes), as_transaction] {
      if (as_transaction) {
        write_items(database, writes).front().value();
      } else {
        write_item(database, writes.front()).value();
      }
    });
    started_.get_future().wait();
  }
  ~Underway() {
    go_on_.set_value();
    thread_.join();
  }

 private:
  std::promise<void> started_;
  std::promise<void> go_on_;
  std::thread thread_;
};

TEST_F(ItemWriter, WhoeverMeetsATransactionIsTold) {
  const std::string a = R"({"pk":{"S":"a"},"sk":{"N":"1"}})";
  const std::string b = R"({"pk":{"S":"b"},"sk":{"N":"1"}})";
  const std::string c = R"({"pk":{"S":"c"},"sk":{"N":"1"}})";
  {
    const Underway transaction(database_, {put(a), put(b)}, true);
    const auto plain = write_item(database_, put(a));
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().type, ErrorType::transaction_conflict);
    EXPECT_TRUE(write_item(database_, put(c)));

    const auto outcomes = write_items(database_, {put(c), put(b)});
    EXPECT_TRUE(outcomes[0]);
    ASSERT_FALSE(outcomes[1]);
    EXPECT_EQ(outcomes[1].error().type, ErrorType::transaction_conflict);
    EXPECT_TRUE(write_items(database_, {erase(c)}).front());
  }
  EXPECT_EQ(in_table(), b + a);  // in the order of their hashes
  EXPECT_TRUE(write_item(database_, erase(a)));
}

TEST_F(ItemWriter, ATransactionDoesNotWaitForAWrite) {
  const std::string a = R"({"pk":{"S":"a"},"sk":{"N":"1"}})";
  const Underway plain(database_, {put(a)}, false);
  const auto outcomes = write_items(database_, {put(a)});
  ASSERT_FALSE(outcomes[0]);
  EXPECT_EQ(outcomes[0].error().type, ErrorType::transaction_conflict);
}

TEST_F(ItemWriter, RefusesATableThatIsGone) {
  const ItemWrite late = put(R"({"pk":{"S":"a"},"sk":{"N":"1"}})");
  write_item(database_, late).value();
  EXPECT_TRUE(database_.drop_table(table_));
  const auto refused = write_item(database_, late);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().type, ErrorType::resource_not_found);
  EXPECT_TRUE(database_.engine().read_view()->spaces().empty());
}

}  // namespace
}  // namespace pageturner
