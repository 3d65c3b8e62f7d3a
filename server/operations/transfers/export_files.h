// The files of an export, as the service writes them.
#pragma once

#include <string>
#include <string_view>

#include "server/operations/transfers/s3_folder.h"

namespace pageturner {

// Writes the files of one full export below [<prefix>/]AWSDynamoDB/<id>/: _started, data files of
// gzip'd lines {"Item":{…}}, manifest-files.json with a line for each of them, and
// manifest-summary.json. Source: guide, "DynamoDB table export output format"; files of real
// exports, whose sums have the name .md5.
class ExportFiles {
 public:
  // `folder` and `description` have to outlive this.
  ExportFiles(const S3Folder& folder, const Export& description);

  // Adds an item, a JSON object. What fails is told by finish().
  void add(std::string_view item_json);

  // How many items have been added.
  std::int64_t item_count() const { return item_count_; }

  // Writes what is left and the manifests. The description has to be complete by now.
  S3Result<void> finish(std::string_view table_arn, std::string_view export_arn);

  // The key of manifest-summary.json.
  std::string summary_key() const { return folder_key_ + "manifest-summary.json"; }

 private:
  void begin();
  void write_data_file();
  S3Result<void> write_with_sum(const std::string& name, std::string_view text) const;

  const S3Folder& folder_;
  const Export& description_;
  std::string folder_key_;  // with a slash at the end
  std::string lines_;       // of the data file under way
  std::int64_t item_count_ = 0;
  std::int64_t items_before_file_ = 0;
  std::string manifest_;
  bool has_begun_ = false;
  S3Result<void> status_;  // of what has been written so far
};

}  // namespace pageturner
