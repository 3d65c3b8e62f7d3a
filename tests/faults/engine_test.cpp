// Why: a commit is the only change of the stored data, so one that fails must change nothing,
// whichever allocation fails and however the tree has to be rebuilt for it. Checked against a
// std::map, with trees of several levels.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <new>
#include <random>
#include <string>

#include "storage/engine/memory_engine.h"
#include "tests/faults/allocation_fault.h"
#include "tests/support/all_entries.h"

namespace pageturner {
namespace {

using Model = std::map<std::pair<KeyspaceId, std::string>, std::string>;

Model entries_of(const Engine& engine) {
  Model entries;
  walk_all(*engine.read_view(),
           [&](KeyspaceId space, std::string_view key, std::string_view value) {
             entries.emplace(std::pair(space, key), value);
           });
  return entries;
}

constexpr KeyspaceId copied_space = 3;

class Batches {
 public:
  // Returns a batch of up to 40 puts, of some erasures and of a change of a whole keyspace, and
  // makes it in `model`.
  WriteBatch next(Model& model) {
    WriteBatch batch;
    const std::size_t changes = 1 + random_() % 40;
    for (std::size_t i = 0; i < changes; ++i) {
      const auto place = random_place();
      const std::string value(random_() % 60, 'v');
      model[place] = value;
      batch.put(place.first, place.second, value);
    }
    // Erases a few keys that are not put.
    const auto begin = random_place();
    const auto end = std::pair(begin.first, begin.second.substr(0, 1) + "\x7F");
    for (auto at = model.lower_bound(begin); at != model.end() && at->first < end;) {
      if (is_put(batch, at->first)) {
        ++at;
        continue;
      }
      batch.erase(at->first.first, at->first.second);
      at = model.erase(at);
    }
    change_copy(batch, model);
    return batch;
  }

 private:
  using Place = std::pair<KeyspaceId, std::string>;

  // Erases the copy, or makes it, of a keyspace that never changes.
  void change_copy(WriteBatch& batch, Model& model) {
    constexpr KeyspaceId constant_space = 4;
    const auto begin = model.lower_bound({copied_space, ""});
    if (begin != model.end() && begin->first.first == copied_space) {
      batch.erase_space(copied_space);
      model.erase(begin, model.lower_bound({copied_space + 1, ""}));
    } else if (model.contains({constant_space, "key"})) {
      batch.copy_space(constant_space, copied_space);
      model[{copied_space, "key"}] = "value";
    } else {
      batch.put(constant_space, "key", "value");
      model[{constant_space, "key"}] = "value";
    }
  }

  Place random_place() {
    return {static_cast<KeyspaceId>(1 + random_() % 2),
            {static_cast<char>('a' + random_() % 26), static_cast<char>('a' + random_() % 26)}};
  }

  static bool is_put(const WriteBatch& batch, const Place& place) {
    return std::any_of(batch.changes().begin(), batch.changes().end(), [&](const auto& change) {
      const auto* put = std::get_if<WriteBatch::Put>(&change);
      return put != nullptr && put->space == place.first && put->key == place.second;
    });
  }

  std::mt19937 random_{20120810};
};

// Returns whether the commit with the failing allocation `number` has succeeded.
bool commit(Engine& engine, const WriteBatch& batch, std::size_t number, FaultMode mode) {
  WriteBatch copy = batch;
  const AllocationFault fault(number, mode);
  try {
    engine.commit(std::move(copy));
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

// What else shares the state that a commit changes.
enum class SharedWith { nothing, view, fork };

TEST(FailingCommit, ChangesNothing) {
  for (const FaultMode mode : {FaultMode::once, FaultMode::from}) {
    for (const SharedWith shared : {SharedWith::nothing, SharedWith::view, SharedWith::fork}) {
      MemoryEngine engine;
      Batches batches;
      Model model;
      std::size_t failures = 0;
      for (int round = 0; round < 100; ++round) {
        const Model before = model;
        const WriteBatch batch = batches.next(model);
        auto view = shared == SharedWith::view ? engine.read_view() : nullptr;
        auto fork = shared == SharedWith::fork ? engine.fork() : nullptr;
        for (std::size_t number = 1; !commit(engine, batch, number, mode); ++number) {
          ASSERT_EQ(entries_of(engine), before) << "round " << round << ", allocation " << number;
          ++failures;
        }
        ASSERT_EQ(entries_of(engine), model) << "round " << round;
        if (fork != nullptr) {
          ASSERT_EQ(entries_of(*fork), before) << "round " << round;
        }
      }
      EXPECT_GT(model.size(), 200u);
      EXPECT_GT(failures, 2000u);
      for (KeyspaceId space = 1; space <= 4; ++space) engine.erase_space(space);
      while (engine.reclaim()) {
      }
      EXPECT_EQ(engine.size_bytes(), 0u);
    }
  }
}

// A keyspace is erased even if nothing can be allocated.
TEST(FailingAllocations, DoNotKeepAKeyspaceFromBeingErased) {
  for (const SharedWith shared : {SharedWith::nothing, SharedWith::view, SharedWith::fork}) {
    MemoryEngine engine;
    constexpr KeyspaceId count = 1000;
    WriteBatch batch;
    for (KeyspaceId space = 1; space <= count; ++space) batch.put(space, "key", "value");
    engine.commit(std::move(batch));
    for (KeyspaceId space = 1; space <= count; space += 100) {
      auto view = shared == SharedWith::view ? engine.read_view() : nullptr;
      auto fork = shared == SharedWith::fork ? engine.fork() : nullptr;
      {
        const AllocationFault fault(1, FaultMode::from);
        engine.erase_space(space);
      }
      EXPECT_FALSE(engine.read_view()->get(space, "key"));
      EXPECT_TRUE(engine.read_view()->get(space + 1, "key"));
      engine.erase_space(0);  // with memory for the next
    }
  }
}

}  // namespace
}  // namespace pageturner
