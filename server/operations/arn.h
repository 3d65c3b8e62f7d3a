// The ARNs of tables and of what belongs to them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pageturner {

// "arn:aws:dynamodb:<region>:000000000000:table/<name>"
std::string table_arn(std::string_view table_name, std::string_view region);

// What names a backup, an export or an import.
struct RecordArn {
  std::string_view table_name;
  std::string_view id;
};

// Reads "arn:aws:dynamodb:…:table/<name>/<kind>/<id>", of any region and account, where `kind` is
// "backup", "export" or "import". Nothing where it is no such ARN.
std::optional<RecordArn> parse_record_arn(std::string_view arn, std::string_view kind);

}  // namespace pageturner
