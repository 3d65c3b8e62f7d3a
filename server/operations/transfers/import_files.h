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

// Called for every item of a file, in stored form, or with why it is none.
using ImportedItemVisitor = absl::FunctionRef<void(Result<std::string> item)>;

// Reads {"Item":{…}} one behind another, with or without line breaks between them. What stands
// behind something that is no JSON is not looked at. Source: guide, "DynamoDB data import formats";
// recorded answers.
void read_json_items(std::string_view text, ImportedItemVisitor visit);

struct CsvFormat {
  char delimiter = ',';
  std::vector<std::string> header;  // empty: the first line is the header
};

// Reads CSV. Key attributes of `table` and its indexes have the types of its attribute definitions,
// all others are strings. Source: guide, "DynamoDB data import formats".
void read_csv_items(std::string_view text, const CsvFormat& format, const TableDescription& table,
                    ImportedItemVisitor visit);

}  // namespace pageturner
