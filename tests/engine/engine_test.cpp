// Why: everything that the database stores is bytes in an engine, and engines are interchangeable
// only if all of them keep this contract. One body runs on every engine, against a std::map.
// Source: the contract in storage/engine/engine.h.
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

using Entries = std::vector<std::pair<std::string, std::string>>;

// The entries of every keyspace.
using Model = std::map<KeyspaceId, std::map<std::string, std::string>>;

struct EngineFactory {
  const char* name;
  std::function<std::unique_ptr<Engine>()> make;
};

// Random keys and changes of few keyspaces.
class Changes {
 public:
  explicit Changes(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }
  KeyspaceId space() { return static_cast<KeyspaceId>(1 + below(4)); }

  // Short keys of few different bytes, so that they meet, some of which have a long common
  // beginning.
  std::string key() {
    constexpr char bytes[] = {'\x00', '\x01', 'a', '\x7F', '\x80', '\xFF'};
    std::string key(below(2) * 20, 'p');
    for (std::size_t length = below(6); length > 0; --length) key += bytes[below(6)];
    return key;
  }

  KeyRange range() {
    switch (below(4)) {
      case 0: {
        const std::string prefix = "a" + key();
        return {prefix, prefix_end(prefix)};
      }
      case 1:
        return {key(), std::nullopt};
      default:
        return {key(), key()};  // often inverted, sometimes empty
    }
  }

  // Returns a batch of random changes, and makes them in `model`.
  WriteBatch batch(std::size_t changes, Model& model) {
    WriteBatch batch;
    std::map<std::pair<KeyspaceId, std::string>, bool> keys;  // whether it is put
    for (; changes > 0; --changes) {
      const KeyspaceId in = space();
      std::string changed = key();
      const bool is_put = below(8) < 5;
      const auto [known, is_new] = keys.try_emplace({in, changed}, is_put);
      if (!is_new && !(is_put && known->second)) continue;  // it may be put twice
      if (is_put) {
        std::string value = std::to_string(random_()) + std::string(below(40), '\0');
        model[in][changed] = value;
        batch.put(in, std::move(changed), std::move(value));
      } else {
        model[in].erase(changed);
        batch.erase(in, std::move(changed));
      }
    }
    return batch;
  }

  // Returns a batch that erases a keyspace, or copies one to it after that.
  std::vector<WriteBatch> whole_space(Model& model) {
    std::vector<WriteBatch> batches(1);
    const KeyspaceId to = space();
    model[to].clear();
    batches[0].erase_space(to);
    const KeyspaceId from = space();
    if (from == to) return batches;
    model[to] = model[from];
    batches.emplace_back().copy_space(from, to);
    return batches;
  }

 private:
  std::mt19937 random_;
};

Entries entries_of(const Model& model, KeyspaceId space, const KeyRange& range,
                   Direction direction) {
  Entries entries;
  const auto found = model.find(space);
  if (found == model.end()) return entries;
  for (const auto& entry : found->second) {
    if (range.contains(entry.first)) entries.push_back(entry);
  }
  if (direction == Direction::backward) std::reverse(entries.begin(), entries.end());
  return entries;
}

// The first `count` entries that a walk visits.
Entries walk(const ReadView& view, KeyspaceId space, const KeyRange& range = {},
             Direction direction = Direction::forward, std::size_t count = ~std::size_t{0}) {
  Entries entries;
  view.walk(space, range, direction, [&](std::string_view key, std::string_view value) {
    entries.emplace_back(key, value);
    return entries.size() < count;
  });
  return entries;
}

void expect_equal(const ReadView& view, const Model& model) {
  for (KeyspaceId space = 1; space <= 4; ++space) {
    ASSERT_EQ(walk(view, space), entries_of(model, space, {}, Direction::forward));
  }
}

class EngineContract : public testing::TestWithParam<EngineFactory> {
 protected:
  void put(KeyspaceId space, std::string key, std::string value) {
    WriteBatch batch;
    batch.put(space, std::move(key), std::move(value));
    engine_->commit(std::move(batch));
  }

  // Applies one or two batches of `count` changes, or of a whole keyspace.
  void change(Engine& engine, std::size_t count, Model& model) {
    if (changes_.below(20) == 0) {
      for (WriteBatch& batch : changes_.whole_space(model)) engine.commit(std::move(batch));
    } else {
      engine.commit(changes_.batch(count, model));
    }
  }

  std::unique_ptr<Engine> engine_ = GetParam().make();
  Changes changes_{20120810};
};

