// Replaces libFuzzer in builds without it. Runs the target with each input of the corpus, whose
// folder is the first argument, and then for PAGETURNER_FUZZ_SECONDS (2) with inputs of the corpus
// in which a few bytes are changed. The changes are the same in every run. The second argument is
// the file that keeps the last input, for the case of a crash.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include "tests/fuzz/fuzz.h"

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string changed(std::string input, std::minstd_rand& random) {
  for (unsigned changes = 1 + random() % 3; changes > 0 && !input.empty(); --changes) {
    const std::size_t at = random() % input.size();
    switch (random() % 3) {
      case 0:
        input[at] = static_cast<char>(random());
        break;
      case 1:
        input.erase(at, 1 + random() % 8);
        break;
      default:
        input.insert(at, input.substr(random() % input.size(), 1 + random() % 8));
    }
  }
  return input;
}

// Writes `input` to the file `last`, then runs the target with it.
void run(const std::string& input, const char* last) {
  std::ofstream(last, std::ios::binary | std::ios::trunc) << input;
  pageturner::fuzz_one(input);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  std::vector<std::string> corpus;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
    corpus.push_back(read(entry.path()));
  }
  std::sort(corpus.begin(), corpus.end());  // directory entries have no order
  for (const std::string& input : corpus) run(input, arguments[2]);
  const char* const wanted = std::getenv("PAGETURNER_FUZZ_SECONDS");
  const int seconds = wanted == nullptr ? 2 : std::atoi(wanted);
  std::minstd_rand random;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::size_t runs = 0;
  for (; !corpus.empty() && std::chrono::steady_clock::now() < end; ++runs) {
    run(changed(corpus[random() % corpus.size()], random), arguments[2]);
  }
  std::cout << corpus.size() << " inputs and " << runs << " changes of them\n";
  return corpus.empty() ? 1 : 0;
}
