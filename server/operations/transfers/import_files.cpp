#include "server/operations/transfers/import_files.h"

#include <algorithm>

#include "protocol/model/shapes.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/transfers/csv.h"
#include "storage/stored_item.h"

namespace pageturner {
namespace {

Result<std::string> item_of_line(JsonValue line) {
  PAGETURNER_RETURN_IF_ERROR(check_types(line, shapes::imported_line));
  PAGETURNER_RETURN_IF_ERROR(check_constraints(line, shapes::imported_line));
  return parse_stored_item(line.find("Item").value());
}

// The type descriptor in DynamoDB JSON of a field of the column `name`.
std::string_view descriptor_of(std::string_view name, const TableDescription& table) {
  for (const KeyAttribute& definition : table.attribute_definitions) {
    if (definition.name == name) return scalar_descriptor(definition.type);
  }
  return "S";
}

// Converts a CSV record through DynamoDB JSON, so that the same rules apply to its values.
Result<std::string> item_of_record(const std::vector<std::string>& header,
                                   const std::vector<std::string>& record,
                                   const TableDescription& table) {
  if (record.size() != header.size()) {
    return validation_error(
        concat("The header has ", header.size(), " columns, the line has ", record.size()));
  }
  std::string line;
  {
    ObjectWriter object(line);
    ObjectWriter item(object.member("Item"));
    for (std::size_t i = 0; i < header.size(); ++i) {
      ObjectWriter(item.member(header[i])).text(descriptor_of(header[i], table), record[i]);
    }
  }
  const auto document = JsonDocument::parse(line);
  if (!document) return validation_error("The line is not UTF-8");
  return item_of_line(document->root());
}

}  // namespace

void read_json_items(std::string_view text, ImportedItemVisitor visit) {
  const auto skip_space = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  };
  for (skip_space(); !text.empty(); skip_space()) {
    const auto line = JsonDocument::parse_next(text);
    if (!line) return visit(validation_error("The file holds something that is no JSON"));
    visit(item_of_line(line->root()));
  }
}

void read_csv_items(std::string_view text, const CsvFormat& format, const TableDescription& table,
                    ImportedItemVisitor visit) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  CsvReader reader(text, format.delimiter);
  std::vector<std::string> header = format.header;
  if (header.empty()) header = reader.next().value_or(std::vector<std::string>());
  while (auto record = reader.next()) visit(item_of_record(header, *record, table));
}

}  // namespace pageturner
