// Runs each path of paths.h several times under callgrind; bench/instructions starts it with
// valgrind. The instrumentation is switched on here around the runs only, so that the set-up of a
// path is neither counted nor slowed down.
#include <valgrind/callgrind.h>

#include <cstdio>
#include <string>

#include "bench/paths.h"

int main() {
  for (const pageturner::BenchPath& path : pageturner::bench_paths()) {
    const std::string name(path.name);
    const auto take = path.make();
    take();  // one-time allocations and initialisation are not counted
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    for (unsigned i = 0; i < path.count; ++i) take();
    CALLGRIND_DUMP_STATS_AT(name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
    std::printf("%s %u\n", name.c_str(), path.count);
  }
}
