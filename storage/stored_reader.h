// Reads values as they are stored.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"

namespace pageturner {

// Reads the form in which append_attribute_value writes values, which has no choice in it: no white
// space, one data type in each value, escapes only where there have to be. So there is nothing to
// check, and a filter looks at an attribute five times as fast as by way of a JSON document.
class StoredReader {
 public:
  // Requires text that append_attribute_value or append_item wrote.
  explicit StoredReader(std::string_view json) : rest_(json) {}

  // Takes one value off.
  AttributeValue take_value();

  // Takes one object of values off.
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
