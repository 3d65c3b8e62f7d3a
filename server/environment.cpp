#include "server/environment.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <vector>

#include "protocol/text.h"

namespace pageturner {
namespace {

// The variables that tests, benchmarks and examples read, without the prefix; a name that ends in
// '_' is a prefix. The servers that they start inherit them.
constexpr std::array<std::string_view, 9> names_of_tests = {
    "BENCH_", "BINARY", "ENDPOINT", "FUZZ_", "JOBS", "MODEL_", "PRESET", "RUN_PENDING", "TEST_"};

bool is_of_tests(std::string_view name) {
  return std::any_of(names_of_tests.begin(), names_of_tests.end(), [&](std::string_view known) {
    return known.ends_with('_') ? name.starts_with(known) : name == known;
  });
}

bool is_address_of_service(std::string_view value) {
  return value.starts_with("tcp://") || value.starts_with("udp://") || value.starts_with("sctp://");
}

// `name` begins with the '_' behind PAGETURNER.
bool is_of_kubernetes(std::string_view name, std::string_view value) {
  if (name.ends_with("_PORT") && is_address_of_service(value)) return true;
  if (name.ends_with("_SERVICE_HOST") || name.ends_with("_SERVICE_PORT")) return true;
  if (name.find("_SERVICE_PORT_") != std::string_view::npos) return true;
  constexpr std::string_view port = "_PORT_";  // a number behind it, and the protocol
  const auto found = name.find(port);
  if (found == std::string_view::npos) return false;
  const std::string_view number = name.substr(found + port.size());
  return !number.empty() && is_digit(number.front());
}

// The Levenshtein distance: the number of characters to insert, remove or replace.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);  // from the start of `from` to each start of `to`
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::size_t common_start(std::string_view left, std::string_view right) {
  const auto [end, other] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  return static_cast<std::size_t>(end - left.begin());
}

}  // namespace

std::string variable_of(std::string_view flag) {
  std::string name = to_upper(flag.substr(flag.find_first_not_of('-')));
  std::replace(name.begin(), name.end(), '-', '_');
  return concat(variable_prefix, name);
}

bool is_foreign_variable(std::string_view variable, std::string_view value) {
  return is_of_tests(variable.substr(variable_prefix.size())) ||
         is_of_kubernetes(variable.substr(variable_prefix.size() - 1), value);
}

std::string_view nearest_variable(std::string_view variable, std::span<const std::string> known) {
  const std::string name = to_upper(variable.substr(variable_prefix.size()));
  std::string_view nearest;
  std::size_t least = 0;
  std::size_t longest_start = 0;
  for (const std::string& candidate : known) {
    const std::string_view other = std::string_view(candidate).substr(variable_prefix.size());
    const std::size_t distance = edit_distance(name, other);
    if (distance > std::max(name.size(), other.size()) / 2) continue;
    // With equal distances the longer common prefix decides: SECRET_ACCESS_KEY is as near to
    // ACCESS_KEY as to SECRET_KEY.
    const std::size_t start = common_start(name, other);
    if (nearest.empty() || distance < least || (distance == least && start > longest_start)) {
      nearest = candidate;
      least = distance;
      longest_start = start;
    }
  }
  return nearest;
}

}  // namespace pageturner
