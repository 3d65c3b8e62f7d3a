// DynamoDB values, and items made of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/assert.h"
#include "protocol/number.h"

namespace pageturner {

struct AttributeValue;

// Attributes by name. Ordered, so that equal items are written as equal texts.
using Item = std::map<std::string, AttributeValue, std::less<>>;

struct Null {
  bool operator==(const Null&) const = default;
};

struct Binary {
  std::string bytes;  // decoded, not base64
  bool operator==(const Binary&) const = default;
};

// Sets are in ascending order, as the service returns them, and contain no duplicates: strings and
// binaries by their bytes, numbers by value. Requires: the creator of a set has called
// sort_members(); nothing else sorts or checks.
struct StringSet {
  std::vector<std::string> members;
};
struct NumberSet {
  std::vector<Number> members;
};
struct BinarySet {
  std::vector<std::string> members;
};

// Sorts the members of a set. Returns false if there are duplicates.
template <class Member>
bool sort_members(std::vector<Member>& members) {
  const auto is_no_ascent = [](const Member& left, const Member& right) { return !(left < right); };
  const auto has_no_ascent = [&] {
    return std::adjacent_find(members.begin(), members.end(), is_no_ascent) != members.end();
  };
  if (!has_no_ascent()) return true;  // sorted already
  std::sort(members.begin(), members.end());
  return !has_no_ascent();
}

struct List {
  std::vector<AttributeValue> elements;
};

struct MapAttribute;

// Attributes in ascending order of their names, which differ. Requires: the creator of a map has
// called sort_attributes(); nothing else sorts. Not an Item, because a request may contain hundreds
// of thousands of small maps, which would take three times the memory as trees.
struct Map {
  std::vector<MapAttribute> attributes;

  // Return the value of an attribute, or nullptr if there is none of this name.
  const AttributeValue* find(std::string_view name) const;
  AttributeValue* find(std::string_view name);

  // Adds an attribute, or replaces its value.
  void put(std::string name, AttributeValue value);
  // Removes an attribute, if there is one of this name.
  void erase(std::string_view name);
};

// Sorts the attributes of a map. Requires: their names differ.
void sort_attributes(Map& map);

// The ten data types. Source: guide, "Supported data types and naming rules".
struct AttributeValue {
  std::variant<Null, bool, std::string, Number, Binary, StringSet, NumberSet, BinarySet, List, Map>
      data;

  // Returns the value as T. Requires: the value has the type T.
  template <class T>
  const T& as() const {
    PAGETURNER_ASSERT(std::holds_alternative<T>(data));
    return std::get<T>(data);
  }
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&data);
  }
};

// A request may contain two million values, which are all decoded.
static_assert(sizeof(AttributeValue) <= 40);

struct MapAttribute {
  std::string name;
  AttributeValue value;
};

// The data types, in the order of AttributeValue::data.
enum class AttributeType : std::uint8_t { null, boolean, s, n, b, ss, ns, bs, l, m };

inline AttributeType type_of(const AttributeValue& value) {
  return static_cast<AttributeType>(value.data.index());
}

// Whether `value` is neither a set nor a list or map.
inline bool is_scalar(const AttributeValue& value) { return type_of(value) <= AttributeType::b; }

// Returns the descriptor on the wire: "S", "N", "BOOL", …
std::string_view type_descriptor(AttributeType type);

// Equality as defined for conditions: the types must be equal, numbers compare by value, sets
// regardless of order, lists in order, maps by name.
bool operator==(const AttributeValue& left, const AttributeValue& right);

// Returns the documented size: the bytes that the value adds to the size of an item. Source: guide,
// "DynamoDB item sizes and formats".
std::size_t size_bytes(const AttributeValue& value);

// The bytes that a list or map adds to its contents: a fixed number, and a number for each element
// or pair. Source: as above.
constexpr std::size_t document_overhead_bytes = 3;
constexpr std::size_t element_overhead_bytes = 1;

// Returns how many levels of lists and maps are nested in a value or an item: 0 for a scalar.
int nesting_levels(const AttributeValue& value);
int nesting_levels(const Item& item);

// Returns the documented size of an item: of its names and values.
std::size_t item_size_bytes(const Item& item);

}  // namespace pageturner
