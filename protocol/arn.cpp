#include "protocol/arn.h"

#include <algorithm>

#include "protocol/text.h"

namespace pageturner {
namespace {

constexpr std::string_view arn_prefix = "arn:aws:dynamodb:";
constexpr std::string_view table_part = ":table/";

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
  return concat(arn_prefix, region, ":", own_account, table_part, table_name);
}

std::string_view table_name_of(std::string_view name_or_arn) {
  const auto at = name_or_arn.find(table_part);
  if (!name_or_arn.starts_with("arn:") || at == name_or_arn.npos) return name_or_arn;
  return name_or_arn.substr(at + table_part.size());
}

std::optional<RecordArn> split_record_arn(std::string_view arn, std::string_view kind) {
  const std::string kind_part = concat("/", kind, "/");
  const auto table = arn.find(table_part);
  if (!arn.starts_with(arn_prefix) || table == arn.npos) return std::nullopt;
  const auto name = table + table_part.size();
  const auto name_end = arn.find(kind_part, name);
  if (name_end == arn.npos) return std::nullopt;
  return RecordArn{arn.substr(name, name_end - name), arn.substr(name_end + kind_part.size())};
}

std::optional<RecordArn> parse_record_arn(std::string_view arn, std::string_view kind) {
  const auto parts = split_record_arn(arn, kind);
  return parts && is_record_id(parts->id) ? parts : std::nullopt;
}

}  // namespace pageturner
