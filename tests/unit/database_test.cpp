// Why: a table that is deleted while others write to it has to go with everything it holds; entries
// left behind would never be found again, nor freed. Source: api, DeleteTable; the contract in
// storage/database.h.
#include "storage/database.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "protocol/limits.h"
#include "storage/engine/memory_engine.h"
#include "storage/item_writer.h"
#include "tests/support/all_entries.h"
#include "tests/support/forwarding_engine.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

TableDescription described() {
  TableDescription table;
  table.name = "Busy";
  table.key_schema = {{{"pk", ScalarType::s}}, {}};
  IndexDescription index;
  index.name = "index";
  index.is_global = true;
  index.key_schema = {{{"g", ScalarType::s}}, {}};
  table.indexes.push_back(index);
  return table;
}

Result<WriteOutcome> put(Database& database, const TablePointer& table, const std::string& pk,
                         const std::string& payload = "") {
  const Item item = {{"pk", {pk}}, {"g", {std::string("g")}}, {"payload", {payload}}};
  return write_item(database,
                    {table, *encode_key(table->layout, ItemSource(item)),
                     [stored = encode_stored_item(item)](const StoredItemSource*) {
                       return Result<ItemChange>(ItemChange{ItemChange::Kind::put, stored});
                     }});
}

std::size_t entry_count(Database& database) { return count_all_entries(database.engine()); }

TEST(Database, FindsTablesByNameAndArn) {
  Database database;
  const TablePointer table = database.catalog().add(described()).value();
  EXPECT_EQ(database.find_table("Busy").value(), table);
  EXPECT_EQ(database.find_table("arn:aws:dynamodb:eu-west-1:000000000000:table/Busy").value(),
            table);
  for (const char* name : {"busy", "", "arn:aws:dynamodb:eu-west-1:000000000000:table/Other"}) {
    const auto missing = database.find_table(name);
    ASSERT_FALSE(missing) << name;
    EXPECT_EQ(missing.error().type, ErrorType::resource_not_found);
    EXPECT_EQ(missing.error().message, "Requested resource not found");
  }
}

TEST(Database, DropsATableWithItsEntriesOnly) {
  Database database;
  const TablePointer table = database.catalog().add(described()).value();
  TableDescription other = described();
  other.name = "Other";
  const TablePointer kept = database.catalog().add(other).value();
  for (const char* pk : {"a", "b", "c"}) {
    put(database, table, pk).value();
    put(database, kept, pk).value();
  }
  EXPECT_EQ(entry_count(database), 12u);
  EXPECT_TRUE(database.drop_table(table));
  EXPECT_EQ(entry_count(database), 6u);
  EXPECT_FALSE(database.drop_table(table));
  EXPECT_EQ(database.find_table("Other").value(), kept);
}

// Writers hold on to a table they found before it went.
TEST(Database, LeavesNothingOfATableThatIsDroppedUnderWriters) {
  Database database;
  database.catalog().add(described()).value();
  std::atomic<bool> done = false;
  std::atomic<int> written = 0;
  std::vector<std::thread> writers;
  for (int number = 0; number < 4; ++number) {
    writers.emplace_back([&, number] {
      for (int i = 0; !done; ++i) {
        const auto table = database.find_table("Busy");
        if (!table) continue;
        for (int more = 0; more < 5; ++more) {
          const auto outcome =
              put(database, *table, std::to_string(number) + "-" + std::to_string((i + more) % 50));
          if (outcome) {
            ++written;
          } else {
            EXPECT_EQ(outcome.error().type, ErrorType::resource_not_found);
          }
        }
      }
    });
  }
  for (int round = 0; round < 100; ++round) {
    const int before = written;
    while (written < before + 20) std::this_thread::yield();
    EXPECT_TRUE(database.drop_table(database.catalog().find("Busy")));
    database.catalog().add(described()).value();
  }
  done = true;
  for (std::thread& writer : writers) writer.join();
  EXPECT_TRUE(database.drop_table(database.catalog().find("Busy")));
  EXPECT_EQ(entry_count(database), 0u);
}

