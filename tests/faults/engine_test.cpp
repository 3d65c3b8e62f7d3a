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

namespace pageturner {
namespace {

using Model = std::map<std::string, std::string>;

Model entries_of(const Engine& engine) {
  Model entries;
  engine.read_view()->walk({"", "\xFF"}, Direction::forward,
                           [&](std::string_view key, std::string_view value) {
                             return entries.emplace(key, value).second;
                           });
  return entries;
}

// The memory that an engine with these entries alone takes.
std::size_t size_bytes_of(const Model& model) {
  MemoryEngine engine;
  WriteBatch batch;
  for (const auto& [key, value] : model) batch.put(key, value);
  engine.commit(std::move(batch));
  return engine.size_bytes();
}

class Batches {
 public:
  // Returns a batch of up to 40 puts and erasures, and makes it in `model`.
  WriteBatch next(Model& model) {
    WriteBatch batch;
    const std::size_t changes = 1 + random_() % 40;
    for (std::size_t i = 0; i < changes; ++i) {
      const std::string key = random_key();
      const std::string value(random_() % 60, 'v');
      model[key] = value;
      batch.put(key, value);
    }
    // Erases a few keys that are not put.
    const std::string begin = random_key();
    const std::string end = begin.substr(0, 1) + "\x7F";
    for (auto at = model.lower_bound(begin); at != model.end() && at->first < end;) {
      if (is_put(batch, at->first)) {
        ++at;
        continue;
      }
      batch.erase(at->first);
      at = model.erase(at);
    }
    return batch;
  }

 private:
  std::string random_key() {
    return {static_cast<char>('a' + random_() % 26), static_cast<char>('a' + random_() % 26)};
  }

  static bool is_put(const WriteBatch& batch, const std::string& key) {
    return std::any_of(batch.changes().begin(), batch.changes().end(), [&](const auto& change) {
      const auto* put = std::get_if<WriteBatch::Put>(&change);
      return put != nullptr && put->key == key;
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

TEST(FailingCommit, ChangesNothing) {
  for (const FaultMode mode : {FaultMode::once, FaultMode::from}) {
    MemoryEngine engine;
    Batches batches;
    Model model;
    std::size_t failures = 0;
    for (int round = 0; round < 200; ++round) {
      const Model before = model;
      const WriteBatch batch = batches.next(model);
      for (std::size_t number = 1; !commit(engine, batch, number, mode); ++number) {
        ASSERT_EQ(entries_of(engine), before) << "round " << round << ", allocation " << number;
        ++failures;
      }
      ASSERT_EQ(entries_of(engine), model) << "round " << round;
      ASSERT_EQ(engine.size_bytes(), size_bytes_of(model)) << "round " << round;
    }
    EXPECT_GT(model.size(), 200u);
    EXPECT_GT(failures, 2000u);
  }
}

}  // namespace
}  // namespace pageturner
