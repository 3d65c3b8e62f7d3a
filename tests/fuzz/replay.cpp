// Stands in for libFuzzer where a build is not made for it: gives the target each input of the
// corpus, whose folder is the argument, and then, for PAGETURNER_FUZZ_SECONDS (2), inputs
// of the corpus with a few bytes changed. The changes are the same in every run. The second
// argument names the file in which the input is left that the target did not survive.
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

// Gives the target `input`, which is in the file `last` until the next one.
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
  std::sort(corpus.begin(), corpus.end());  // folders have no order
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
