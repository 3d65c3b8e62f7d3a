// The paths inside the process that are worth a figure of their own: bench/micro times them,
// bench/instructions counts their instructions.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

namespace pageturner {

struct BenchPath {
  std::string_view name;
  unsigned count;  // how often a counted run takes the path: enough for a steady mean
  // Sets up what the path needs, and gives the path: each call takes it once.
  std::function<void()> (*make)();
};

const std::vector<BenchPath>& bench_paths();

}  // namespace pageturner
