// The forms in which a signed request and the errors about it give times.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pageturner {

// Reads ISO 8601's basic format, "20150830T123600Z". Returns nothing for any other text and for a
// time that does not exist.
std::optional<std::chrono::sys_seconds> parse_basic_time(std::string_view text);

// Reads the form of a Date header, "Sun, 30 Aug 2015 12:36:00 GMT"; the zone may also be "UTC",
// "+0000" or "-0000". Returns nothing for any other text and for a time that does not exist.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

// Returns `time` as "20150830T123600Z".
std::string basic_time(std::chrono::sys_seconds time);

}  // namespace pageturner
