// The files of an import: items in DynamoDB JSON or CSV.
#pragma once

#include <absl/functional/function_ref.h>

#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/table_description.h"

namespace pageturner {

// Called for each item of a file, in stored form, or with the error that makes it invalid.
using ImportedItemVisitor = absl::FunctionRef<void(Result<std::string> item)>;

// Reads consecutive {"Item":{…}} objects, with or without line breaks between them. Stops at the
// first text that is not JSON. Source: guide, "DynamoDB data import formats"; recorded answers.
void read_json_items(std::string_view text, ImportedItemVisitor visit);

struct CsvFormat {
  char delimiter = ',';
  std::vector<std::string> header;  // empty: the first line is the header
};

// Reads CSV. Key attributes of `table` and its indexes get the types of its attribute definitions;
// all other attributes are strings. Source: guide, "DynamoDB data import formats".
void read_csv_items(std::string_view text, const CsvFormat& format, const TableDescription& table,
                    ImportedItemVisitor visit);

}  // namespace pageturner
