// Why: whoever follows a stream copies a table by it: a record that is lost, doubled or out of
// order is a wrong copy that nobody notices. Source: guide, "Change data capture for DynamoDB
// Streams"; the contracts in storage/stream.h, stream_registry.h and stream_changes.h.
#include "storage/stream_registry.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "protocol/limits.h"
#include "storage/item_writer.h"
#include "storage/stream_changes.h"
#include "tests/support/all_entries.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr std::int64_t day = limits::stream_retention_milliseconds;
constexpr std::size_t all = 1'000'000;

TableDescription described(std::string name, std::string view_type) {
  TableDescription table;
  table.name = std::move(name);
  table.key_schema = {{{"pk", ScalarType::s}}, {}};
  table.stream_view_type = std::move(view_type);
  return table;
}

class StreamTest : public testing::Test {
 protected:
  // A database whose clock stands at `now_` and whose streams have `shards` shards.
  std::unique_ptr<Database> database_with(std::uint32_t shards) {
    return std::make_unique<Database>(
        DatabaseOptions{.streams = {.shards = shards, .clock = [this] {
                                      ++clock_reads_;
                                      return now_.load();
                                    }}});
  }

  TablePointer add(std::string view_type = "NEW_AND_OLD_IMAGES", std::string name = "Table") {
    return database_->add_table(described(std::move(name), std::move(view_type))).value();
  }

  static ItemWrite put(const TablePointer& table, const std::string& pk, const std::string& value) {
    const Item item = {{"pk", {pk}}, {"v", {value}}};
    return {table, *encode_key(table->layout, ItemSource(item)),
            [stored = encode_stored_item(item)](const StoredItemSource*) -> Result<ItemChange> {
              return ItemChange{ItemChange::Kind::put, stored};
            }};
  }
  static ItemWrite erase(const TablePointer& table, const std::string& pk) {
    return {table, *encode_key(table->layout, ItemSource({{"pk", {pk}}})),
            [](const StoredItemSource*) -> Result<ItemChange> {
              return ItemChange{ItemChange::Kind::erase};
            }};
  }
  void write(const ItemWrite& one) { write_item(*database_, one).value(); }
  void write_many(const TablePointer& table, const std::string& prefix, int count) {
    for (int i = 0; i < count; ++i) write(put(table, prefix + std::to_string(i), "x"));
  }

  // "pk:old>new" of each record of a shard from `position` on, in one line.
  static std::string format(const Stream& stream, std::uint64_t position = 0,
                            std::uint32_t shard = 0) {
    std::string text;
    for (const auto& entry : stream.read(shard, position, all).value().entries) {
      const StreamRecord record = decode_stream_record(entry.record);
      const auto value = [](std::string_view stored, std::string_view name) -> std::string {
        if (stored.empty()) return "";
        const StoredItemSource item{ItemView(stored)};
        return item.find(name)->as<std::string>();
      };
      if (!text.empty()) text += ' ';
      text += value(item_with_keys(record).bytes(), "pk") + ":" + value(record.old_image, "v") +
              ">" + value(record.new_image, "v");
    }
    return text;
  }

  std::size_t stored_records() {
    return count_entries(*database_->engine().read_view(), stream_space);
  }

  std::atomic<std::int64_t> now_ = 1'700'000'000'000;
  std::atomic<int> clock_reads_ = 0;
  std::unique_ptr<Database> database_ = database_with(1);
};

TEST_F(StreamTest, TellsChangesInTheirOrder) {
  const TablePointer table = add();
  write(put(table, "a", "1"));
  write(put(table, "a", "1"));
  write(put(table, "b", "1"));
  write(put(table, "a", "2"));
  write(erase(table, "b"));
  write(erase(table, "b"));
  EXPECT_EQ(format(*table->stream), "a:>1 b:>1 a:1>2 b:1>");
  const auto page = table->stream->read(0, 0, all).value();
  std::uint64_t last = Stream::first_number;
  for (const auto& entry : page.entries) {
    EXPECT_GT(entry.number, last);
    last = entry.number;
  }
  EXPECT_EQ(page.next, last + 1);
  EXPECT_EQ(table->stream->end_position(), last + 1);
  EXPECT_EQ(format(*table->stream, page.entries[2].number), "a:1>2 b:1>");
}