TEST_P(EngineContract, StartsEmpty) {
  const auto view = engine_->read_view();
  EXPECT_FALSE(view->get(1, "a"));
  EXPECT_TRUE(walk(*view, 1).empty());
  EXPECT_TRUE(walk(*view, 1, {}, Direction::backward).empty());
  EXPECT_EQ(engine_->size_bytes(), 0u);
}

TEST_P(EngineContract, BehavesLikeAMapUnderRandomBatches) {
  Model model;
  for (int round = 0; round < 1000; ++round) {
    // More and larger batches make trees of several levels; some make them small again.
    change(*engine_, changes_.below(round % 100 == 0 ? 500 : 20), model);
    const auto view = engine_->read_view();
    for (int i = 0; i < 5; ++i) {
      const KeyspaceId space = changes_.space();
      const std::string key = changes_.key();
      const auto found = model[space].find(key);
      const auto value = view->get(space, key);
      ASSERT_EQ(value.has_value(), found != model[space].end());
      if (value) {
        ASSERT_EQ(*value, found->second);
      }
      const KeyRange range = changes_.range();
      const auto direction = changes_.below(2) == 0 ? Direction::forward : Direction::backward;
      Entries expected = entries_of(model, space, range, direction);
      ASSERT_EQ(walk(*view, space, range, direction), expected);
      const std::size_t stop = 1 + changes_.below(4);
      expected.resize(std::min(stop, expected.size()));
      ASSERT_EQ(walk(*view, space, range, direction, stop), expected);
    }
  }
}

// A view shows the state in which it was opened, however many commits follow and in whatever order
// views are closed.
TEST_P(EngineContract, KeepsTheStateOfEachView) {
  struct Opened {
    std::unique_ptr<ReadView> view;
    Model model;
  };
  std::vector<Opened> views;
  Model model;
  for (int round = 0; round < 1000; ++round) {
    change(*engine_, changes_.below(30), model);
    if (changes_.below(3) == 0) views.push_back({engine_->read_view(), model});
    if (views.size() < 20) continue;
    const std::size_t closed = changes_.below(views.size());
    expect_equal(*views[closed].view, views[closed].model);
    views.erase(views.begin() + static_cast<std::ptrdiff_t>(closed));
  }
  for (const Opened& opened : views) expect_equal(*opened.view, opened.model);
  expect_equal(*engine_->read_view(), model);
}

// Forks of forks, each with views, destroyed in any order.
TEST_P(EngineContract, ForksGoTheirOwnWays) {
  struct Branch {
    std::unique_ptr<Engine> engine;
    Model model;
  };
  std::vector<Branch> branches;
  branches.push_back({std::move(engine_), {}});
  for (int round = 0; round < 1500; ++round) {
    const std::size_t at = changes_.below(branches.size());
    const auto view = branches[at].engine->read_view();
    const Model before = branches[at].model;
    change(*branches[at].engine, changes_.below(40), branches[at].model);
    if (round % 7 == 0) expect_equal(*view, before);
    if (changes_.below(20) == 0) {
      branches.push_back({branches[at].engine->fork(), branches[at].model});
    }
    if (branches.size() < 10) continue;
    const std::size_t gone = changes_.below(branches.size());
    if (gone == at) continue;  // it has a view
    expect_equal(*branches[gone].engine->read_view(), branches[gone].model);
    branches.erase(branches.begin() + static_cast<std::ptrdiff_t>(gone));
  }
  for (const Branch& branch : branches) expect_equal(*branch.engine->read_view(), branch.model);
}

TEST_P(EngineContract, KeepsTheLastOfSeveralPutsOfAKey) {
  put(1, "a", "0");
  WriteBatch batch;
  batch.put(1, "a", "1");
  batch.put(1, "b", "1");
  batch.put(1, "a", "2");
  batch.put(1, "b", "2");
  engine_->commit(std::move(batch));
  const Entries expected = {{"a", "2"}, {"b", "2"}};
  EXPECT_EQ(walk(*engine_->read_view(), 1), expected);
}

TEST_P(EngineContract, OrdersKeysByUnsignedBytes) {
  const std::vector<std::string> ascending = {"",      "a",         std::string("a\0", 2),
                                              "a\x01", "a\x7F",     "a\x80",
                                              "a\xFF", "a\xFF\xFF", "b",
                                              "\x80",  "\xFE",      "\xFF\xFF"};
  WriteBatch batch;
  for (auto key = ascending.rbegin(); key != ascending.rend(); ++key) batch.put(1, *key, "");
  engine_->commit(std::move(batch));
  std::vector<std::string> keys;
  for (const auto& [key, value] : walk(*engine_->read_view(), 1)) keys.push_back(key);
  EXPECT_EQ(keys, ascending);
}

