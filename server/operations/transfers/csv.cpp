#include "server/operations/transfers/csv.h"

#include <algorithm>

namespace pageturner {

std::size_t CsvScanner::gap(std::string_view text) const {
  return std::min(text.find_first_not_of("\r\n"), text.size());
}

RecordScanner::Part CsvScanner::scan(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (state_ == State::quoted) {
      if (c == '"') state_ = State::quote;
    } else if (c == '"' && state_ != State::plain) {
      state_ = State::quoted;
    } else if (c == '\n') {
      state_ = State::field_begins;
      return {i + 1, true};
    } else {
      state_ = c == delimiter_ ? State::field_begins : State::plain;
    }
  }
  return {text.size(), false};
}

bool CsvFields::next(std::string& field) {
  if (is_over_) return false;
  field.clear();
  bool quoted = rest_.starts_with('"');
  if (quoted) rest_.remove_prefix(1);
  while (!rest_.empty()) {
    const char c = rest_.front();
    if (quoted && c == '"') {
      rest_.remove_prefix(1);
      quoted = rest_.starts_with('"');  // a quote that is doubled stands for itself
      if (!quoted) continue;
    } else if (!quoted && (c == delimiter_ || c == '\n' || rest_.starts_with("\r\n"))) {
      break;
    }
    field += c;
    rest_.remove_prefix(1);
  }
  is_over_ = !rest_.starts_with(delimiter_);
  if (!is_over_) rest_.remove_prefix(1);
  return true;
}

}  // namespace pageturner
