// Why: two tables or indexes in one key space would show each other's items. Source: api,
// CreateTable, ListTables; guide, "Using global secondary indexes", attribute projections; the
// texts are recorded answers.
#include "storage/catalog.h"

#include <gtest/gtest.h>

#include <set>

#include "protocol/limits.h"
#include "tests/unit/index_description.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

TableDescription described(std::string name) {
  TableDescription table;
  table.name = std::move(name);
  table.key_schema = {{{"pk", ScalarType::s}}, {{"sk", ScalarType::n}}};
  table.indexes.push_back(describe_index("local",
                                         {{{"pk", ScalarType::s}}, {{"other", ScalarType::s}}},
                                         {ProjectionType::include, {"extra"}}));
  table.indexes.push_back(
      describe_index("global", {{{"g", ScalarType::n}}, {}}, {ProjectionType::keys_only, {}}));
  table.indexes.push_back(describe_index("all", {{{"g", ScalarType::n}}, {}}));
  return table;
}

TEST(Catalog, FindsTablesByTheirExactName) {
  Catalog catalog;
  const TablePointer added = catalog.add(described("Music")).value();
  EXPECT_EQ(catalog.find("Music"), added);
  EXPECT_EQ(catalog.find("music"), nullptr);
  EXPECT_EQ(catalog.find("Musi"), nullptr);
}

TEST(Catalog, RefusesASecondTableOfOneName) {
  Catalog catalog;
  catalog.add(described("Music")).value();
  const auto second = catalog.add(described("Music"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().type, ErrorType::resource_in_use);
  EXPECT_EQ(second.error().message, "Table already exists: Music");
}

TEST(Catalog, KeepsARemovedTableForThoseWhoHoldIt) {
  Catalog catalog;
  const TablePointer added = catalog.add(described("Music")).value();
  EXPECT_TRUE(catalog.remove(added));
  EXPECT_EQ(catalog.find("Music"), nullptr);
  EXPECT_FALSE(catalog.remove(added));
  EXPECT_EQ(added->description.name, "Music");
}

// Whoever deletes a table means the one they looked at, not the next one of its name.
TEST(Catalog, RemovesNoOtherTableOfThatName) {
  Catalog catalog;
  const TablePointer first = catalog.add(described("Music")).value();
  catalog.remove(first);
  const TablePointer second = catalog.add(described("Music")).value();
  EXPECT_FALSE(catalog.remove(first));
  EXPECT_EQ(catalog.find("Music"), second);
}

TEST(Catalog, NeverUsesASpaceTwice) {
  Catalog catalog;
  std::set<KeyspaceId> spaces;
  std::size_t expected = 0;
  for (int round = 0; round < 5; ++round) {
    for (const char* name : {"One", "Two"}) {
      const TablePointer table = catalog.add(described(name)).value();
      spaces.insert(table->layout.space);
      for (const auto& index : table->indexes) spaces.insert(index->layout.space);
      expected += 1 + table->indexes.size();
      catalog.remove(table);
    }
  }
  EXPECT_EQ(spaces.size(), expected);
}

TEST(Catalog, ListsNamesByTheByte) {
  Catalog catalog;
  for (const char* name : {"b", "a", "B", "a.a", "c"}) catalog.add(described(name)).value();
  using Names = std::vector<std::string>;
  EXPECT_EQ(catalog.names("", 100), (Names{"B", "a", "a.a", "b", "c"}));
  EXPECT_EQ(catalog.names("", 2), (Names{"B", "a"}));
  EXPECT_EQ(catalog.names("a", 2), (Names{"a.a", "b"}));
  EXPECT_EQ(catalog.names("aa", 100), (Names{"b", "c"}));  // a name that is no table's
  EXPECT_EQ(catalog.names("c", 100), Names{});
}

TEST(Catalog, LimitsTheNumberOfTables) {
  Catalog catalog;
  TableDescription table;
  table.key_schema = {{{"pk", ScalarType::s}}, {}};
  for (std::size_t i = 0; i < limits::tables_max; ++i) {
    table.name = std::to_string(i);
    ASSERT_TRUE(catalog.add(table));
  }
  table.name = "one more";
  const auto refused = catalog.add(table);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().type, ErrorType::limit_exceeded);
  catalog.remove(catalog.find("7"));
  EXPECT_TRUE(catalog.add(table));
}

TEST(Table, LaysOutTheKeysOfItsIndexes) {
  Catalog catalog;
  const TablePointer table = catalog.add(described("Music")).value();
  const auto names = [](const std::vector<KeyAttribute>& attributes) {
    std::string text;
    for (const KeyAttribute& attribute : attributes) text += attribute.name + " ";
    return text;
  };
  EXPECT_EQ(names(table->layout.partition) + names(table->layout.sort), "pk sk ");
  EXPECT_TRUE(table->layout.suffix.empty());
  const Index& local = *table->find_index("local");
  EXPECT_EQ(names(local.layout.partition) + names(local.layout.sort), "pk other ");
  EXPECT_EQ(names(local.layout.suffix), "pk sk ");
  EXPECT_EQ(table->find_index("Local"), nullptr);
  const Index& global = *table->find_index("global");
  EXPECT_EQ(names(global.layout.suffix), "pk sk ");
  // Only the keys of a global index contain a hash of the table's key.
  EXPECT_TRUE(global.layout.is_global && !local.layout.is_global && !table->layout.is_global);
}

TEST(Index, ProjectsKeysAndWhatItIncludes) {
  Catalog catalog;
  const TablePointer table = catalog.add(described("Music")).value();
  const auto projected = [&](const char* index) {
    std::string text;
    for (const char* name : {"pk", "sk", "other", "g", "extra", "rest"}) {
      if (table->find_index(index)->projects(name)) text += std::string(name) + " ";
    }
    return text;
  };
  EXPECT_EQ(projected("local"), "pk sk other extra ");
  EXPECT_EQ(projected("global"), "pk sk g ");
  EXPECT_EQ(projected("all"), "pk sk other g extra rest ");
}

}  // namespace
}  // namespace pageturner
