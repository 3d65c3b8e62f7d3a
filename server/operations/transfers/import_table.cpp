// ImportTable: creates and fills a table before it responds. Files are DynamoDB JSON or CSV, plain
// or compressed with gzip. api: ImportTable.
#include <iostream>
#include <memory>
#include <optional>

#include "protocol/model/shapes.h"
#include "protocol/text.h"
#include "server/compression.h"
#include "server/operations/items/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/tables/table_input.h"
#include "server/operations/transfers/import_files.h"
#include "server/operations/transfers/s3_folder.h"
#include "server/operations/transfers/transfer.h"
#include "server/operations/transfers/transfer_registry.h"
#include "storage/clock.h"
#include "storage/stored_item.h"

namespace pageturner {
namespace {

Result<void> check_format(JsonValue body) {
  const std::string format(text_parameter(body, "InputFormat"));
  const auto options = body.find("InputFormatOptions");
  if (options && options->find("Csv") && format != "CSV") {
    return invalid_request(
        concat("Unsupported InputFormatOptions for the given input format: ", format, '.'));
  }
  if (format == "ION" || text_parameter(body, "InputCompressionType") == "ZSTD") {
    return Error{ErrorType::unknown_operation, ""};
  }
  return {};
}

// Returns nothing for files in DynamoDB JSON.
std::optional<CsvFormat> csv_format(JsonValue body) {
  if (text_parameter(body, "InputFormat") != "CSV") return std::nullopt;
  CsvFormat format;
  const auto options = body.find("InputFormatOptions");
  const auto csv = options ? options->find("Csv") : std::nullopt;
  if (!csv) return format;
  if (const auto delimiter = csv->find("Delimiter")) format.delimiter = delimiter->as_string()[0];
  for (const JsonValue name : csv->elements_of("HeaderList")) {
    format.header.emplace_back(name.as_string());
  }
  return format;
}

Import described_import(const TableDescription& table, JsonValue body, std::int64_t now) {
  Import requested;
  begin_transfer(requested, table, body, now);
  const JsonValue source = body.find("S3BucketSource").value();
  const std::string_view owner = text_parameter(source, "S3BucketOwner");
  requested.location = {std::string(text_parameter(source, "S3Bucket")),
                        std::string(text_parameter(source, "S3KeyPrefix")),
                        std::string(owner.empty() ? "000000000000" : owner)};
  requested.format = text_parameter(body, "InputFormat");
  const std::string_view compression = text_parameter(body, "InputCompressionType");
  requested.compression = compression.empty() ? "NONE" : compression;
  if (const auto options = body.find("InputFormatOptions")) {
    options->write(requested.format_options_json);
  }
  body.find("TableCreationParameters").value().write(requested.creation_json);
  return requested;
}

// A running import. Reads the files one after another, each piece by piece.
class Importer {
 public:
  Importer(JsonValue body, Import& record, std::string_view region)
      : csv_(csv_format(body)), record_(record), arn_(transfer_arn(record, region)) {}

  // Passes the items of the files to `sink`. Errors: those of S3Folder.
  S3Result<void> run(const S3Folder& folder, const Table& table, ItemSink sink) {
    const S3Location& location = record_.location;
    PAGETURNER_ASSIGN_OR_RETURN(const std::vector<std::string> keys,
                                folder.keys(location.bucket, location.prefix));
    for (const std::string& key : keys) {
      PAGETURNER_RETURN_IF_ERROR(read_file(folder, key, table, sink));
    }
    return {};
  }

 private:
  S3Result<void> read_file(const S3Folder& folder, const std::string& key, const Table& table,
                           ItemSink sink) {
    std::int64_t index = 0;
    const auto visit = [&](Result<std::string> item) {
      ++record_.processed_items;
      const Result<void> taken = take(std::move(item), table, sink);
      if (!taken) log_error(key, index, taken.error());
      ++index;
    };
    ImportedFile file(csv_, table.description);
    const auto add_text = [&](std::string_view text) {
      record_.processed_bytes += static_cast<std::int64_t>(text.size());
      file.add(text, visit);
    };
    const std::string& bucket = record_.location.bucket;
    if (record_.compression == "NONE") {
      PAGETURNER_RETURN_IF_ERROR(folder.read(bucket, key, [&](std::string_view piece) {
        add_text(piece);
        return true;
      }));
      file.finish(visit);
      return {};
    }
    GunzipStream gunzip;
    // To the end also after the items have ended, because ProcessedSizeBytes counts the whole file.
    bool is_gzip = true;
    PAGETURNER_RETURN_IF_ERROR(folder.read(bucket, key, [&](std::string_view piece) {
      return is_gzip = gunzip.add(piece, add_text);
    }));
    if (is_gzip && gunzip.is_complete()) {
      file.finish(visit);
    } else if (!file.has_stopped()) {  // else the rest of the file is ignored
      visit(validation_error("The file is not compressed with GZIP"));
    }
    return {};
  }