IndexDescription index_on(std::string name, std::string attribute) {
  IndexDescription index;
  index.name = std::move(name);
  index.is_global = true;
  index.key_schema = {{{std::move(attribute), ScalarType::s}}, {}};
  return index;
}

// Source: guide, "Managing Global Secondary Indexes", violations; recorded answers for the lengths.
TEST(Database, FillsANewIndexWithWhatQualifies) {
  Database database;
  const TablePointer before = database.catalog().add(described()).value();
  const std::vector<std::pair<std::string, AttributeValue>> values = {
      {"text", {std::string("x")}},
      {"number", {*Number::parse("1")}},
      {"empty", {std::string()}},
      {"as long as can be", {std::string(2048, 'x')}},
      {"too long", {std::string(2049, 'x')}}};
  for (const auto& [pk, value] : values) {
    const Item item = {{"pk", {pk}}, {"v", value}};
    write_item(database, {before, *encode_key(before->layout, ItemSource(item)),
                          [stored = encode_stored_item(item)](const StoredItemSource*) {
                            return Result<ItemChange>(ItemChange{ItemChange::Kind::put, stored});
                          }})
        .value();
  }
  ASSERT_TRUE(put(database, before, "without"));
  TableDescription wanted = before->description;
  wanted.indexes.push_back(index_on("new", "v"));
  const TablePointer after = database.change_table(before, wanted).value();
  EXPECT_EQ(after->find_index("new")->counters->item_count, 2);
  EXPECT_EQ(after->find_index("index")->counters->item_count, 1);
  EXPECT_EQ(after->counters->item_count, 6);
  EXPECT_EQ(entry_count(database), 6u + 1 + 2);

  wanted.indexes.erase(wanted.indexes.begin());
  const TablePointer last = database.change_table(after, wanted).value();
  EXPECT_EQ(last->find_index("index"), nullptr);
  EXPECT_EQ(entry_count(database), 6u + 2);
}

// Whoever found a table before it was changed must not write it as it was.
TEST(Database, LetsNobodyUseAnOldVersion) {
  Database database;
  const TablePointer before = database.catalog().add(described()).value();
  const TablePointer after = database.change_table(before, before->description).value();
  EXPECT_EQ(database.catalog().find("Busy"), after);
  EXPECT_EQ(put(database, before, "a").error().type, ErrorType::table_changed);
  EXPECT_EQ(lock_table_shared(*before).error().type, ErrorType::table_changed);
  EXPECT_EQ(database.change_table(before, before->description).error().type,
            ErrorType::table_changed);
  EXPECT_EQ(database.drop_table(before).error().type, ErrorType::table_changed);
  EXPECT_TRUE(put(database, after, "a"));
  EXPECT_TRUE(database.drop_table(after));
  EXPECT_EQ(put(database, before, "b").error().type, ErrorType::resource_not_found);
  EXPECT_EQ(entry_count(database), 0u);
}

// A request that looked its table up twice, before and after a change, would hold one lock twice
// and could wait for itself for ever.
TEST(Database, HoldsNoTwoVersionsOfOneTable) {
  Database database;
  const TablePointer before = database.catalog().add(described()).value();
  const TablePointer after = database.change_table(before, before->description).value();
  EXPECT_EQ(lock_tables_shared({before.get(), after.get()}).error().type, ErrorType::table_changed);
  EXPECT_TRUE(lock_tables_shared({after.get()}));
}

// Notes the largest commit, in bytes.
class MeasuredEngine final : public ForwardingEngine {
 public:
  explicit MeasuredEngine(std::size_t& largest) : largest_(largest) {}
  bool try_commit(WriteBatch batch) override {
    std::size_t bytes = 0;
    for (const auto& change : batch.changes()) {
      if (const auto* put = std::get_if<WriteBatch::Put>(&change)) {
        bytes += put->key.size() + put->value.size();
      }
    }
    largest_ = std::max(largest_, bytes);
    return ForwardingEngine::try_commit(std::move(batch));
  }

