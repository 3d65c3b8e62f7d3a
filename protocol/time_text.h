// Times as text. All are in milliseconds since 1970, in UTC.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>

#include "protocol/text.h"

namespace pageturner {

// Returns the milliseconds of a time within its second. Not negative, before 1970 either.
inline std::int64_t milliseconds_of_second(std::int64_t milliseconds) {
  return (milliseconds % 1000 + 1000) % 1000;
}

// Returns a time as 2026-09-18T15:42:33, in UTC and without milliseconds.
inline std::string utc_text(std::int64_t milliseconds) {
  const std::time_t seconds = (milliseconds - milliseconds_of_second(milliseconds)) / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts)};
}

// Returns the milliseconds of a time as .302.
inline std::string milliseconds_text(std::int64_t milliseconds) {
  const std::string fraction = std::to_string(milliseconds_of_second(milliseconds));
  return concat('.', std::string(3 - fraction.size(), '0'), fraction);
}

// Returns a time as 2026-09-18T15:42:33.302Z, without the fraction if it is 0.
inline std::string time_text(std::int64_t milliseconds) {
  const bool is_whole = milliseconds_of_second(milliseconds) == 0;
  return concat(utc_text(milliseconds), is_whole ? "" : milliseconds_text(milliseconds), 'Z');
}

}  // namespace pageturner
