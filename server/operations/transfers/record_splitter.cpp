#include "server/operations/transfers/record_splitter.h"

#include <algorithm>
#include <utility>

namespace pageturner {
namespace {

constexpr std::string_view json_space = " \t\r\n";

}  // namespace

std::size_t JsonScanner::gap(std::string_view text) const {
  return std::min(text.find_first_not_of(json_space), text.size());
}

RecordScanner::Part JsonScanner::scan(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_in_string_) {
      is_in_string_ = is_escaped_ || c != '"';
      is_escaped_ = !is_escaped_ && c == '\\';
    } else if (ends_before(c)) {
      is_plain_ = false;
      return {i, true};
    }
    if (depth_ == 0 && !is_in_string_ && !is_plain_) return {i + 1, true};
  }
  return {text.size(), false};
}

bool JsonScanner::ends_before(char c) {
  const bool is_opening = c == '{' || c == '[';
  if (is_plain_) return is_opening || c == '"' || json_space.find(c) != json_space.npos;
  if (c == '"') {
    is_in_string_ = true;
  } else if (is_opening) {
    ++depth_;
  } else if (depth_ == 0) {
    is_plain_ = true;
  } else if (c == '}' || c == ']') {
    --depth_;
  }
  return false;
}

void RecordSplitter::add(std::string_view text, RecordVisitor visit) {
  while (!has_stopped_) {
    if (!is_in_record_) text.remove_prefix(scanner_->gap(text));
    if (text.empty()) return;
    is_in_record_ = true;
    const RecordScanner::Part part = scanner_->scan(text);
    take(text.substr(0, part.size));
    text.remove_prefix(part.size);
    if (part.is_complete) end_record(visit);
  }
}

void RecordSplitter::finish(RecordVisitor visit) {
  if (is_in_record_ && !has_stopped_) end_record(visit);
}

void RecordSplitter::take(std::string_view part) {
  is_too_long_ = is_too_long_ || part.size() > record_bytes_max - record_.size();
  if (!is_too_long_) record_ += part;
}

void RecordSplitter::end_record(RecordVisitor visit) {
  constexpr std::size_t bytes_kept_max = 1024 * 1024;
  is_in_record_ = false;
  std::optional<std::string_view> record = record_;
  if (std::exchange(is_too_long_, false)) record = std::nullopt;
  has_stopped_ = !visit(record);
  if (record_.capacity() > bytes_kept_max) std::string().swap(record_);
  record_.clear();
}

}  // namespace pageturner