 private:
  std::size_t& largest_;
};

// A commit makes others wait: a thousand large entries in one would do so for long. Backups and
// restores copy nothing.
TEST(Database, FillsIndexesInPartsOfAboutAMegabyte) {
  constexpr std::size_t value_bytes = 300'000;
  constexpr std::size_t items = 20;
  std::size_t largest = 0;
  Database database(std::make_unique<MeasuredEngine>(largest));
  const TablePointer table = database.catalog().add(described()).value();
  for (std::size_t i = 0; i < items; ++i) {
    put(database, table, std::to_string(i), std::string(value_bytes, 'x')).value();
  }
  const std::size_t item_bytes = std::exchange(largest, 0) / 2;  // an item and its entry
  const BackupPointer backup = database.back_up_table(table, "all").value();
  EXPECT_EQ(entry_count(database), 3 * items);
  EXPECT_EQ(largest, 0u);
  TableDescription description = described();
  description.name = "Restored";
  database.restore_backup(*backup, description).value();
  EXPECT_EQ(entry_count(database), 5 * items);
  EXPECT_GT(largest, 2 * item_bytes);
  EXPECT_LT(largest, 1'000'000 + item_bytes);
  EXPECT_TRUE(database.drop_backup(backup));
  EXPECT_TRUE(database.drop_table(table));
  EXPECT_EQ(entry_count(database), 2 * items);
}

TableDescription recoverable(std::int64_t days) {
  TableDescription table = described();
  table.point_in_time_recovery = PointInTimeRecovery{.period_days = days};
  return table;
}

// What nobody could delete, nor find again, would never be freed. Source: guide, "Point-in-time
// recovery": the backup of the system of a deleted table.
TEST(Database, KeepsTheItemsOfADeletedTableThatCouldBeRecoveredUntilTheyExpire) {
  Database database;
  const TablePointer table = database.catalog().add(recoverable(2)).value();
  for (const char* pk : {"a", "b", "c"}) put(database, table, pk).value();
  EXPECT_TRUE(database.drop_table(table));
  EXPECT_EQ(entry_count(database), 3u);
  ASSERT_EQ(database.backups().all().size(), 1u);
  const BackupPointer backup = database.backups().all().front();
  EXPECT_EQ(backup->name, "Busy$DeletedTableBackup");
  EXPECT_EQ(backup->item_count, 3);
  ASSERT_EQ(backup->expires_milliseconds, backup->created_milliseconds + 2 * 86'400'000);

  const TablePointer restored = database.restore_backup(*backup, described()).value();
  EXPECT_EQ(entry_count(database), 3u + 6u);
  EXPECT_EQ(restored->counters->item_count, 3);

  database.drop_expired_backups(*backup->expires_milliseconds - 1);
  EXPECT_NE(database.backups().find(backup->id), nullptr);
  database.drop_expired_backups(*backup->expires_milliseconds);
  EXPECT_EQ(database.backups().find(backup->id), nullptr);
  EXPECT_FALSE(database.backups().has_expiring());
  EXPECT_EQ(entry_count(database), 6u);
}

// The description of a table with wide indexes takes 50 KB, and a client can make thousands of
// backups of it.
TEST(Database, BackupsShareTheDescriptionOfTheirTable) {
  Database database;
  const TablePointer table = database.add_table(described()).value();
  const BackupPointer first = database.back_up_table(table, "first").value();
  const BackupPointer second = database.back_up_table(table, "second").value();
  EXPECT_EQ(first->table, table->shared_description);
  EXPECT_EQ(second->table, table->shared_description);
}