// Orders of insertion and erasure that make and merge nodes in different places, with keys that
// have a long common beginning, as those of one partition.
TEST_P(EngineContract, TakesManyKeysInAnyOrder) {
  constexpr int count = 5000;
  const auto key_of = [](int number) {
    std::string digits = std::to_string(number);
    return std::string(40, 'p') + std::string(6 - digits.size(), '0') + digits;
  };
  std::vector<int> ascending(count);
  for (int i = 0; i < count; ++i) ascending[static_cast<std::size_t>(i)] = i;
  const std::vector<int> descending(ascending.rbegin(), ascending.rend());
  std::vector<int> shuffled = ascending;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(1));
  for (const auto& puts : {ascending, descending, shuffled}) {
    for (const auto& erasures : {ascending, descending, shuffled}) {
      for (const int number : puts) put(1, key_of(number), std::to_string(number));
      const auto full = engine_->read_view();
      for (std::size_t i = 0; i < erasures.size(); ++i) {
        WriteBatch batch;
        batch.erase(1, key_of(erasures[i]));
        engine_->commit(std::move(batch));
        if (i % 500 != 0) continue;
        ASSERT_EQ(walk(*engine_->read_view(), 1).size(), erasures.size() - i - 1);
      }
      const Entries all = walk(*full, 1);
      ASSERT_EQ(all.size(), puts.size());
      for (int i = 0; i < count; ++i) {
        ASSERT_EQ(all[static_cast<std::size_t>(i)].first, key_of(i));
        ASSERT_EQ(full->get(1, key_of(i)), std::to_string(i));
      }
    }
  }
}