TEST_F(StreamTest, KeepsTheImagesOfItsViewTypeOnly) {
  for (const auto& [view, expected] :
       std::map<std::string, std::string>{{"KEYS_ONLY", "a:> a:> a:>"},
                                          {"NEW_IMAGE", "a:>1 a:>2 a:>"},
                                          {"OLD_IMAGE", "a:> a:1> a:2>"},
                                          {"NEW_AND_OLD_IMAGES", "a:>1 a:1>2 a:2>"}}) {
    const TablePointer table = add(view, view);
    write(put(table, "a", "1"));
    write(put(table, "a", "2"));
    write(erase(table, "a"));
    EXPECT_EQ(format(*table->stream), expected) << view;
  }
}

TEST_F(StreamTest, SaysWhoDeleted) {
  const TablePointer table = add();
  write(put(table, "a", "1"));
  ItemWrite expired = erase(table, "a");
  expired.by_time_to_live = true;
  write(expired);
  const auto entries = table->stream->read(0, 0, all).value().entries;
  EXPECT_FALSE(decode_stream_record(entries[0].record).by_time_to_live);
  EXPECT_TRUE(decode_stream_record(entries[1].record).by_time_to_live);
}

TEST_F(StreamTest, KeepsNothingOfATableWithout) {
  const TablePointer table = add("");
  write(put(table, "a", "1"));
  EXPECT_EQ(table->stream, nullptr);
  EXPECT_EQ(stored_records(), 0u);
  EXPECT_TRUE(database_->streams().list({}, nullptr, all).empty());
}

TEST_F(StreamTest, TellsATransactionInItsOrderOrNotAtAll) {
  const TablePointer table = add();
  const TablePointer other = add("KEYS_ONLY", "Other");
  const auto made =
      write_items(*database_, {put(table, "a", "1"), put(other, "x", "1"), put(table, "b", "1")});
  for (const auto& outcome : made) EXPECT_TRUE(outcome);
  ItemWrite failing = put(other, "y", "1");
  failing.apply = [](const StoredItemSource*) -> Result<ItemChange> {
    return conditional_check_failed();
  };
  write_items(*database_, {put(table, "c", "1"), failing});
  EXPECT_EQ(format(*table->stream), "a:>1 b:>1");
  EXPECT_EQ(format(*other->stream), "x:>");
}

TEST_F(StreamTest, EqualItemsAreEqualByValue) {
  const auto equal = [](std::string_view left, std::string_view right) {
    const std::string left_stored = encode_stored_item(item_of(left));
    const std::string right_stored = encode_stored_item(item_of(right));
    return equal_items(ItemView(left_stored), ItemView(right_stored));
  };
  EXPECT_TRUE(equal(R"({"a":{"N":"1"}})", R"({"a":{"N":"1.0"}})"));
  EXPECT_TRUE(equal(R"({"a":{"SS":["p","q"]},"b":{"L":[{"NS":["1","2"]}]}})",
                    R"({"b":{"L":[{"NS":["2","1"]}]},"a":{"SS":["q","p"]}})"));
  EXPECT_FALSE(
      equal(R"({"a":{"L":[{"S":"p"},{"S":"q"}]}})", R"({"a":{"L":[{"S":"q"},{"S":"p"}]}})"));
  EXPECT_FALSE(equal(R"({"a":{"S":"1"}})", R"({"a":{"N":"1"}})"));
  EXPECT_FALSE(equal(R"({"a":{"S":"1"}})", R"({"b":{"S":"1"}})"));
  EXPECT_FALSE(equal(R"({"a":{"S":"1"}})", R"({"a":{"S":"1"},"b":{"S":"1"}})"));
}

