// Why: everything the database keeps is bytes in an engine, and engines are interchangeable only if
// all of them keep this contract. One body runs on every engine, against a std::map. Source: the
// contract in storage/engine/engine.h.
#include "storage/engine/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <random>
#include <thread>

#include "storage/engine/memory_engine.h"

namespace pageturner {
namespace {

using Model = std::map<std::string, std::string>;
using Entries = std::vector<std::pair<std::string, std::string>>;

struct EngineFactory {
  const char* name;
  std::function<std::unique_ptr<Engine>()> make;
};

class EngineContract : public testing::TestWithParam<EngineFactory> {
 protected:
  std::unique_ptr<Engine> engine_ = GetParam().make();
  std::mt19937 random_{20120810};

  std::size_t below(std::size_t bound) { return random_() % bound; }

  // Short keys of few different bytes, so that they meet and share prefixes. The first byte is
  // never FF: no key space's is.
  std::string random_key() {
    constexpr char bytes[] = {'\x00', '\x01', 'a', '\x7F', '\x80', '\xFF'};
    std::string key(1, bytes[below(5)]);
    for (std::size_t length = below(4); length > 0; --length) key += bytes[below(6)];
    return key;
  }

  KeyRange random_range() {
    switch (below(4)) {
      case 0: {
        const std::string prefix = random_key();
        return {prefix, prefix_end(prefix)};
      }
      case 1:
        return {"", "\xFF\xFF\xFF"};
      default:
        return {random_key(), random_key()};  // often inverted, sometimes empty
    }
  }

  // Returns a batch of random changes, and makes them in `model`.
  WriteBatch random_batch(std::size_t changes, Model& model) {
    WriteBatch batch;
    Model puts;
    for (; changes > 0; --changes) {
      switch (below(8)) {
        case 0: {
          const KeyRange range = random_range();
          if (!entries_of(puts, range, Direction::forward).empty()) break;
          if (range.begin < range.end) {
            model.erase(model.lower_bound(range.begin), model.lower_bound(range.end));
          }
          batch.erase_range(range);
          break;
        }
        case 1:
        case 2: {
          const std::string key = random_key();
          if (puts.contains(key)) break;
          model.erase(key);
          batch.erase(key);
          break;
        }
        default: {
          const std::string key = random_key();
          const std::string value = std::to_string(random_()) + std::string(below(40), '\0');
          if (is_erased(batch, key)) break;
          puts[key] = model[key] = value;
          batch.put(key, value);
        }
      }
    }
    return batch;
  }

  static bool is_erased(const WriteBatch& batch, const std::string& key) {
    return std::any_of(batch.changes().begin(), batch.changes().end(), [&](const auto& change) {
      const auto* erase = std::get_if<WriteBatch::Erase>(&change);
      const auto* range = std::get_if<WriteBatch::EraseRange>(&change);
      return (erase != nullptr && erase->key == key) ||
             (range != nullptr && range->range.contains(key));
    });
  }

  static Entries entries_of(const Model& model, const KeyRange& range, Direction direction) {
    Entries entries;
    for (const auto& entry : model) {
      if (range.begin <= entry.first && entry.first < range.end) entries.push_back(entry);
    }
    if (direction == Direction::backward) std::reverse(entries.begin(), entries.end());
    return entries;
  }

  // The first `count` entries that a walk visits.
  static Entries walk(const ReadView& view, const KeyRange& range, Direction direction,
                      std::size_t count = ~std::size_t{0}) {
    Entries entries;
    if (count == 0) return entries;
    view.walk(range, direction, [&](std::string_view key, std::string_view value) {
      entries.emplace_back(key, value);
      return entries.size() < count;
    });
    return entries;
  }

