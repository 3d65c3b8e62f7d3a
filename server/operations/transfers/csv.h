// Records of CSV files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pageturner {

// Reads CSV as defined by RFC 4180, with any delimiter: a field in double quotes may contain
// delimiters, line breaks and doubled quotes; lines end with LF or CR LF; empty lines are skipped.
class CsvReader {
 public:
  // `text` must outlive the reader.
  CsvReader(std::string_view text, char delimiter) : rest_(text), delimiter_(delimiter) {}

  // Returns the fields of the next record, or nullopt after the last one.
  std::optional<std::vector<std::string>> next();

 private:
  std::string next_field();

  std::string_view rest_;
  char delimiter_;
};

}  // namespace pageturner
