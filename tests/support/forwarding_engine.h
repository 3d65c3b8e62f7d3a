// An engine in memory whose members a test overrides.
#pragma once

#include <memory>
#include <utility>

#include "storage/engine/memory_engine.h"

namespace pageturner {

class ForwardingEngine : public Engine {
 public:
  std::unique_ptr<ReadView> read_view() const override { return engine_.read_view(); }
  void commit(WriteBatch batch) override { engine_.commit(std::move(batch)); }
  bool try_commit(WriteBatch batch) override { return engine_.try_commit(std::move(batch)); }
  void erase_space(KeyspaceId space) noexcept override { engine_.erase_space(space); }
  std::unique_ptr<Engine> fork() override { return engine_.fork(); }
  bool reclaim() noexcept override { return engine_.reclaim(); }
  bool try_reserve(std::size_t bytes, std::size_t spare_bytes) override {
    return engine_.try_reserve(bytes, spare_bytes);
  }
  void release(std::size_t bytes) override { engine_.release(bytes); }
  std::size_t size_bytes() const override { return engine_.size_bytes(); }

 private:
  MemoryEngine engine_;
};

}  // namespace pageturner
