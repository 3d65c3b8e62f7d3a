#include "server/operations/transfers/csv.h"

#include <algorithm>

namespace pageturner {

std::optional<std::vector<std::string>> CsvReader::next() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of("\r\n"), rest_.size()));
  if (rest_.empty()) return std::nullopt;
  std::vector<std::string> fields;
  while (true) {
    fields.push_back(next_field());
    if (!rest_.starts_with(delimiter_)) break;
    rest_.remove_prefix(1);
  }
  if (rest_.starts_with('\r')) rest_.remove_prefix(1);
  if (rest_.starts_with('\n')) rest_.remove_prefix(1);
  return fields;
}

// Takes one field off, up to the delimiter or the end of the line.
std::string CsvReader::next_field() {
  std::string field;
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
  return field;
}

}  // namespace pageturner
