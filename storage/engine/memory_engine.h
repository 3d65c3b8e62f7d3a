// An engine that keeps everything in memory, in one ordered tree.
#pragma once

#include <absl/container/btree_map.h>

#include "storage/engine/engine.h"
#include "storage/read_write_lock.h"

namespace ddb {

class MemoryEngine final : public Engine {
 public:
  // The view holds the tree's lock for reading: commits wait for it.
  std::unique_ptr<ReadView> read_view() const override;
  void commit(WriteBatch batch) override;

 private:
  class View;
  using Tree = absl::btree_map<std::string, std::string, std::less<>>;

  mutable ReadWriteLock lock_;
  Tree tree_;
};

}  // namespace ddb
