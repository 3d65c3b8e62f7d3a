#include "server/http/response_head.h"

#include <libdeflate.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <random>
#include <string_view>
#include <utility>

#include "server/http/http_limits.h"

namespace pageturner {
namespace {

// Appends to an array on the stack. Everything that is appended has a bounded size, so nothing is
// checked: head_bytes is larger than their sum.
class HeadText {
 public:
  void append(std::string_view text) {
    std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
  }
  void append(std::uint64_t number) {
    end_ = std::to_chars(end_, bytes_.data() + bytes_.size(), number).ptr;
  }
  char* extend(std::size_t count) { return std::exchange(end_, end_ + count); }
  std::string_view view() const {
    return {bytes_.data(), static_cast<std::size_t>(end_ - bytes_.data())};
  }

 private:
  static constexpr std::size_t head_bytes = 512;
  std::array<char, head_bytes> bytes_;
  char* end_ = bytes_.data();
};

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Request Entity Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

void put_two_digits(char* to, int value) {
  to[0] = static_cast<char>('0' + value / 10);
  to[1] = static_cast<char>('0' + value % 10);
}

// "Server: Server\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n". Formatted once per second and
// thread: converting the time costs more than the rest of a head. The view is valid until the
// thread calls this again.
std::string_view server_and_date() {
  static constexpr std::string_view days = "SunMonTueWedThuFriSat";
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  static constexpr std::size_t date_at = 22;
  thread_local char text[] = "Server: Server\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
  thread_local std::time_t formatted = 0;

  std::timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  const std::string_view whole(text, sizeof text - 1);
  if (now.tv_sec == formatted) return whole;
  formatted = now.tv_sec;
  std::tm utc{};
  gmtime_r(&formatted, &utc);
  char* const date = text + date_at;
  std::memcpy(date, days.data() + 3 * utc.tm_wday, 3);
  put_two_digits(date + 5, utc.tm_mday);
  std::memcpy(date + 8, months.data() + 3 * utc.tm_mon, 3);
  put_two_digits(date + 12, (utc.tm_year + 1900) / 100);
  put_two_digits(date + 14, utc.tm_year % 100);
  put_two_digits(date + 17, utc.tm_hour);
  put_two_digits(date + 20, utc.tm_min);
  put_two_digits(date + 23, utc.tm_sec);
  return whole;
}

// The next 64 bits of SplitMix64, with a random seed for each thread. Request ids must be unique,
// not secret.
std::uint64_t random_bits() {
  thread_local std::uint64_t state = [] {
    std::random_device device;
    return (std::uint64_t{device()} << 32) ^ device();
  }();
  std::uint64_t bits = state += 0x9E3779B97F4A7C15;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
  return bits ^ (bits >> 31);
}

// Ids have the form of the service's: 256 bits in 52 digits of base 32.
void append_request_id(HeadText& text) {
  static constexpr std::size_t id_digits = 52;
  static constexpr std::size_t digits_a_word = 13;  // 13 digits have 65 bits; 64 suffice
  static constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
  char* id = text.extend(id_digits);
  for (std::size_t word = 0; word < id_digits / digits_a_word; ++word) {
    std::uint64_t bits = random_bits();
    for (std::size_t digit = 0; digit < digits_a_word; ++digit, bits >>= 5) {
      *id++ = alphabet[bits & 31];
    }
  }
}

void append_head(HeadText& text, const ResponseHead& response_head, std::string_view body,
                 bool keep_alive) {
  text.append("HTTP/1.1 ");
  text.append(std::uint64_t{response_head.status});
  text.append(" ");
  text.append(reason_phrase(response_head.status));
  text.append("\r\n");
  text.append(server_and_date());
  if (!response_head.content_type.empty()) {
    // A constant, but its type does not bound its size: truncate what would not fit.
    text.append("Content-Type: ");
    text.append(response_head.content_type.substr(0, 100));
    text.append("\r\n");
  }
  if (response_head.status != 204) {  // which must not have it (RFC 9110, 8.6)
    text.append("Content-Length: ");
    text.append(std::uint64_t{body.size()});
    text.append("\r\n");
  }
  text.append(keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n");
  text.append("x-amzn-RequestId: ");
  append_request_id(text);
  text.append("\r\n");
  if (response_head.with_checksum) {
    text.append("x-amz-crc32: ");
    text.append(std::uint64_t{libdeflate_crc32(0, body.data(), body.size())});
    text.append("\r\n");
  }
}

}  // namespace

ResponseRange complete_response(std::string& out, std::size_t room_begin,
                                const ResponseHead& response_head, const ResponseOptions& options) {
  std::size_t body_begin = room_begin + http_limits::head_room_bytes;
  HeadText text;
  append_head(text, response_head, std::string_view(out).substr(body_begin), options.keep_alive);
  const std::string_view head = text.view();
  const std::size_t head_size = head.size() + response_head.extra_headers.size() + 2;

  if (options.head_only) out.resize(body_begin);
  if (head_size > http_limits::head_room_bytes) {
    const std::size_t missing = head_size - http_limits::head_room_bytes;
    out.insert(body_begin, missing, '\0');
    body_begin += missing;
  }
  char* to = out.data() + body_begin - head_size;
  std::memcpy(to, head.data(), head.size());
  to += head.size();
  std::memcpy(to, response_head.extra_headers.data(), response_head.extra_headers.size());
  to += response_head.extra_headers.size();
  std::memcpy(to, "\r\n", 2);
  return {body_begin - head_size, out.size()};
}

}  // namespace pageturner
