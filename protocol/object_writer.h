// Writing the JSON objects and lists of answers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/json.h"
#include "protocol/time_text.h"

namespace pageturner {

// Appends members of one JSON object, with commas between them.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  ~ObjectWriter() { out_ += '}'; }
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  // The text to append the value of `name` to.
  std::string& member(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    append_json_string(out_, name);
    return out_ += ':';
  }
  void text(std::string_view name, std::string_view value) {
    append_json_string(member(name), value);
  }
  void number(std::string_view name, std::int64_t value) { member(name) += std::to_string(value); }
  void boolean(std::string_view name, bool value) { member(name) += value ? "true" : "false"; }
  // Seconds since 1970 with milliseconds.
  void time(std::string_view name, std::int64_t milliseconds) {
    member(name) += std::to_string(milliseconds / 1000) + milliseconds_text(milliseconds);
  }

 private:
  std::string& out_;
};

// Appends an array, each element by `append_element(out, element)`.
template <class Range, class AppendElement>
void append_list(std::string& out, const Range& elements, AppendElement append_element) {
  out += '[';
  for (const auto& element : elements) {
    if (out.back() != '[') out += ',';
    append_element(out, element);
  }
  out += ']';
}

}  // namespace pageturner
