// The entries of all keyspaces of an engine.
#pragma once

#include <absl/functional/function_ref.h>

#include <cstddef>
#include <string_view>

#include "storage/engine/engine.h"

namespace pageturner {

inline void walk_all(
    const ReadView& view,
    absl::FunctionRef<void(KeyspaceId space, std::string_view key, std::string_view value)> visit) {
  for (const KeyspaceId space : view.spaces()) {
    view.walk(space, {}, Direction::forward, [&](std::string_view key, std::string_view value) {
      visit(space, key, value);
      return true;
    });
  }
}

inline std::size_t count_entries(const ReadView& view, KeyspaceId space) {
  std::size_t count = 0;
  view.walk(space, {}, Direction::forward,
            [&](std::string_view, std::string_view) { return ++count > 0; });
  return count;
}

inline std::size_t count_all_entries(const Engine& engine) {
  std::size_t count = 0;
  walk_all(*engine.read_view(), [&](KeyspaceId, std::string_view, std::string_view) { ++count; });
  return count;
}

}  // namespace pageturner
