// The exports and imports of a service: their descriptions, and where their files are.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "storage/memory_charge.h"
#include "storage/record_registry.h"

namespace pageturner {

// Why an export or import failed. Both members are empty if it succeeded.
struct TransferFailure {
  std::string code;  // "S3NoSuchBucket"
  std::string message;
};

// Where the files are. Members that the request did not give are empty.
struct S3Location {
  std::string bucket;
  std::string prefix;
  std::string owner;  // an account
};

// The members that exports and imports share. Times are in milliseconds since 1970.
struct Transfer {
  std::string id;  // the last part of its ARN; ids sort by start time
  std::int64_t started_milliseconds = 0;
  std::int64_t ended_milliseconds = 0;
  std::string table_name;
  std::string table_id;  // also of an import whose table could not be created
  std::string client_token;
  S3Location location;
  TransferFailure failure;
  MemoryCharge charge;  // of the record
};

struct Export : Transfer {
  std::string request;                 // its known members as canonical JSON
  std::int64_t time_milliseconds = 0;  // of the exported state
  std::string type;                    // "FULL_EXPORT"
  std::string sse_algorithm;
  std::string sse_kms_key_id;
  std::string manifest_key;
  std::int64_t item_count = 0;
  std::int64_t billed_size_bytes = 0;
};

struct Import : Transfer {
  std::string format;                // "CSV"
  std::string compression;           // "GZIP"
  std::string format_options_json;   // the known members of the request's
  std::string creation_json;         // the known members of TableCreationParameters
  std::int64_t processed_bytes = 0;  // of the files, uncompressed
  std::int64_t processed_items = 0;
  std::int64_t imported_items = 0;
  std::int64_t error_count = 0;
};

using ExportPointer = std::shared_ptr<const Export>;
using ImportPointer = std::shared_ptr<const Import>;
using ExportRegistry = RecordRegistry<Export>;
using ImportRegistry = RecordRegistry<Import>;

// What the operations on exports and imports share beside the database. Thread-safe.
class TransferRegistry {
 public:
  // `s3_root` is the folder that stands for S3: a bucket is a folder in it. Empty: there are no
  // buckets.
  explicit TransferRegistry(std::string s3_root) : s3_root_(std::move(s3_root)) {}

  const std::string& s3_root() const { return s3_root_; }
  ExportRegistry& exports() { return exports_; }
  ImportRegistry& imports() { return imports_; }

  // Serializes exports and imports. The operations that start one hold it until the transfer has
  // ended and is registered, so that a client that retries after a timeout finds its first request.
  std::mutex& mutex() { return mutex_; }

 private:
  const std::string s3_root_;
  ExportRegistry exports_;
  ImportRegistry imports_;
  std::mutex mutex_;
};

}  // namespace pageturner
