// The ARNs of tables and of their backups, exports, imports and streams.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pageturner {

// The account of every request and of everything that responses name.
inline constexpr std::string_view own_account = "000000000000";

// Returns "arn:aws:dynamodb:<region>:000000000000:table/<name>".
std::string table_arn(std::string_view table_name, std::string_view region);

// Returns the table's name in a name or an ARN
// ("arn:aws:dynamodb:<region>:<account>:table/<name>"), as a view into `name_or_arn`. A text that
// is not the ARN of a table is returned unchanged.
std::string_view table_name_of(std::string_view name_or_arn);

// The parts of the ARN of something that belongs to a table. Views into that ARN.
struct RecordArn {
  std::string_view table_name;
  std::string_view id;
};

// Splits "arn:aws:dynamodb:…:table/<name>/<kind>/<id>", of any region and account. Returns nothing
// if `arn` has another form. Name and id may be empty.
std::optional<RecordArn> split_record_arn(std::string_view arn, std::string_view kind);

// The same for the kinds "backup", "export" and "import". Returns nothing also if the id is not one
// of theirs: 14 digits, a hyphen and 8 hexadecimal digits.
std::optional<RecordArn> parse_record_arn(std::string_view arn, std::string_view kind);

}  // namespace pageturner
