#include "server/operations/arn.h"

#include <algorithm>

#include "protocol/text.h"

namespace pageturner {
namespace {

// 14 digits, a hyphen and 8 hexadecimal digits.
bool is_record_id(std::string_view id) {
  constexpr std::size_t time_length = 14;
  constexpr std::size_t id_length = time_length + 9;
  const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return id.size() == id_length && id[time_length] == '-' &&
         std::all_of(id.begin(), id.begin() + time_length, is_digit) &&
         std::all_of(id.begin() + time_length + 1, id.end(), is_hex);
}

}  // namespace

std::string table_arn(std::string_view table_name, std::string_view region) {
  return "arn:aws:dynamodb:" + std::string(region) + ":000000000000:table/" +
         std::string(table_name);
}

std::optional<RecordArn> parse_record_arn(std::string_view arn, std::string_view kind) {
  constexpr std::string_view prefix = "arn:aws:dynamodb:";
  constexpr std::string_view resource = ":table/";
  const std::string mark = "/" + std::string(kind) + "/";
  const auto name = arn.find(resource);
  if (!arn.starts_with(prefix) || name == arn.npos) return std::nullopt;
  const auto at = arn.find(mark, name + resource.size());
  if (at == arn.npos || !is_record_id(arn.substr(at + mark.size()))) return std::nullopt;
  const auto name_begin = name + resource.size();
  return RecordArn{arn.substr(name_begin, at - name_begin), arn.substr(at + mark.size())};
}

}  // namespace pageturner
