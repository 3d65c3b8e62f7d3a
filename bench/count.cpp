// Takes each path of paths.h a number of times, for callgrind to count: bench/instructions runs
// this under valgrind. Callgrind is told what to look at from here, so that the set-up of a path is
// neither counted nor slowed down.
#include <valgrind/callgrind.h>

#include <cstdio>
#include <string>

#include "bench/paths.h"

int main() {
  for (const pageturner::BenchPath& path : pageturner::bench_paths()) {
    const std::string name(path.name);
    const auto take = path.make();
    take();  // what is allocated and initialised once is not what the path costs
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    for (unsigned i = 0; i < path.count; ++i) take();
    CALLGRIND_DUMP_STATS_AT(name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
    std::printf("%s %u\n", name.c_str(), path.count);
  }
}