  void put(std::string key, std::string value) {
    WriteBatch batch;
    batch.put(std::move(key), std::move(value));
    engine_->commit(std::move(batch));
  }
};

TEST_P(EngineContract, StartsEmpty) {
  const auto view = engine_->read_view();
  EXPECT_FALSE(view->get("a"));
  EXPECT_TRUE(walk(*view, {"", "\xFF"}, Direction::forward).empty());
  EXPECT_TRUE(walk(*view, {"", "\xFF"}, Direction::backward).empty());
}

TEST_P(EngineContract, BehavesLikeAMapUnderRandomBatches) {
  Model model;
  for (int round = 0; round < 300; ++round) {
    engine_->commit(random_batch(below(20), model));
    const auto view = engine_->read_view();
    for (int i = 0; i < 10; ++i) {
      const std::string key = random_key();
      const auto found = model.find(key);
      const auto value = view->get(key);
      ASSERT_EQ(value.has_value(), found != model.end());
      if (value) {
        ASSERT_EQ(*value, found->second);
      }
    }
    for (int i = 0; i < 10; ++i) {
      const KeyRange range = random_range();
      const auto direction = below(2) == 0 ? Direction::forward : Direction::backward;
      Entries expected = entries_of(model, range, direction);
      ASSERT_EQ(walk(*view, range, direction), expected);
      const std::size_t stop = 1 + below(4);
      expected.resize(std::min(stop, expected.size()));
      ASSERT_EQ(walk(*view, range, direction, stop), expected);
    }
  }
}

TEST_P(EngineContract, KeepsTheLastOfSeveralPutsOfAKey) {
  put("a", "0");
  WriteBatch batch;
  batch.put("a", "1");
  batch.put("b", "1");
  batch.put("a", "2");
  batch.put("b", "2");
  engine_->commit(std::move(batch));
  const Entries expected = {{"a", "2"}, {"b", "2"}};
  EXPECT_EQ(walk(*engine_->read_view(), {"", "z"}, Direction::forward), expected);
}

TEST_P(EngineContract, ErasesARangeInParts) {
  WriteBatch batch;
  for (int i = 0; i < 2500; ++i) batch.put("m" + std::to_string(i), "");
  batch.put("l", "1");
  batch.put("n", "2");
  engine_->commit(std::move(batch));
  const std::size_t before = walk(*engine_->read_view(), {"", "z"}, Direction::forward).size();
  EXPECT_TRUE(engine_->erase_part({"m", "n"}));
  EXPECT_LT(walk(*engine_->read_view(), {"", "z"}, Direction::forward).size(), before);
  while (engine_->erase_part({"m", "n"})) {
  }
  const Entries expected = {{"l", "1"}, {"n", "2"}};
  EXPECT_EQ(walk(*engine_->read_view(), {"", "z"}, Direction::forward), expected);
  EXPECT_FALSE(engine_->erase_part({"m", "n"}));
  EXPECT_FALSE(engine_->erase_part({"n", "m"}));
}

TEST_P(EngineContract, OrdersKeysByUnsignedBytes) {
  const std::vector<std::string> ascending = {
      "a",     std::string("a\0", 2), "a\x01", "a\x7F", "a\x80",
      "a\xFF", "a\xFF\xFF",           "b",     "\x80",  "\xFE"};
  WriteBatch batch;
  for (auto key = ascending.rbegin(); key != ascending.rend(); ++key) batch.put(*key, "");
  engine_->commit(std::move(batch));
  std::vector<std::string> keys;
  for (const auto& [key, value] : walk(*engine_->read_view(), {"", "\xFF"}, Direction::forward)) {
    keys.push_back(key);
  }
  EXPECT_EQ(keys, ascending);
}

TEST_P(EngineContract, KeepsLargeAndEmptyValues) {
  const std::string large(400'000, 'x');
  put("large", large);
  put("empty", "");
  const auto view = engine_->read_view();
  EXPECT_EQ(view->get("large"), large);
  EXPECT_EQ(view->get("empty"), "");
}

TEST_P(EngineContract, ShowsEveryCommitThatHasReturned) {
  for (int i = 0; i < 10; ++i) {
    put("key", std::to_string(i));
    EXPECT_EQ(engine_->read_view()->get("key"), std::to_string(i));
  }
}

// Each commit writes one number under all keys; a view that saw two numbers saw half a commit.
TEST_P(EngineContract, ShowsOnlyWholeCommits) {
  constexpr int keys = 20;
  constexpr int commits = 300;
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  const auto read = [&] {
    while (!done) {
      const auto view = engine_->read_view();
      const Entries first = walk(*view, {"k", "l"}, Direction::forward);
      const Entries again = walk(*view, {"k", "l"}, Direction::backward);
      const bool whole = first.empty() || first.size() == keys;
      const bool uniform = std::all_of(first.begin(), first.end(), [&](const auto& entry) {
        return entry.second == first.front().second;
      });
      const bool steady = std::equal(first.begin(), first.end(), again.rbegin(), again.rend());
      if (!whole || !uniform || !steady) ++torn;
    }
  };
  std::thread one(read);
  std::thread two(read);
  for (int commit = 0; commit < commits; ++commit) {
    WriteBatch batch;
    if (commit % 3 == 0) batch.erase_range({"k", "l"});
    for (char key = 0; commit % 3 != 0 && key < keys; ++key) {
      batch.put(std::string("k") + key, std::to_string(commit));
    }
    engine_->commit(std::move(batch));
  }
  done = true;
  one.join();
  two.join();
  EXPECT_EQ(torn, 0);
}

// What is counted is what is there: it comes back to nothing however entries came and went.
TEST_P(EngineContract, CountsWhatItHolds) {
  Model model;
  EXPECT_EQ(engine_->size_bytes(), 0u);
  for (int i = 0; i < 2000; ++i) {
    engine_->commit(random_batch(below(5), model));
    if (i % 100 != 0) continue;
    const auto other = GetParam().make();
    // As much as an engine that was given these entries alone.
    WriteBatch copy;
    for (const auto& [key, value] : model) copy.put(key, value);
    other->commit(std::move(copy));
    EXPECT_EQ(engine_->size_bytes(), other->size_bytes()) << i;
  }
  WriteBatch rest;
  rest.erase_range({"", "\xFF\xFF\xFF"});
  engine_->commit(std::move(rest));
  EXPECT_EQ(engine_->size_bytes(), 0u);
}

INSTANTIATE_TEST_SUITE_P(AllEngines, EngineContract,
                         testing::Values(EngineFactory{
                             "Memory", [] { return std::make_unique<MemoryEngine>(); }}),
                         [](const auto& tested) { return std::string(tested.param.name); });

WriteBatch put(std::string key, std::size_t value_bytes) {
  WriteBatch batch;
  batch.put(std::move(key), std::string(value_bytes, 'x'));
  return batch;
}

// Either a batch fits or nothing of it happens; what frees memory, or takes no more, always fits.
TEST(MemoryEngine, RefusesWhatTakesItPastItsCeiling) {
  constexpr std::size_t ceiling = 10'000;
  MemoryEngine engine(ceiling);
  ASSERT_TRUE(engine.try_commit(put("a", 4000)));
  ASSERT_TRUE(engine.try_commit(put("b", 4000)));
  const std::size_t full = engine.size_bytes();
  EXPECT_GT(full, 8000u);
  EXPECT_LT(full, 8200u);
  EXPECT_FALSE(engine.try_commit(put("c", 2000)));
  EXPECT_EQ(engine.size_bytes(), full);
  EXPECT_FALSE(engine.read_view()->get("c"));

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
         batch.erase("a");
         return batch;
       }()},
      {"the last of several under one key counts", true,
       [] {
         WriteBatch batch = put("c", 9000);
         batch.put("c", "");
         return batch;
       }()},
      {"what a range takes away counts", true,
       [] {
         WriteBatch batch = put("d", 9000);
         batch.erase_range({"a", "c"});
         return batch;
       }()},
  };
  for (const auto& row : rows) {
    MemoryEngine same(ceiling);
    same.commit(put("a", 4000));
    same.commit(put("b", 4000));
    const std::size_t before = same.size_bytes();
    EXPECT_EQ(same.try_commit(row.batch), row.fits) << row.what;
    EXPECT_LE(same.size_bytes(), ceiling) << row.what;
    if (!row.fits) {
      EXPECT_EQ(same.size_bytes(), before) << row.what;
    }
  }