TEST_P(EngineContract, KeepsLargeAndEmptyValues) {
  const std::string large(400'000, 'x');
  put(1, "large", large);
  put(1, "empty", "");
  const auto view = engine_->read_view();
  EXPECT_EQ(view->get(1, "large"), large);
  EXPECT_EQ(view->get(1, "empty"), "");
}

TEST_P(EngineContract, HasAnyNumberOfKeyspaces) {
  constexpr KeyspaceId count = 3000;
  for (KeyspaceId space = 1; space <= count; ++space) {
    put(space * 1'000'000, "key", std::to_string(space));
  }
  for (KeyspaceId space = 1; space <= count; space += 2) engine_->erase_space(space * 1'000'000);
  const auto view = engine_->read_view();
  for (KeyspaceId space = 1; space <= count; ++space) {
    const auto value = view->get(space * 1'000'000, "key");
    ASSERT_EQ(value.has_value(), space % 2 == 0);
    if (value) {
      ASSERT_EQ(*value, std::to_string(space));
    }
  }
}

TEST_P(EngineContract, ShowsEveryCommitThatHasReturned) {
  for (int i = 0; i < 10; ++i) {
    put(1, "key", std::to_string(i));
    EXPECT_EQ(engine_->read_view()->get(1, "key"), std::to_string(i));
  }
}

// Each commit of a thread writes one number under all keys of two keyspaces, or erases them all; a
// view that saw two numbers saw half a commit. Forks and views are made and destroyed meanwhile.
TEST_P(EngineContract, ShowsOnlyWholeCommits) {
  constexpr std::size_t keys = 20;
  constexpr int commits = 2000;
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  const auto check = [&](const ReadView& view) {
    for (const KeyspaceId first : {1, 3}) {
      Entries entries = walk(view, first);
      const Entries others = walk(view, first + 1, {}, Direction::backward);
      entries.insert(entries.end(), others.begin(), others.end());
      const bool is_whole = entries.empty() || entries.size() == 2 * keys;
      const bool is_uniform = std::all_of(entries.begin(), entries.end(), [&](const auto& entry) {
        return entry.second == entries.front().second;
      });
      if (!is_whole || !is_uniform) ++torn;
    }
  };
  const auto read = [&] {
    std::unique_ptr<ReadView> older = engine_->read_view();
    while (!done) {
      auto view = engine_->read_view();
      check(*view);
      check(*older);
      older = std::move(view);
    }
  };
  const auto write = [&](KeyspaceId first) {
    for (int commit = 0; commit < commits; ++commit) {
      WriteBatch batch;
      for (const KeyspaceId space : {first, first + 1}) {
        if (commit % 5 == 4) batch.erase_space(space);
        for (char key = 0; commit % 5 != 4 && key < static_cast<char>(keys); ++key) {
          std::string name = std::string("k") + key;
          if (commit % 3 == 0) {
            batch.erase(space, std::move(name));
          } else {
            batch.put(space, std::move(name), std::to_string(commit));
          }
        }
      }
      engine_->commit(std::move(batch));
    }
  };
  const auto fork = [&] {
    while (!done) {
      const auto other = engine_->fork();
      WriteBatch batch;
      batch.erase_space(1);
      batch.erase_space(2);
      other->commit(std::move(batch));
      check(*other->read_view());
      engine_->reclaim();
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) readers.emplace_back(read);
  readers.emplace_back(fork);
  std::thread first(write, 1);
  std::thread second(write, 3);
  first.join();
  second.join();
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0);
}

// Readers find keys that always exist while others beside them come and go, so that nodes are split
// and merged. The keys have a long common beginning, as those of a partition.
TEST_P(EngineContract, FindsKeysWhileOthersComeAndGo) {
  constexpr int count = 4000;
  const auto key_of = [](int number) {
    return std::string(40, 'p') + std::to_string(10'000 + number);
  };
  for (int i = 0; i < count; i += 20) put(1, key_of(i), "stays");
  std::atomic<bool> done = false;
  std::atomic<int> lost = 0;
  const auto read = [&](unsigned seed) {
    std::mt19937 random(seed);
    while (!done) {
      const auto view = engine_->read_view();
      for (int i = 0; i < 50; ++i) {
        lost += !view->get(1, key_of(static_cast<int>(random() % (count / 20)) * 20));
      }
    }
  };
  std::thread first(read, 1);
  std::thread second(read, 2);
  for (int round = 0; round < 40; ++round) {
    // Ranges of keys, from either end, so that nodes are merged with those before and behind them.
    const auto begin = static_cast<int>(changes_.below(count));
    const int end = std::min(count, begin + 500);
    for (int i = begin; i < end; ++i) {
      if (i % 20 != 0) put(1, key_of(i), "goes");
    }
    for (int i = 0; i < end - begin; ++i) {
      const int number = round % 2 == 0 ? begin + i : end - 1 - i;
      WriteBatch batch;
      if (number % 20 != 0) batch.erase(1, key_of(number));
      engine_->commit(std::move(batch));
    }
  }
  done = true;
  first.join();
  second.join();
  EXPECT_EQ(lost, 0);
}

// What is counted is what there is: about as much as in an engine that was given these entries
// alone, and nothing at the end.
TEST_P(EngineContract, CountsWhatItStores) {
  Model model;
  for (int i = 0; i < 2000; ++i) {
    change(*engine_, changes_.below(20), model);
    if (i % 100 != 0) continue;
    const auto other = GetParam().make();
    for (const auto& [space, entries] : model) {
      for (const auto& [key, value] : entries) {
        WriteBatch batch;
        batch.put(space, key, value);
        other->commit(std::move(batch));
      }
    }
    while (engine_->reclaim()) {
    }
    // Copies of keyspaces share entries, and nodes are not filled equally.
    EXPECT_LE(engine_->size_bytes(), other->size_bytes() * 5 / 4) << i;
    EXPECT_GE(engine_->size_bytes() * 4, other->size_bytes()) << i;
  }
  for (KeyspaceId space = 1; space <= 4; ++space) engine_->erase_space(space);
  while (engine_->reclaim()) {
  }
  EXPECT_EQ(engine_->size_bytes(), 0u);
}

INSTANTIATE_TEST_SUITE_P(AllEngines, EngineContract,
                         testing::Values(EngineFactory{
                             "Memory", [] { return std::make_unique<MemoryEngine>(); }}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(PrefixEnd, IsTheFirstKeyBehindAllWithThePrefix) {
  EXPECT_EQ(prefix_end("a"), "b");
  EXPECT_EQ(prefix_end(std::string("a\0", 2)), "a\x01");
  EXPECT_EQ(prefix_end("a\xFF"), "b");
  EXPECT_EQ(prefix_end("a\xFE\xFF\xFF"), "a\xFF");
}

TEST(KeyRange, KnowsWhatItContains) {
  const KeyRange range = {"b", "d"};
  EXPECT_FALSE(range.empty());
  EXPECT_TRUE(range.contains("b"));
  EXPECT_TRUE(range.contains("c\xFF"));
  EXPECT_FALSE(range.contains("d"));
  EXPECT_FALSE(range.contains("a"));
  EXPECT_TRUE((KeyRange{"b", "b"}.empty()));
  EXPECT_TRUE((KeyRange{"c", "b"}.empty()));
  EXPECT_FALSE((KeyRange{"c", std::nullopt}.empty()));
  EXPECT_TRUE((KeyRange{"c", std::nullopt}.contains("\xFF")));
  EXPECT_TRUE((KeyRange{}.contains("")));
}

}  // namespace
}  // namespace pageturner
