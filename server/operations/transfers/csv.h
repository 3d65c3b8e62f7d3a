// Records of CSV files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pageturner {

// Reads CSV as RFC 4180 has it, with any delimiter: fields in double quotes hold delimiters, line
// breaks and doubled quotes; lines end with LF or CR LF; empty lines hold no record.
class CsvReader {
 public:
  // `text` has to outlive the reader.
  CsvReader(std::string_view text, char delimiter) : rest_(text), delimiter_(delimiter) {}

  // The fields of the next record; nothing behind the last one.
  std::optional<std::vector<std::string>> next();

 private:
  std::string next_field();

  std::string_view rest_;
  char delimiter_;
};

}  // namespace pageturner