  engine.commit(put("c", 20'000));  // must not fail
  EXPECT_GT(engine.size_bytes(), 28'000u);
  EXPECT_TRUE(engine.try_commit(put("b", 3000))) << "past the ceiling, but less than before";
  EXPECT_FALSE(engine.try_commit(put("b", 3500)));
}

// Records that are kept beside the entries count as if they were entries.
TEST(MemoryEngine, CountsReservedMemory) {
  MemoryEngine engine(10'000);
  EXPECT_FALSE(engine.try_reserve(10'001, 0));
  EXPECT_TRUE(engine.try_reserve(10'001, 1));
  engine.release(10'001);
  ASSERT_TRUE(engine.try_commit(put("a", 4000)));
  ASSERT_TRUE(engine.try_reserve(5000, 0));
  EXPECT_GT(engine.size_bytes(), 9000u);
  EXPECT_FALSE(engine.try_reserve(1000, 0));
  EXPECT_FALSE(engine.try_commit(put("b", 1000)));
  EXPECT_TRUE(engine.try_commit(put("a", 3900)));
  EXPECT_TRUE(engine.try_reserve(20'000, std::numeric_limits<std::size_t>::max()));
  EXPECT_TRUE(engine.try_commit(put("a", 3800))) << "past the limit, but less than before";
  EXPECT_FALSE(engine.try_commit(put("a", 3900)));
  engine.release(25'000);
  EXPECT_TRUE(engine.try_commit(put("b", 1000)));
  engine.commit(put("c", 20'000));
  EXPECT_FALSE(engine.try_reserve(1, 0));
  EXPECT_FALSE(engine.try_reserve(1, 100));
}

TEST(PrefixEnd, IsTheFirstKeyBehindAllWithThePrefix) {
  EXPECT_EQ(prefix_end("a"), "b");
  EXPECT_EQ(prefix_end(std::string("a\0", 2)), "a\x01");
  EXPECT_EQ(prefix_end("a\xFF"), "b");
  EXPECT_EQ(prefix_end("a\xFE\xFF\xFF"), "a\xFF");
}

TEST(KeyRange, KnowsWhatItHolds) {
  const KeyRange range = {"b", "d"};
  EXPECT_FALSE(range.empty());
  EXPECT_TRUE(range.contains("b"));
  EXPECT_TRUE(range.contains("c\xFF"));
  EXPECT_FALSE(range.contains("d"));
  EXPECT_FALSE(range.contains("a"));
  EXPECT_TRUE((KeyRange{"b", "b"}.empty()));
  EXPECT_TRUE((KeyRange{"c", "b"}.empty()));
}

}  // namespace
}  // namespace pageturner
