// The files of an export, as the service writes them.
#pragma once

#include <string>
#include <string_view>

#include "protocol/text.h"
#include "server/operations/transfers/s3_folder.h"

namespace pageturner {

// Writes the files of one full export below [<prefix>/]AWSDynamoDB/<id>/: _started, data files of
// gzip-compressed lines {"Item":{…}}, manifest-files.json with one line for each data file, and
// manifest-summary.json. Source: guide, "DynamoDB table export output format"; files of real
// exports, whose checksum files end in .md5.
class ExportFiles {
 public:
  // `folder` and `description` must outlive this object.
  ExportFiles(const S3Folder& folder, const Export& description);

  // Adds an item, a JSON object. finish() reports a failed write.
  void add(std::string_view item_json);

  // The number of items added so far.
  std::int64_t item_count() const { return item_count_; }

  // Writes the last data file and the manifests. Requires: the description is complete. Errors: the
  // first failed write.
  S3Result<void> finish(std::string_view table_arn, std::string_view export_arn);

  // The key of manifest-summary.json.
  std::string summary_key() const { return concat(folder_key_, "manifest-summary.json"); }

 private:
  void begin();
  void write_data_file();
  S3Result<void> write_with_sum(const std::string& name, std::string_view text) const;

  const S3Folder& folder_;
  const Export& description_;
  std::string folder_key_;  // ends with a slash
  std::string lines_;       // of the current data file
  std::int64_t item_count_ = 0;
  std::int64_t items_before_file_ = 0;
  std::string manifest_;
  bool has_begun_ = false;
  S3Result<void> status_;  // the first failed write
};

}  // namespace pageturner
