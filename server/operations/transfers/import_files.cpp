#include "server/operations/transfers/import_files.h"

#include <memory>
#include <utility>

#include "protocol/limits.h"
#include "protocol/model/shapes.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/transfers/csv.h"
#include "storage/stored_item.h"

namespace pageturner {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Each column adds at least a byte to the size of an item, the one of its name.
constexpr std::size_t columns_max = limits::item_size_bytes_max;

// The names and fields of a record. Beyond it the item exceeds 400 KB: a string has its own size, a
// binary value three quarters of its field. (Not so for columns of one name, and for numbers with
// two million zeros, which are refused all the same.) Converted to JSON they may be six times as
// long, because of escapes.
constexpr std::size_t fields_bytes_max = 2 * 1024 * 1024;

Error too_long_record() {
  return validation_error(
      concat("The record has more than ", RecordSplitter::record_bytes_max, " bytes"));
}

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

std::unique_ptr<RecordScanner> make_scanner(const std::optional<CsvFormat>& csv) {
  if (csv) return std::make_unique<CsvScanner>(csv->delimiter);
  return std::make_unique<JsonScanner>();
}

}  // namespace

ImportedFile::ImportedFile(std::optional<CsvFormat> csv, const TableDescription& table)
    : csv_(std::move(csv)), table_(table), splitter_(make_scanner(csv_)) {
  if (!csv_) return;
  begin_.emplace();
  is_header_read_ = !csv_->header.empty();
}

// Returns a visitor of records that passes their items to `visit`.
auto ImportedFile::reader(ImportedItemVisitor visit) {
  return
      [this, visit](std::optional<std::string_view> record) { return read_record(record, visit); };
}

void ImportedFile::add(std::string_view text, ImportedItemVisitor visit) {
  if (!begin_) return splitter_.add(text, reader(visit));
  *begin_ += text;
  if (begin_->size() < byte_order_mark.size()) return;
  std::string_view begin = *begin_;
  if (begin.starts_with(byte_order_mark)) begin.remove_prefix(byte_order_mark.size());
  splitter_.add(begin, reader(visit));
  begin_.reset();
}

void ImportedFile::finish(ImportedItemVisitor visit) {
  if (begin_) splitter_.add(*begin_, reader(visit));
  splitter_.finish(reader(visit));
}

bool ImportedFile::read_record(std::optional<std::string_view> record, ImportedItemVisitor visit) {
  if (csv_ && !std::exchange(is_header_read_, true)) {
    read_header(record);
  } else if (!record) {
    visit(too_long_record());
  } else if (csv_) {
    visit(item_of_fields(*record));
  } else {
    return read_json(*record, visit);
  }
  return true;
}

bool ImportedFile::read_json(std::string_view record, ImportedItemVisitor visit) {
  while (!record.empty()) {
    const auto line = JsonDocument::parse_next(record);
    if (!line) {
      visit(validation_error("The file holds something that is no JSON"));
      return false;
    }
    visit(item_of_line(line->root()));
  }
  return true;
}

void ImportedFile::read_header(std::optional<std::string_view> record) {
  is_header_too_long_ = !record;
  if (!record) return;
  CsvFields fields(*record, csv_->delimiter);
  for (std::string name; fields.next(name); csv_->header.push_back(name)) {
    if (csv_->header.size() < columns_max) continue;
    is_header_too_long_ = true;
    std::vector<std::string>().swap(csv_->header);
    return;
  }
}

// Converts a CSV record through DynamoDB JSON, so that the same rules apply to its values.
Result<std::string> ImportedFile::item_of_fields(std::string_view record) const {
  if (is_header_too_long_) {
    return validation_error(concat("The header has more than ", columns_max, " columns or ",
                                   RecordSplitter::record_bytes_max, " bytes"));
  }
  const std::vector<std::string>& header = csv_->header;
  std::size_t count = 0;
  std::size_t bytes = 0;
  std::string line;
  {
    CsvFields fields(record, csv_->delimiter);
    ObjectWriter object(line);
    ObjectWriter item(object.member("Item"));
    for (std::string field; fields.next(field); ++count) {
      if (count >= header.size()) continue;
      const std::string& name = header[count];
      bytes += name.size() + field.size();
      if (bytes > fields_bytes_max) continue;
      ObjectWriter(item.member(name)).text(descriptor_of(name, table_), field);
    }
  }
  if (count != header.size()) {
    return validation_error(
        concat("The header has ", header.size(), " columns, the line has ", count));
  }
  if (bytes > fields_bytes_max) {
    return validation_error("Item size has exceeded the maximum allowed size");
  }
  const auto document = JsonDocument::parse(line);
  if (!document) return validation_error("The line is not UTF-8");
  return item_of_line(document->root());
}

}  // namespace pageturner
