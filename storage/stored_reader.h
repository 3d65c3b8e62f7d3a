// A reader for values in stored form.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocol/assert.h"
#include "protocol/attribute_value.h"

namespace pageturner {

// Shorter texts contain no list or set whose allocation matters.
constexpr std::size_t long_text_bytes = 64 * 1024;

// The memory of a long list or set after it was decoded, for the next one. A loop over items with
// lists of 190,000 elements would otherwise have 11 MB of new pages for each of them, which cost
// several times as much as the decoding. Holds one vector of each type of element.
class DecodeBuffer {
 public:
  // Returns an empty vector with a capacity of at least `count`.
  template <class T>
  std::vector<T> take(std::size_t count);

  // Takes the memory of the lists and sets of `value`, which may not be used any more; not of those
  // within lists.
  void give_back(AttributeValue& value);

 private:
  template <class T>
  void keep(std::vector<T>& elements);

  std::tuple<std::vector<AttributeValue>, std::vector<std::string>, std::vector<Number>> spare_;
};

// Returns `text` without the escapes of append_json_escaped.
std::string unescape_stored(std::string_view text);

// Parses the output of append_attribute_value, which has only one form: no white space, one data
// type in each value, escapes only where they are required. So there is nothing to validate, and a
// filter decodes an attribute five times as fast as through a JSON document.
class StoredReader {
 public:
  // Requires: append_attribute_value or append_item wrote `json` (only the outer braces are
  // checked), which must outlive the reader. With `buffer`, which must outlive the reader too, long
  // lists and sets use its memory.
  explicit StoredReader(std::string_view json, DecodeBuffer* buffer = nullptr)
      : rest_(json), buffer_(buffer) {
    PAGETURNER_ASSERT(json.starts_with('{') && json.ends_with('}'));
  }

  // Reads the next value.
  AttributeValue take_value();

  // Reads the next object of values.
  Item take_item();

 private:
  Map take_map();
  std::string take_text();
  std::string_view take_plain_text();
  bool take_if(char c);
  template <class T, class TakeMember>
  std::vector<T> take_array(TakeMember take_member);

  std::string_view rest_;
  DecodeBuffer* buffer_;
};

}  // namespace pageturner
