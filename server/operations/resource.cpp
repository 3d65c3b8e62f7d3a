#include "server/operations/resource.h"

#include <vector>

#include "protocol/arn.h"
#include "protocol/text.h"
#include "server/operations/parameters.h"
#include "server/operations/stream_arn.h"

namespace pageturner {
namespace {

// Splits `text` at each `separator` into at most `count` parts, the last of which is the rest.
std::vector<std::string_view> split(std::string_view text, char separator, std::size_t count) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < count) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos) break;
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  parts.push_back(text);
  return parts;
}

}  // namespace

Result<ResourceArn> parse_resource_arn(JsonValue body) {
  const std::string arn(text_parameter(body, "ResourceArn"));
  constexpr std::string_view prefix = "arn:";
  // The form is checked case-insensitively; the table is found case-sensitively.
  if (!equals_ignoring_case(std::string_view(arn).substr(0, prefix.size()), prefix)) {
    return invalid_parameter(concat("ARNs must start with 'arn:': ", arn));
  }
  // arn:aws:dynamodb:<region>:<account>:table/<name>[/<kind>/<id>]
  constexpr std::size_t arn_parts = 6;
  constexpr std::size_t service = 2;
  constexpr std::size_t account = 4;
  const auto parts = split(arn, ':', arn_parts);
  constexpr std::size_t no_limit = std::string_view::npos;
  const auto path = split(parts.back(), '/', no_limit);
  const std::string_view kind = path.size() > 2 ? path[2] : "";
  if (parts.size() < arn_parts || !equals_ignoring_case(parts[service], "dynamodb") ||
      !equals_ignoring_case(path.front(), "table") || equals_ignoring_case(kind, "backup")) {
    return invalid_parameter(concat("Provided Arn is not a DynamoDB resource arn: ", arn));
  }
  constexpr std::size_t name_length_min = 3;
  constexpr std::size_t name_length_max = 255;
  if (path.size() < 2 || path[1].size() < name_length_min || path[1].size() > name_length_max) {
    return validation_error(
        concat("Invalid TableArn: Invalid ResourceArn provided as input ", arn));
  }
  if (path.size() > 2 && !equals_ignoring_case(kind, "stream")) {
    return invalid_parameter(concat(
        "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ",
        arn));
  }
  ResourceArn resource{.text = arn,
                       .account = std::string(parts[account]),
                       .is_stream = path.size() > 2,
                       .table_name = {},
                       .stream_label = {}};
  if (!arn.starts_with(prefix) || parts[service] != "dynamodb" || path.front() != "table") {
    return resource;
  }
  resource.table_name = path[1];
  constexpr std::size_t stream_parts = 4;
  if (path.size() == stream_parts && kind == "stream") resource.stream_label = path.back();
  return resource;
}

bool ResourceArn::is_of_own_account() const { return account == own_account; }

ResourceSettings Resource::settings() const {
  return table != nullptr ? table->description.settings : stream->settings();
}

std::string Resource::text() const {
  return table != nullptr ? concat("table ", table->description.name)
                          : concat("stream ", stream_label(stream->name()));
}

std::optional<Resource> find_resource(Database& database, const ResourceArn& arn) {
  Resource resource;
  if (arn.is_stream) {
    resource.stream = database.streams().find(stream_named(arn.table_name, arn.stream_label));
  } else {
    resource.table = database.catalog().find(arn.table_name);
  }
  if (resource.table == nullptr && resource.stream == nullptr) return std::nullopt;
  return resource;
}

Result<void> change_settings(Database& database, const Resource& resource, SettingsChange change) {
  if (resource.table == nullptr)
    return resource.stream->change_settings(change, database.no_room_for_table());
  TableDescription description = resource.table->description;
  PAGETURNER_RETURN_IF_ERROR(change(description.settings));
  PAGETURNER_RETURN_IF_ERROR(database.change_table(resource.table, std::move(description)));
  return {};
}

}  // namespace pageturner