  // Validates an item as PutItem does and stores it.
  Result<void> take(Result<std::string> item, const Table& table, ItemSink sink) {
    PAGETURNER_RETURN_IF_ERROR(item);
    PAGETURNER_ASSIGN_OR_RETURN(std::string key, key_of_item(table, ItemView(*item)));
    PAGETURNER_RETURN_IF_ERROR(check_item_size(ItemView(*item)));
    sink(std::move(key), *std::move(item));
    ++record_.imported_items;
    return {};
  }

  // Counts an error and logs it on stderr in the form of the log that the service keeps in
  // CloudWatch. Only the first errors of an import are logged.
  void log_error(const std::string& key, std::int64_t index, const Error& error) {
    constexpr std::int64_t errors_logged_max = 100;
    if (++record_.error_count > errors_logged_max) return;
    std::string line;
    {
      ObjectWriter object(line);
      {
        ObjectWriter pointer(object.member("itemS3Pointer"));
        pointer.text("bucket", record_.location.bucket);
        pointer.text("key", key);
        pointer.number("itemIndex", index);
      }
      object.text("importArn", arn_);
      append_list(object.member("errorMessages"),
                  std::initializer_list<std::string_view>{error.message}, append_json_string);
    }
    std::cerr << concat(line, '\n') << std::flush;
  }

  const std::optional<CsvFormat> csv_;
  Import& record_;
  std::string arn_;
};

// Creates the table and fills it. Failures of S3 and invalid items become the failure of the
// import. Errors: those of Database::add_loaded_table. All allocations are made before the table
// is filled; if one fails, there is no table.
Result<void> load_table(Database& database, const Request& request, TableDescription description,
                        Import& record) {
  const S3Folder folder(request.transfers.s3_root());
  const auto load = [&](const Table& table, ItemSink sink) {
    Importer importer(request.body, record, request.region);
    const S3Result<void> status = importer.run(folder, table, sink);
    if (!status) {
      record.failure = status.error();
    } else if (record.error_count > 0) {
      record.failure = {"ItemValidationError",
                        "Some of the items failed validation checks and were not imported. Please "
                        "check CloudWatch error logs for more details."};
    }
  };
  if (const auto found = folder.check_bucket(record.location.bucket); !found) {
    record.failure = found.error();
  } else {
    PAGETURNER_RETURN_IF_ERROR(database.add_loaded_table(std::move(description), load));
  }
  record.ended_milliseconds = now_milliseconds();
  return {};
}

}  // namespace

Result<void> import_table(Database& database, const Request& request, std::string& out) {
  PAGETURNER_RETURN_IF_ERROR(check_format(request.body));
  const std::int64_t now = now_milliseconds();
  // Without other members of CreateTable too, whose types were not validated.
  const std::string known = known_members(request.body, shapes::import_table_input);
  const JsonDocument document = JsonDocument::parse(known).value();
  const JsonValue body = document.root();
  PAGETURNER_ASSIGN_OR_RETURN(TableDescription table,
                              parse_table(body.find("TableCreationParameters").value()));
  begin_table(table, database.options().transition_milliseconds);
  const std::lock_guard guard(request.transfers.mutex());
  if (const ImportPointer same = find_by_token(request.transfers.imports(), body)) {
    if (same->table_name != table.name) {
      return Error{ErrorType::import_conflict,
                   "Import conflict: Duplicate request detected with conflicting parameters"};
    }
    // The import may still have been running when this request arrived.
    if (now <= same->ended_milliseconds || transfer_status(database, *same) == "IN_PROGRESS") {
      append_import(ObjectWriter(out).member("ImportTableDescription"), database, *same,
                    request.region, "IN_PROGRESS");
      return {};
    }
  }
  if (database.catalog().find(table.name) != nullptr) {
    return Error{ErrorType::resource_in_use, concat("Table already exists: ", table.name)};
  }
  ImportRegistry& imports = request.transfers.imports();
  const auto record = std::make_shared<Import>(described_import(table, body, now));
  PAGETURNER_RETURN_IF_ERROR(charge_transfer(database, *record));
  record->id = imports.make_id(now);
  ImportRegistry::Prepared prepared = prepare_transfer(imports, record);
  PAGETURNER_RETURN_IF_ERROR(load_table(database, request, std::move(table), *record));
  imports.add(std::move(prepared));
  append_import(ObjectWriter(out).member("ImportTableDescription"), database, *record,
                request.region, "IN_PROGRESS");
  return {};
}

}  // namespace pageturner
