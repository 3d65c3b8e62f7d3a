// CSV as defined by RFC 4180, with any delimiter: a field in double quotes may contain delimiters,
// line breaks and doubled quotes; lines end with LF or CR LF; empty lines are skipped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/operations/transfers/record_splitter.h"

namespace pageturner {

// Finds the records of a CSV file.
class CsvScanner final : public RecordScanner {
 public:
  explicit CsvScanner(char delimiter) : delimiter_(delimiter) {}

  std::size_t gap(std::string_view text) const override;
  Part scan(std::string_view text) override;

 private:
  enum class State : std::uint8_t {
    field_begins,
    plain,
    quoted,
    quote,  // a quote within a quoted field: it ends the quoted part, or is doubled
  };

  char delimiter_;
  State state_ = State::field_begins;
};

// Reads the fields of one record.
class CsvFields {
 public:
  // `record` is not empty and must outlive this object.
  CsvFields(std::string_view record, char delimiter) : rest_(record), delimiter_(delimiter) {}

  // Replaces `field` by the next one. Returns false after the last one.
  bool next(std::string& field);

 private:
  std::string_view rest_;
  char delimiter_;
  bool is_over_ = false;
};

}  // namespace pageturner
