#include "server/operations/stream_arn.h"

#include <cstdio>
#include <ctime>

#include "protocol/arn.h"
#include "protocol/text.h"
#include "protocol/time_text.h"

namespace pageturner {
namespace {

std::string label_of(std::int64_t milliseconds) {
  return concat(utc_text(milliseconds), milliseconds_text(milliseconds));
}

// Returns the time of a label in milliseconds since 1970, or -1 if the label is invalid.
std::int64_t time_of_label(const std::string& label) {
  std::tm parts{};
  int milliseconds = 0;
  const int read =
      std::sscanf(label.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3d", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &milliseconds);
  if (read != 7) return -1;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const std::int64_t time = std::int64_t{timegm(&parts)} * 1000 + milliseconds;
  // Each time has one label; other spellings are invalid.
  return time >= 0 && label_of(time) == label ? time : -1;
}

}  // namespace

std::string stream_label(const StreamName& stream) { return label_of(stream.created_milliseconds); }

std::string stream_arn(const StreamName& stream, std::string_view region) {
  return concat(table_arn(stream.table_name, region), "/stream/", stream_label(stream));
}

StreamName stream_named(std::string_view table_name, std::string_view label) {
  return {std::string(table_name), time_of_label(std::string(label))};
}

Result<StreamName> parse_stream_arn(std::string_view arn) {
  const auto parts = split_record_arn(arn, "stream");
  if (!parts || parts->table_name.empty() || parts->id.empty()) {
    return validation_error("Invalid StreamArn");
  }
  return stream_named(parts->table_name, parts->id);
}

}  // namespace pageturner
