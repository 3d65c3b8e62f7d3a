// Why: what the memory engine promises beyond the contract of engines: its limit, what it counts,
// and that memory is shared, and freed again, whatever views and forks exist.
#include "storage/engine/memory_engine.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace pageturner {
namespace {

WriteBatch put(std::string key, std::size_t value_bytes) {
  WriteBatch batch;
  batch.put(1, std::move(key), std::string(value_bytes, 'x'));
  return batch;
}

// Either a batch fits or nothing of it happens; what frees memory, or takes no more, always fits,
// also while a view shows the old state.
TEST(MemoryEngine, RefusesWhatTakesItPastItsCeiling) {
  constexpr std::size_t ceiling = 11'000;
  MemoryEngine engine(ceiling);
  ASSERT_TRUE(engine.try_commit(put("a", 4000)));
  ASSERT_TRUE(engine.try_commit(put("b", 4000)));
  const std::size_t full = engine.size_bytes();
  EXPECT_GT(full, 8000u);
  EXPECT_LT(full, 9200u) << "two entries and two nodes";
  EXPECT_FALSE(engine.try_commit(put("c", 2000)));
  EXPECT_EQ(engine.size_bytes(), full);
  EXPECT_FALSE(engine.read_view()->get(1, "c"));

  const struct {
    const char* what;
    bool fits;
    WriteBatch batch;
  } rows[] = {
      {"an equal value", true, put("a", 4000)},
      {"a shorter value", true, put("a", 3900)},
      {"a longer value that still fits", true, put("a", 5000)},
      {"one that does not", false, put("a", 7000)},
      {"one in the place of an erased one", true,
       [] {
         WriteBatch batch = put("c", 4500);
         batch.erase(1, "a");
         return batch;
       }()},
      {"the last of several under one key counts", true,
       [] {
         WriteBatch batch = put("c", 9000);
         batch.put(1, "c", "");
         return batch;
       }()},
  };
  for (const auto& row : rows) {
    for (const bool has_view : {false, true}) {
      MemoryEngine same(ceiling);
      same.commit(put("a", 4000));
      same.commit(put("b", 4000));
      const std::size_t before = same.size_bytes();
      auto view = has_view ? same.read_view() : nullptr;
      EXPECT_EQ(same.try_commit(row.batch), row.fits) << row.what;
      EXPECT_LE(same.size_bytes(), ceiling + 1100) << row.what << ": the view keeps two nodes";
      view.reset();
      EXPECT_LE(same.size_bytes(), ceiling) << row.what;
      if (!row.fits) {
        EXPECT_EQ(same.size_bytes(), before) << row.what;
      }
    }
  }

  engine.commit(put("c", 20'000));  // must not fail
  EXPECT_GT(engine.size_bytes(), 28'000u);
  EXPECT_TRUE(engine.try_commit(put("b", 3000))) << "past the ceiling, but less than before";
  EXPECT_FALSE(engine.try_commit(put("b", 3500)));
}

// An entry that two keyspaces or forks share counts once, until neither has it.
TEST(MemoryEngine, CountsSharedEntriesOnce) {
  constexpr std::size_t large = 100'000;
  MemoryEngine engine;
  engine.commit(put("a", large));
  WriteBatch copy;
  copy.copy_space(1, 2);
  engine.commit(std::move(copy));
  EXPECT_LT(engine.size_bytes(), large + 2000);
  engine.commit(put("a", large));
  EXPECT_GT(engine.size_bytes(), 2 * large);
  EXPECT_EQ(engine.read_view()->get(2, "a")->size(), large);
  engine.erase_space(2);
  while (engine.reclaim()) {
  }
  EXPECT_LT(engine.size_bytes(), large + 2000);
  auto fork = engine.fork();
  EXPECT_LT(engine.size_bytes(), large + 2000);
  engine.erase_space(1);
  while (engine.reclaim()) {
  }
  EXPECT_GT(engine.size_bytes(), large);
  fork = nullptr;
  while (engine.reclaim()) {
  }
  EXPECT_EQ(engine.size_bytes(), 0u);
}

// A tree of a hundred thousand entries is copied, forked and erased by a few allocations, and freed
// in parts.
TEST(MemoryEngine, SharesAndErasesLargeKeyspacesAtOnce) {
  MemoryEngine engine;
  for (int part = 0; part < 100; ++part) {
    WriteBatch batch;
    for (int i = 0; i < 1000; ++i) batch.put(1, std::to_string(part * 1000 + i), "value");
    engine.commit(std::move(batch));
  }
  const std::size_t full = engine.size_bytes();
  WriteBatch copy;
  copy.copy_space(1, 2);
  engine.commit(std::move(copy));
  const auto fork = engine.fork();
  EXPECT_LT(engine.size_bytes(), full + 3000);
  engine.erase_space(1);
  engine.erase_space(2);
  fork->erase_space(1);
  fork->erase_space(2);
  EXPECT_GT(engine.size_bytes(), full / 2) << "it is freed in parts";
  int parts = 1;
  while (engine.reclaim()) ++parts;
  EXPECT_GT(parts, 10);
  EXPECT_EQ(engine.size_bytes(), 0u);
}

// Commits free as much as they leave behind, also if each has to copy many nodes for a view.
TEST(MemoryEngine, FreesWhatCommitsCopyBesideViews) {
  MemoryEngine engine;
  std::mt19937 random(1);
  const auto commit = [&] {
    const auto view = engine.read_view();
    WriteBatch batch;
    for (int i = 0; i < 100; ++i) {
      batch.put(1, std::to_string(random() % 20'000), std::string(20, 'v'));
    }
    engine.commit(std::move(batch));
  };
  for (int i = 0; i < 1000; ++i) commit();
  const std::size_t size = engine.size_bytes();
  for (int i = 0; i < 1000; ++i) commit();
  EXPECT_LT(engine.size_bytes(), size * 5 / 4);
}

// Keys in any order take little more memory than their entries: no order makes a node of each.
TEST(MemoryEngine, FillsNodesWithKeysInAnUnfavourableOrder) {
  MemoryEngine engine;
  WriteBatch batch;
  for (char key = 'a'; key < 'a' + 29; ++key) batch.put(1, std::string(1, key), "");
  batch.put(1, "\xC0\x01", "");
  engine.commit(std::move(batch));
  constexpr int count = 254;
  for (int last = 0xFF; last > 0xFF - count; --last) {
    engine.commit([&] {
      WriteBatch put;
      put.put(1, std::string("\xC0") + static_cast<char>(last), "");
      return put;
    }());
  }
  EXPECT_LT(engine.size_bytes(), count * 150);
}

// Long keys make long separators of nodes.
TEST(MemoryEngine, CountsTheSeparatorsOfNodes) {
  MemoryEngine engine;
  constexpr std::size_t count = 3000;
  constexpr std::size_t key_bytes = 2000;
  for (std::size_t i = 0; i < count; ++i) {
    WriteBatch batch;
    batch.put(1, std::string(key_bytes, 'k') + std::to_string(10'000 + i), "");
    engine.commit(std::move(batch));
  }
  const std::size_t entries = count * (key_bytes + 40);
  EXPECT_GT(engine.size_bytes(), entries + count / 30 * key_bytes);
}

// A copy that is gone does not keep writes from replacing what it shared.
TEST(MemoryEngine, AcceptsEqualValuesAfterACopyIsErased) {
  MemoryEngine engine(12'000);
  engine.commit(put("a", 9000));
  WriteBatch copy;
  copy.copy_space(1, 2);
  engine.commit(std::move(copy));
  EXPECT_FALSE(engine.try_commit(put("a", 9000))) << "the copy keeps the old value";
  engine.erase_space(2);
  EXPECT_TRUE(engine.try_commit(put("a", 9000)));
}

// Records that are kept beside the entries count as if they were entries.
TEST(MemoryEngine, CountsReservedMemory) {
  MemoryEngine engine(10'000);
  EXPECT_FALSE(engine.try_reserve(10'001, 0));
  EXPECT_TRUE(engine.try_reserve(10'001, 1));
  engine.release(10'001);
  ASSERT_TRUE(engine.try_commit(put("a", 3000)));
  ASSERT_TRUE(engine.try_reserve(5000, 0));
  EXPECT_GT(engine.size_bytes(), 8000u);
  EXPECT_FALSE(engine.try_reserve(1000, 0));
  EXPECT_FALSE(engine.try_commit(put("b", 1000)));
  EXPECT_TRUE(engine.try_commit(put("a", 2900)));
  EXPECT_TRUE(engine.try_reserve(20'000, std::numeric_limits<std::size_t>::max()));
  EXPECT_TRUE(engine.try_commit(put("a", 2800))) << "past the limit, but less than before";
  EXPECT_FALSE(engine.try_commit(put("a", 2900)));
  engine.release(25'000);
  EXPECT_TRUE(engine.try_commit(put("b", 1000)));
  engine.commit(put("c", 20'000));
  EXPECT_FALSE(engine.try_reserve(1, 0));
  EXPECT_FALSE(engine.try_reserve(1, 100));
}

}  // namespace
}  // namespace pageturner
