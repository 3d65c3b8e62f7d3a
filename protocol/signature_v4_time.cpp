#include "protocol/signature_v4_time.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "protocol/text.h"

namespace pageturner {
namespace {

// The number that the `length` bytes of `text` from `begin` are, or -1 if one of them is no digit.
int number_at(std::string_view text, std::size_t begin, std::size_t length) {
  int number = 0;
  for (const char c : text.substr(begin, length)) {
    if (!is_digit(c)) return -1;
    number = 10 * number + (c - '0');
  }
  return number;
}

std::optional<std::chrono::sys_seconds> make_time(int year, int month, int day, int hour,
                                                  int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const bool is_time =
      hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (year < 0 || !date.ok() || !is_time) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_basic_time(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto number = [&](std::size_t begin, std::size_t length) {
    return number_at(text, begin, length);
  };
  return make_time(number(0, 4), number(4, 2), number(6, 2), number(9, 2), number(11, 2),
                   number(13, 2));
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::array<std::string_view, 4> zones = {"GMT", "UTC", "+0000", "-0000"};
  if (text.size() < 26 || text.substr(3, 2) != ", ") return std::nullopt;
  text.remove_prefix(5);
  const auto month = std::find(months.begin(), months.end(), text.substr(3, 3));
  const bool has_form = month != months.end() && text[2] == ' ' && text[6] == ' ' &&
                        text[11] == ' ' && text[14] == ':' && text[17] == ':' && text[20] == ' ' &&
                        std::find(zones.begin(), zones.end(), text.substr(21)) != zones.end();
  if (!has_form) return std::nullopt;
  const auto number = [&](std::size_t begin, std::size_t length) {
    return number_at(text, begin, length);
  };
  return make_time(number(7, 4), static_cast<int>(month - months.begin()) + 1, number(0, 2),
                   number(12, 2), number(15, 2), number(18, 2));
}

std::string basic_time(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[32];
  const int size = std::snprintf(
      text, sizeof text, "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace pageturner
