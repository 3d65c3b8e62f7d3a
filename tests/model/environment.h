// Environment variables that configure a random test.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace pageturner::model {

inline std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::stoull(text) : otherwise;
}

}  // namespace pageturner::model
