// The files of an import: items in DynamoDB JSON or CSV.
#pragma once

#include <absl/functional/function_ref.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/table_description.h"
#include "server/operations/transfers/record_splitter.h"

namespace pageturner {

// Called for each item of a file, in stored form, or with the error that makes it invalid.
using ImportedItemVisitor = absl::FunctionRef<void(Result<std::string> item)>;

struct CsvFormat {
  char delimiter = ',';
  std::vector<std::string> header;  // empty: the first line is the header
};

// Reads the items of one file, whose text arrives in pieces of any size. Holds one record at a
// time; one of more than RecordSplitter::record_bytes_max is an error and is skipped.
//
// DynamoDB JSON: consecutive {"Item":{…}} objects, with or without line breaks between them. Stops
// at the first record that is not JSON, which is an error. CSV: key attributes of the table and its
// indexes get the types of its attribute definitions; all other attributes are strings. A byte
// order mark is skipped. Source: guide, "DynamoDB data import formats"; recorded answers.
class ImportedFile {
 public:
  // Reads CSV if there is a `csv`. `table` must outlive this object.
  ImportedFile(std::optional<CsvFormat> csv, const TableDescription& table);

  // Adds a piece of the text. Passes the items that it completes to `visit`.
  void add(std::string_view text, ImportedItemVisitor visit);

  // Passes the last item to `visit`, if the text ends within one.
  void finish(ImportedItemVisitor visit);

  // Whether the file was found not to be JSON, and the rest of it is ignored.
  bool has_stopped() const { return splitter_.has_stopped(); }

 private:
  auto reader(ImportedItemVisitor visit);

  // Return whether to go on.
  bool read_record(std::optional<std::string_view> record, ImportedItemVisitor visit);
  bool read_json(std::string_view record, ImportedItemVisitor visit);

  void read_header(std::optional<std::string_view> record);
  Result<std::string> item_of_fields(std::string_view record) const;

  std::optional<CsvFormat> csv_;
  const TableDescription& table_;
  RecordSplitter splitter_;
  // The first bytes of a CSV file, until it is known whether they are a byte order mark.
  std::optional<std::string> begin_;
  bool is_header_read_ = false;
  bool is_header_too_long_ = false;
};

}  // namespace pageturner
