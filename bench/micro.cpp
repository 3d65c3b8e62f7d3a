// Times the paths of paths.h with Google Benchmark.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/paths.h"

int main(int count, char** arguments) {
  for (const pageturner::BenchPath& path : pageturner::bench_paths()) {
    benchmark::RegisterBenchmark(std::string(path.name).c_str(), [&path](benchmark::State& state) {
      const auto take = path.make();
      for (auto _ : state) take();
    });
  }
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