TEST_F(StreamTest, PagesByCountAndSize) {
  const TablePointer table = add("NEW_IMAGE");
  for (const char* pk : {"a", "b", "c", "d", "e"}) write(put(table, pk, std::string(300'000, 'x')));
  const Stream& stream = *table->stream;
  auto page = stream.read(0, 0, 2).value();
  EXPECT_EQ(page.entries.size(), 2u);
  page = stream.read(0, page.next, all).value();
  EXPECT_EQ(page.entries.size(), 3u);
  EXPECT_EQ(stream.read(0, 0, all).value().entries.size(), 3u);
  page = stream.read(0, page.next, all).value();
  EXPECT_TRUE(page.entries.empty());
  EXPECT_FALSE(page.is_at_end);
  EXPECT_EQ(page.next, stream.end_position());
}

TEST_F(StreamTest, TrimsWhatIsADayOld) {
  const TablePointer table = add();
  Stream& stream = *table->stream;
  write(put(table, "a", "1"));
  write(put(table, "b", "1"));
  now_ += day - 1;
  write(put(table, "c", "1"));
  EXPECT_EQ(format(stream), "a:>1 b:>1 c:>1");
  const std::uint64_t third = stream.read(0, 0, all).value().entries[2].number;
  now_ += 1;
  stream.trim(0);
  EXPECT_EQ(format(stream), "c:>1");
  EXPECT_EQ(format(stream, third), "c:>1");
  for (const std::uint64_t trimmed : {Stream::first_number, third - 1}) {
    EXPECT_EQ(stream.read(0, trimmed, all).error().type, ErrorType::trimmed_data_access);
    EXPECT_EQ(stream.check_not_trimmed(0, trimmed).error().type, ErrorType::trimmed_data_access);
  }
  EXPECT_TRUE(stream.check_not_trimmed(0, third));
  EXPECT_EQ(stored_records(), 1u);
}

// Whoever writes after a quiet night does not wait until all of yesterday is gone.
TEST_F(StreamTest, TrimsAPartWithEachWrite) {
  const TablePointer table = add("KEYS_ONLY");
  write_many(table, "old", 2500);
  now_ += day;
  write(put(table, "a", "1"));
  EXPECT_EQ(stored_records(), 1501u);
  write(put(table, "b", "1"));
  EXPECT_EQ(stored_records(), 502u);
  write(put(table, "c", "1"));
  EXPECT_EQ(stored_records(), 3u);
  EXPECT_EQ(format(*table->stream), "a:> b:> c:>");
}

TEST_F(StreamTest, OpensAndClosesWithItsTable) {
  StreamRegistry& log = database_->streams();
  TablePointer table = add();
  const StreamPointer first = table->stream;
  EXPECT_EQ(first->name(), (StreamName{"Table", now_}));
  EXPECT_EQ(table->description.stream_created_milliseconds, now_);
  const auto change = [&](std::string view_type, std::int64_t given = 0) {
    TableDescription description = table->description;
    description.stream_view_type = std::move(view_type);
    description.stream_created_milliseconds = given;
    table = database_->change_table(table, std::move(description)).value();
  };
  struct Case {
    const char* view_type;
    std::int64_t created;  // after the beginning
    bool is_open;
    std::size_t streams;
  };
  const std::int64_t begin = now_;
  for (const Case& test :
       {Case{"NEW_AND_OLD_IMAGES", 0, true, 1}, Case{"", 0, false, 1}, Case{"", 0, false, 1},
        Case{"KEYS_ONLY", 1, true, 2}, Case{"NEW_IMAGE", 2, true, 3}, Case{"", 2, false, 3}}) {
    change(test.view_type);
    EXPECT_EQ(table->description.stream_created_milliseconds, begin + test.created);
    EXPECT_EQ(table->stream != nullptr, test.is_open);
    const auto streams = log.list("Table", nullptr, all);
    EXPECT_EQ(streams.size(), test.streams);
    for (const StreamPointer& stream : streams) {
      EXPECT_EQ(stream->last_number().has_value(), stream != table->stream);
    }
  }
  // Another table of the name, in the same millisecond, has a stream of another name.
  database_->drop_table(table).value();
  EXPECT_EQ(add()->stream->name(), (StreamName{"Table", begin + 3}));
}

TEST_F(StreamTest, ChangesOfATableLeaveAnEnabledStream) {
  const TablePointer table = add();
  write(put(table, "a", "1"));
  TableDescription description = table->description;
  description.deletion_protection = true;
  now_ += 1000;
  const TablePointer changed = database_->change_table(table, std::move(description)).value();
  EXPECT_EQ(changed->stream, table->stream);
  EXPECT_EQ(changed->description.stream_created_milliseconds, now_ - 1000);
  write(put(changed, "b", "1"));
  EXPECT_EQ(format(*changed->stream), "a:>1 b:>1");
}

TEST_F(StreamTest, AClosedStreamIsReadToItsEndAndForgottenAfterADay) {
  const TablePointer table = add();
  const StreamPointer stream = table->stream;
  StreamRegistry& log = database_->streams();
  write(put(table, "a", "1"));
  write(put(table, "b", "1"));
  EXPECT_FALSE(stream->last_number());
  now_ += 1000;
  database_->drop_table(table).value();
  ASSERT_TRUE(stream->last_number());
  EXPECT_EQ(log.find(stream->name()), stream);
  auto page = stream->read(0, 0, 1).value();
  EXPECT_FALSE(page.is_at_end);
  page = stream->read(0, page.next, 1).value();
  EXPECT_EQ(page.entries.size(), 1u);
  EXPECT_LT(page.entries[0].number, *stream->last_number());
  EXPECT_TRUE(page.is_at_end);
  now_ += day - 1000;
  log.trim();
  EXPECT_EQ(stored_records(), 0u);
  EXPECT_EQ(log.find(stream->name()), stream);
  now_ += 1000;
  log.trim();
  EXPECT_EQ(log.find(stream->name()), nullptr);
}

// Creating and deleting tables walked all shards of all closed streams, which are kept for a day:
// the cost of each grew with the number of those before it. The clock is read for each shard that
// is looked at.
TEST_F(StreamTest, ClosedStreamsCostOtherTablesNothing) {
  database_ = database_with(100);
  const auto reads_of_create_and_drop = [&] {
    const int before = clock_reads_;
    database_->drop_table(add()).value();
    return clock_reads_ - before;
  };
  const int first = reads_of_create_and_drop();
  for (int i = 0; i < 100; ++i) reads_of_create_and_drop();
  EXPECT_EQ(reads_of_create_and_drop(), first);
  const int before = clock_reads_;
  database_->streams().trim();
  EXPECT_EQ(clock_reads_ - before, 1);
  EXPECT_EQ(database_->streams().list("Table", nullptr, all).size(), 102u);
  now_ += day;
  database_->streams().trim();
  EXPECT_TRUE(database_->streams().empty());
}

TEST_F(StreamTest, ListsInTheOrderOfNames) {
  add("KEYS_ONLY", "b");
  add("KEYS_ONLY", "ab");
  database_->drop_table(add("KEYS_ONLY", "a")).value();
  now_ += 1;
  add("KEYS_ONLY", "a");
  const auto names = [&](std::string_view table, const StreamName* after, std::size_t count) {
    std::string text;
    for (const StreamPointer& stream : database_->streams().list(table, after, count)) {
      text += stream->name().table_name +
              std::to_string(stream->name().created_milliseconds - now_ + 1) + " ";
    }
    return text;
  };
  EXPECT_EQ(names("", nullptr, all), "a0 a1 ab0 b0 ");
  EXPECT_EQ(names("", nullptr, 2), "a0 a1 ");
  EXPECT_EQ(names("a", nullptr, all), "a0 a1 ");
  const StreamName first{"a", now_ - 1};
  EXPECT_EQ(names("", &first, all), "a1 ab0 b0 ");
  EXPECT_EQ(names("a", &first, all), "a1 ");
  EXPECT_EQ(names("b", &first, all), "b0 ");
  const StreamName last{"b", now_};
  EXPECT_EQ(names("a", &last, all), "");
}

TEST_F(StreamTest, SpreadsPartitionsOverShards) {
  database_ = database_with(4);
  const TablePointer table = add();
  const Stream& stream = *table->stream;
  write_many(table, "k", 200);
  write_many(table, "k", 200);  // nothing changes
  std::set<std::string> seen;
  for (std::uint32_t shard = 0; shard < 4; ++shard) {
    EXPECT_EQ(stream.find_shard(stream.shard_ids()[shard]), shard);
    const auto entries = stream.read(shard, 0, all).value().entries;
    EXPECT_GT(entries.size(), 20u);
    for (const auto& entry : entries) {
      const StreamRecord record = decode_stream_record(entry.record);
      const StoredItemSource item{ItemView(record.new_image)};
      seen.insert(item.find("pk")->as<std::string>());
      EXPECT_EQ(stream.shard_of(*encode_key(table->layout, item)), shard);
    }
  }
  EXPECT_EQ(seen.size(), 200u);
  EXPECT_TRUE(std::is_sorted(stream.shard_ids().begin(), stream.shard_ids().end()));
  EXPECT_FALSE(stream.find_shard("shardId-00000000000000000000-00000000"));
  EXPECT_FALSE(stream.find_shard("x"));
}

// Writers count up items, and the readers of all shards see every value once and in order.
class CountingTest : public StreamTest {
 protected:
  ItemWrite count_up(const std::string& pk) {
    const Item key = {{"pk", {pk}}};
    return {table_, *encode_key(table_->layout, ItemSource(key)),
            [pk](const StoredItemSource* old_item) -> Result<ItemChange> {
              const int value = old_item == nullptr ? 0 : value_of_item(old_item->view());
              return ItemChange{
                  ItemChange::Kind::put,
                  encode_stored_item({{"pk", {pk}}, {"v", {std::to_string(value + 1)}}})};
            }};
  }

  // Items of its own and one that all share, alone and in transactions.
  void write_as(const std::string& own, int rounds) {
    for (int i = 0; i < rounds; ++i) {
      write(count_up(own));
      if (write_item(*database_, count_up("shared"))) ++shared_writes_;
      const auto outcomes = write_items(*database_, {count_up(own + "b"), count_up("shared")});
      if (outcomes[0] && outcomes[1]) ++shared_writes_;
    }
  }

  // Follows a shard until all is written and read.
  void follow(std::uint32_t shard) {
    std::uint64_t position = 0;
    while (true) {
      const bool was_written = written_;
      const StreamPage page = table_->stream->read(shard, position, 7).value();
      for (const auto& entry : page.entries) {
        const ItemView item(decode_stream_record(entry.record).new_image);
        const std::string pk = StoredItemSource(item).find("pk")->as<std::string>();
        const std::lock_guard guard(mutex_);
        EXPECT_EQ(value_of_item(item), ++seen_[pk]);
      }
      position = page.next;
      if (page.entries.empty() && was_written) return;
    }
  }

  static int value_of_item(ItemView item) {
    return std::stoi(StoredItemSource(item).find("v")->as<std::string>());
  }

  TablePointer table_;
  std::atomic<int> shared_writes_ = 0;
  std::atomic<bool> written_ = false;
  std::mutex mutex_;
  std::map<std::string, int> seen_;  // the last value of each item
};

TEST_F(CountingTest, MissesNothingUnderWriters) {
  constexpr int writer_count = 4;
  constexpr int rounds = 400;
  constexpr std::uint32_t shards = 3;
  database_ = database_with(shards);
  table_ = add("NEW_IMAGE");
  std::vector<std::thread> readers;
  std::vector<std::thread> writers;
  for (std::uint32_t shard = 0; shard < shards; ++shard) {
    readers.emplace_back([this, shard] { follow(shard); });
  }
  for (int number = 0; number < writer_count; ++number) {
    writers.emplace_back([this, number] { write_as("own" + std::to_string(number), rounds); });
  }
  for (std::thread& thread : writers) thread.join();
  written_ = true;
  for (std::thread& thread : readers) thread.join();
  EXPECT_EQ(seen_["shared"], shared_writes_);
  for (int number = 0; number < writer_count; ++number) {
    EXPECT_EQ(seen_["own" + std::to_string(number)], rounds);
  }
}

// Opening, closing and writing at once: what a writer did is in the stream that its table had.
TEST_F(CountingTest, LosesNothingWhereStreamsComeAndGo) {
  add("KEYS_ONLY");
  std::atomic<int> written = 0;
  std::thread writer([&] {
    for (int i = 0; !written_; ++i) {
      const TablePointer table = database_->find_table("Table").value();
      if (!write_item(*database_, put(table, std::to_string(i), "x"))) continue;
      if (table->stream != nullptr) ++written;
    }
  });
  for (int i = 0; i < 100; ++i) {
    const TablePointer table = database_->find_table("Table").value();
    TableDescription description = table->description;
    description.stream_view_type = i % 3 == 0 ? "" : i % 3 == 1 ? "KEYS_ONLY" : "OLD_IMAGE";
    database_->change_table(table, std::move(description)).value();
    std::this_thread::yield();
  }
  written_ = true;
  writer.join();
  std::size_t read = 0;
  for (const StreamPointer& stream : database_->streams().list("Table", nullptr, all)) {
    read += stream->read(0, 0, all).value().entries.size();
  }
  EXPECT_EQ(read, written);
}

}  // namespace
}  // namespace pageturner
