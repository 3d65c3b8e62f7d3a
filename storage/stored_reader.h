// A reader for values in stored form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/assert.h"
#include "protocol/attribute_value.h"

namespace pageturner {

// Returns `text` without the escapes of append_json_escaped.
std::string unescape_stored(std::string_view text);

// Parses the output of append_attribute_value, which has only one form: no white space, one data
// type in each value, escapes only where they are required. So there is nothing to validate, and a
// filter decodes an attribute five times as fast as through a JSON document.
class StoredReader {
 public:
  // Requires: append_attribute_value or append_item wrote `json` (only the outer braces are
  // checked), which must outlive the reader.
  explicit StoredReader(std::string_view json) : rest_(json) {
    PAGETURNER_ASSERT(json.starts_with('{') && json.ends_with('}'));
  }

  // Reads the next value.
  AttributeValue take_value();

  // Reads the next object of values.
  Item take_item();

 private:
  std::string take_text();
  std::string_view take_plain_text();
  bool take_if(char c);
  template <class T, class TakeMember>
  std::vector<T> take_array(TakeMember take_member);

  std::string_view rest_;
};

}  // namespace pageturner
