// Exports of tables to files and imports of tables from them, as they are described. Who makes
// them: server/s3.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "storage/record_registry.h"

namespace pageturner {

// Why an export or import failed. All empty: it did not.
struct TransferFailure {
  std::string code;  // "S3NoSuchBucket"
  std::string message;
};

// Where the files are. What a request did not give is empty.
struct S3Location {
  std::string bucket;
  std::string prefix;
  std::string owner;  // an account
};

// What exports and imports have in common.
struct Transfer {
  std::string id;  // the last part of its ARN; later ones have later ids
  std::int64_t started_milliseconds = 0;
  std::int64_t ended_milliseconds = 0;
  std::string table_name;
  std::string table_id;  // of an import that made no table: what it would have had
  std::string client_token;
  S3Location location;
  TransferFailure failure;
};

struct Export : Transfer {
  std::string request;                 // canonical: equal for requests that say the same
  std::int64_t time_milliseconds = 0;  // of the state that is exported
  std::string type;                    // "FULL_EXPORT", where the request said so
  std::string sse_algorithm;
  std::string sse_kms_key_id;
  std::string manifest_key;
  std::int64_t item_count = 0;
  std::int64_t billed_size_bytes = 0;
};

struct Import : Transfer {
  std::string format;                // "CSV"
  std::string compression;           // "GZIP"
  std::string format_options_json;   // as the request has it
  std::string creation_json;         // TableCreationParameters, as the request has them
  std::int64_t processed_bytes = 0;  // of the files, uncompressed
  std::int64_t processed_items = 0;
  std::int64_t imported_items = 0;
  std::int64_t error_count = 0;
};

using ExportPointer = std::shared_ptr<const Export>;
using ImportPointer = std::shared_ptr<const Import>;
using ExportRegistry = RecordRegistry<Export>;
using ImportRegistry = RecordRegistry<Import>;

}  // namespace pageturner
