#include "server/operations/transfers/export_files.h"

#include <absl/strings/escaping.h>

#include <boost/uuid/random_generator.hpp>
#include <utility>

#include "protocol/md5.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "protocol/time_text.h"
#include "server/compression.h"

namespace pageturner {
namespace {

// The size of a data file before compression. The service writes one or more files for each
// partition of a table; there are no partitions here.
constexpr std::size_t data_file_bytes = 64 * 1024 * 1024;

std::string base64(std::string_view bytes) {
  return absl::Base64Escape({bytes.data(), bytes.size()});
}

std::string hexadecimal(std::string_view bytes) {
  return absl::BytesToHexString({bytes.data(), bytes.size()});
}

// Returns 26 characters of base 32: 128 random bits.
std::string random_name() {
  constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";
  constexpr std::size_t length = 26;
  const boost::uuids::uuid random = boost::uuids::random_generator()();
  std::string name;
  unsigned bits = 0;
  unsigned bit_count = 0;
  for (auto byte = random.begin(); name.size() < length;) {
    if (bit_count < 5) {
      bits = bits << 8 | (byte != random.end() ? *byte++ : 0);
      bit_count += 8;
    }
    bit_count -= 5;
    name += digits[bits >> bit_count & 31];
  }
  return name;
}

// "2026-01-14T10:18:50.622Z", with milliseconds even if they are 0.
std::string manifest_time(std::int64_t milliseconds) {
  return concat(utc_text(milliseconds), milliseconds_text(milliseconds), 'Z');
}

}  // namespace

ExportFiles::ExportFiles(const S3Folder& folder, const Export& description)
    : folder_(folder), description_(description), folder_key_(description.location.prefix) {
  if (!folder_key_.empty() && !folder_key_.ends_with('/')) folder_key_ += '/';
  folder_key_ += concat("AWSDynamoDB/", description.id, '/');
}

void ExportFiles::begin() {
  if (std::exchange(has_begun_, true)) return;
  status_ = folder_.write(description_.location.bucket, concat(folder_key_, "_started"), "");
}

void ExportFiles::add(std::string_view item_json) {
  begin();
  ObjectWriter(lines_).member("Item") += item_json;
  lines_ += '\n';
  ++item_count_;
  if (lines_.size() >= data_file_bytes) write_data_file();
}

void ExportFiles::write_data_file() {
  const std::string file = gzip(lines_);
  const Md5Digest sum = md5(file);
  const std::string key = concat(folder_key_, "data/", random_name(), ".json.gz");
  if (status_) status_ = folder_.write(description_.location.bucket, key, file);
  {
    ObjectWriter line(manifest_);
    line.number("itemCount", item_count_ - items_before_file_);
    line.text("md5Checksum", base64(sum.view()));
    // The ETag of an object that was uploaded in one part.
    line.text("etag", concat(hexadecimal(md5(sum.view()).view()), "-1"));
    line.text("dataFileS3Key", key);
  }
  manifest_ += '\n';
  items_before_file_ = item_count_;
  lines_.clear();
}

S3Result<void> ExportFiles::write_with_sum(const std::string& name, std::string_view text) const {
  const std::string& bucket = description_.location.bucket;
  PAGETURNER_RETURN_IF_ERROR(folder_.write(bucket, concat(folder_key_, name, ".json"), text));
  return folder_.write(bucket, concat(folder_key_, name, ".md5"), base64(md5(text).view()));
}

S3Result<void> ExportFiles::finish(std::string_view table_arn, std::string_view export_arn) {
  begin();
  // An export of an empty table has one empty data file.
  if (!lines_.empty() || manifest_.empty()) write_data_file();
  PAGETURNER_RETURN_IF_ERROR(status_);
  PAGETURNER_RETURN_IF_ERROR(write_with_sum("manifest-files", manifest_));
  const Export& description = description_;
  const auto text_or_null = [](ObjectWriter& object, std::string_view name,
                               const std::string& value) {
    if (value.empty()) {
      object.null(name);
    } else {
      object.text(name, value);
    }
  };
  std::string summary;
  {
    ObjectWriter object(summary);
    object.text("version", "2020-06-30");
    object.text("exportArn", export_arn);
    object.text("startTime", manifest_time(description.started_milliseconds));
    object.text("endTime", manifest_time(description.ended_milliseconds));
    object.text("tableArn", table_arn);
    object.text("tableId", description.table_id);
    object.text("exportTime", manifest_time(description.time_milliseconds));
    object.text("s3Bucket", description.location.bucket);
    text_or_null(object, "s3Prefix", description.location.prefix);
    object.text("s3SseAlgorithm", description.sse_algorithm);
    text_or_null(object, "s3SseKmsKeyId", description.sse_kms_key_id);
    object.text("manifestFilesS3Key", concat(folder_key_, "manifest-files.json"));
    object.number("billedSizeBytes", description.billed_size_bytes);
    object.number("itemCount", item_count_);
    object.text("outputFormat", "DYNAMODB_JSON");
  }
  return write_with_sum("manifest-summary", summary);
}

}  // namespace pageturner
