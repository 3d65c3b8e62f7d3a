// The paths inside the process that are measured separately: bench/micro times them,
// bench/instructions counts their instructions.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

namespace pageturner {

struct BenchPath {
  std::string_view name;
  unsigned count;  // runs of the path when counted: enough for a stable mean
  // Sets up the data of the path and returns the path; each call runs it once.
  std::function<void()> (*make)();
};

const std::vector<BenchPath>& bench_paths();

}  // namespace pageturner
