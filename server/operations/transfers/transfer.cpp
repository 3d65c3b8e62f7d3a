#include "server/operations/transfers/transfer.h"

#include <absl/strings/escaping.h>

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/operations/parameters.h"
#include "storage/clock.h"
#include "storage/memory_bytes.h"

namespace pageturner {
namespace {

// A token is the id of a record in hexadecimal, padded with zeros to the length of the service's
// tokens.
constexpr std::size_t token_length = 112;

template <class Registry>
typename Registry::Pointer find_started(const Registry& registry, JsonValue body) {
  const auto token = body.find("ClientToken");
  if (!token) return nullptr;
  const std::int64_t oldest = now_milliseconds() - limits::transfer_token_life_milliseconds;
  const auto records = registry.all();
  const auto found = std::find_if(records.rbegin(), records.rend(), [&](const auto& record) {
    return record->client_token == token->as_string() && record->started_milliseconds > oldest;
  });
  return found == records.rend() ? nullptr : *found;
}

void write_known(JsonValue value, const Shape& shape, std::string& out) {
  if (value.is_null()) {  // as an element of a list
    out += "null";
  } else if (shape.kind == Shape::Kind::list) {
    ArrayWriter array(out);
    for (const JsonValue element : value.elements()) {
      write_known(element, *shape.element, array.element());
    }
  } else if (shape.kind == Shape::Kind::structure) {
    ObjectWriter object(out);
    for (const auto& [name, member] : value.members()) {
      const auto known = std::find_if(shape.members.begin(), shape.members.end(),
                                      [&name = name](const auto& m) { return m.name == name; });
      if (known == shape.members.end() || known->shape == nullptr || member.is_null()) continue;
      if (known->shape->kind == Shape::Kind::unsupported) continue;
      write_known(member, *known->shape, object.member(name));
    }
  } else if (shape.kind == Shape::Kind::integer || shape.kind == Shape::Kind::long_integer) {
    append_number(out, value.as_integer());  // the text of 1.000… may be long
  } else if (shape.kind == Shape::Kind::timestamp) {
    append_time(out, value.as_milliseconds());
  } else {
    value.write(out);
  }
}

// The memory of a record's texts that the request gives, and of the record itself.
std::size_t record_bytes(const Transfer& transfer,
                         std::initializer_list<const std::string*> texts) {
  // The id, its place in the registry, the outcome: keys of objects and messages.
  constexpr std::size_t other_bytes = 1024;
  std::size_t bytes = sizeof(Import) + other_bytes + 2 * owned_bytes(transfer.location.prefix);
  for (const std::string* text : {&transfer.table_name, &transfer.table_id, &transfer.client_token,
                                  &transfer.location.bucket, &transfer.location.owner}) {
    bytes += owned_bytes(*text);
  }
  for (const std::string* text : texts) bytes += owned_bytes(*text);
  return bytes;
}

void write_optional(ObjectWriter& object, std::string_view name, std::string_view value) {
  if (!value.empty()) object.text(name, value);
}

void write_failure(ObjectWriter& object, const TransferFailure& failure) {
  write_optional(object, "FailureCode", failure.code);
  write_optional(object, "FailureMessage", failure.message);
}

}  // namespace

std::string transfer_arn(const Export& record, std::string_view region) {
  return concat(table_arn(record.table_name, region), "/export/", record.id);
}

std::string transfer_arn(const Import& record, std::string_view region) {
  return concat(table_arn(record.table_name, region), "/import/", record.id);
}

std::string_view transfer_status(const Database& database, const Transfer& transfer) {
  const std::int64_t over =
      transfer.started_milliseconds + database.options().transition_milliseconds;
  if (now_milliseconds() < over) return "IN_PROGRESS";
  return transfer.failure.code.empty() ? "COMPLETED" : "FAILED";
}

std::string known_members(JsonValue body, const Shape& shape) {
  std::string text;
  write_known(body, shape, text);
  return text;
}

Result<void> charge_transfer(Database& database, Export& record) {
  PAGETURNER_ASSIGN_OR_RETURN(
      record.charge,
      database.charge_memory(
          record_bytes(record, {&record.request, &record.sse_algorithm, &record.sse_kms_key_id})));
  return {};
}

Result<void> charge_transfer(Database& database, Import& record) {
  PAGETURNER_ASSIGN_OR_RETURN(record.charge,
                              database.charge_memory(record_bytes(
                                  record, {&record.format_options_json, &record.creation_json})));
  return {};
}

void begin_transfer(Transfer& transfer, const TableDescription& table, JsonValue body,
                    std::int64_t milliseconds) {
  transfer.started_milliseconds = milliseconds;
  transfer.table_name = table.name;
  transfer.table_id = table.id;
  transfer.client_token = body.find("ClientToken")
                              ? std::string(text_parameter(body, "ClientToken"))
                              : to_string(boost::uuids::random_generator()());
}

ExportPointer find_by_token(const ExportRegistry& exports, JsonValue body) {
  return find_started(exports, body);
}
ImportPointer find_by_token(const ImportRegistry& imports, JsonValue body) {
  return find_started(imports, body);
}

void append_export(std::string& out, const Database& database, const Export& record,
                   std::string_view region, std::string_view status) {
  if (status.empty()) status = transfer_status(database, record);
  ObjectWriter object(out);
  if (status == "COMPLETED") object.number("BilledSizeBytes", record.billed_size_bytes);
  object.text("ClientToken", record.client_token);
  if (status != "IN_PROGRESS") object.time("EndTime", record.ended_milliseconds);
  object.text("ExportArn", transfer_arn(record, region));
  object.text("ExportFormat", "DYNAMODB_JSON");
  if (status == "COMPLETED") object.text("ExportManifest", record.manifest_key);
  object.text("ExportStatus", status);
  object.time("ExportTime", record.time_milliseconds);
  object.text("ExportType", record.type);
  if (status == "FAILED") write_failure(object, record.failure);
  if (status == "COMPLETED") object.number("ItemCount", record.item_count);
  object.text("S3Bucket", record.location.bucket);
  write_optional(object, "S3BucketOwner", record.location.owner);
  write_optional(object, "S3Prefix", record.location.prefix);
  object.text("S3SseAlgorithm", record.sse_algorithm);
  write_optional(object, "S3SseKmsKeyId", record.sse_kms_key_id);
  object.time("StartTime", record.started_milliseconds);
  object.text("TableArn", table_arn(record.table_name, region));
  object.text("TableId", record.table_id);
}

void append_import(std::string& out, const Database& database, const Import& record,
                   std::string_view region, std::string_view status) {
  if (status.empty()) status = transfer_status(database, record);
  const bool is_over = status != "IN_PROGRESS";
  ObjectWriter object(out);
  object.text("ClientToken", record.client_token);
  object.text("CloudWatchLogGroupArn", import_log_group_arn(region));
  if (is_over) object.time("EndTime", record.ended_milliseconds);
  object.number("ErrorCount", is_over ? record.error_count : 0);
  if (is_over) write_failure(object, record.failure);
  object.text("ImportArn", transfer_arn(record, region));
  object.text("ImportStatus", status);
  object.number("ImportedItemCount", is_over ? record.imported_items : 0);
  object.text("InputCompressionType", record.compression);
  object.text("InputFormat", record.format);
  if (!record.format_options_json.empty()) {
    object.member("InputFormatOptions") += record.format_options_json;
  }
  object.number("ProcessedItemCount", is_over ? record.processed_items : 0);
  object.number("ProcessedSizeBytes", is_over ? record.processed_bytes : 0);
  write_bucket_source(object, record.location);
  object.time("StartTime", record.started_milliseconds);
  object.text("TableArn", table_arn(record.table_name, region));
  object.member("TableCreationParameters") += record.creation_json;
  object.text("TableId", record.table_id);
}

std::string import_log_group_arn(std::string_view region) {
  return concat("arn:aws:logs:", region, ":000000000000:log-group:/aws-dynamodb/imports:*");
}

void write_bucket_source(ObjectWriter& owner, const S3Location& location) {
  ObjectWriter object(owner.member("S3BucketSource"));
  object.text("S3Bucket", location.bucket);
  object.text("S3BucketOwner", location.owner);
  write_optional(object, "S3KeyPrefix", location.prefix);
}

Result<TransferPage> parse_transfer_page(JsonValue body, std::string_view limit) {
  const auto count = body.find(limit);
  TransferPage page{static_cast<std::size_t>(count ? count->as_integer() : limits::transfers_page),
                    {}};
  const auto token = body.find("NextToken");
  if (!token) return page;
  const std::string text(token->as_string());
  std::string id = absl::HexStringToBytes(text);
  id.erase(std::min(id.find('\0'), id.size()));
  if (transfer_page_token(id) == text) {
    page.after_id = std::move(id);
    return page;
  }
  return invalid_request(concat("Provided nextToken is invalid: ", text));
}

std::string transfer_page_token(std::string_view id) {
  std::string token = absl::BytesToHexString({id.data(), id.size()});
  token.resize(token_length, '0');
  return token;
}

}  // namespace pageturner