// What is counted for a table, its streams and its backups is free again when the last of them is.
TEST(Database, CountsTheMemoryOfRecordsUntilTheyAreDeleted) {
  std::int64_t now = 1'000'000;
  Database database(DatabaseOptions{.streams = {.shards = 10, .clock = [&] { return now; }}});
  const auto counted = [&] { return database.engine().size_bytes(); };
  EXPECT_EQ(counted(), 0u);
  TableDescription description = described();
  description.stream_view_type = "KEYS_ONLY";
  TablePointer table = database.add_table(description).value();
  const std::size_t created = counted();
  EXPECT_GT(created, 1000u);
  BackupPointer backup = database.back_up_table(table, "backup").value();
  const std::size_t backed_up = counted();
  EXPECT_GT(backed_up, created);
  description = table->description;
  description.settings.tags = {{std::string(100, 'k'), std::string(200, 'v')}};
  table = database.change_table(table, description).value();
  EXPECT_GT(counted(), backed_up + 1000) << "the backup keeps the version before";
  database.drop_backup(backup);
  backup = nullptr;
  EXPECT_LT(counted(), created + 1000);
  database.drop_table(table).value();
  table = nullptr;
  EXPECT_GT(counted(), 1000u) << "the closed stream";
  now += 2 * limits::stream_retention_milliseconds;
  database.streams().trim();
  EXPECT_EQ(counted(), 0u);
}

// A table that is shown as DELETING keeps its description until its transition is over.
TEST(Database, DeletedTablesFreeTheirMemoryAfterTheirTransition) {
  Database database(DatabaseOptions{.transition_milliseconds = 1, .max_memory_bytes = 100'000});
  TableDescription description = described();
  description.settings.tags = {{"key", std::string(10'000, 'v')}};
  std::vector<TablePointer> tables;
  while (tables.size() < 100) {
    description.name = "table" + std::to_string(tables.size());
    const auto table = database.add_table(description);
    if (!table) break;
    tables.push_back(*table);
  }
  ASSERT_GT(tables.size(), 2u);
  ASSERT_LT(tables.size(), 100u);
  for (const TablePointer& table : tables) database.drop_table(table).value();
  tables.clear();
  EXPECT_TRUE(database.catalog().has_deleted());
  std::this_thread::sleep_for(std::chrono::milliseconds(3));
  EXPECT_TRUE(database.add_table(description));
  EXPECT_LT(database.engine().size_bytes(), 20'000u);
  EXPECT_FALSE(database.catalog().has_deleted());
}

// Their ids tell nothing but their time, and tables can go faster than the clock.
TEST(Database, KeepsApartTheBackupsOfTablesThatGoInOneMillisecond) {
  Database database;
  constexpr std::size_t tables = 200;
  for (std::size_t i = 0; i < tables; ++i) {
    EXPECT_TRUE(database.drop_table(database.catalog().add(recoverable(1)).value()));
  }
  const auto backups = database.backups().all();
  EXPECT_EQ(backups.size(), tables);
  for (const BackupPointer& backup : backups) {
    EXPECT_TRUE(backup->id.ends_with("-00000000")) << backup->id;
    EXPECT_EQ(std::stoll(backup->id.substr(0, 14)), backup->created_milliseconds);
    EXPECT_EQ(backup->expires_milliseconds, backup->created_milliseconds + 86'400'000);
  }
}

// While it is shown as DELETING it is found, but there is no version that counts to wait for.
TEST(Database, ChangesNoTableThatIsBeingDeleted) {
  Database database(DatabaseOptions{.transition_milliseconds = 60'000});
  database.drop_table(database.catalog().add(described()).value()).value();
  const TablePointer shown = database.catalog().find("Busy");
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(database.change_table(shown, shown->description).error().type,
            ErrorType::resource_in_use);
  EXPECT_EQ(database.back_up_table(shown, "late").error().type, ErrorType::resource_in_use);
  EXPECT_EQ(database.drop_table(shown).error().type, ErrorType::resource_in_use);
}

}  // namespace
}  // namespace pageturner
