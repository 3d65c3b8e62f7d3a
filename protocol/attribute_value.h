// A DynamoDB value and an item made of such values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/number.h"

namespace pageturner {

struct AttributeValue;

// Attributes by name. Ordered, so that everything that is written from an item is written one way.
using Item = std::map<std::string, AttributeValue, std::less<>>;

struct Null {
  bool operator==(const Null&) const = default;
};

struct Binary {
  std::string bytes;  // decoded, not base64
  bool operator==(const Binary&) const = default;
};

// Sets keep the order in which they were given (the service answers them so) and hold no
// duplicates: whoever makes one has checked that.
struct StringSet {
  std::vector<std::string> members;
};
struct NumberSet {
  std::vector<Number> members;
};
struct BinarySet {
  std::vector<std::string> members;
};

struct List {
  std::vector<AttributeValue> elements;
};

struct Map {
  Item attributes;
};

// The ten data types. Source: guide, "Supported data types and naming rules".
struct AttributeValue {
  std::variant<Null, bool, std::string, Number, Binary, StringSet, NumberSet, BinarySet, List, Map>
      data;

  // Requires that T is the type held.
  template <class T>
  const T& as() const {
    return std::get<T>(data);
  }
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&data);
  }
};

// The data types in the order of AttributeValue::data.
enum class AttributeType : std::uint8_t { null, boolean, s, n, b, ss, ns, bs, l, m };

inline AttributeType type_of(const AttributeValue& value) {
  return static_cast<AttributeType>(value.data.index());
}

// The descriptor on the wire: "S", "N", "BOOL", …
std::string_view type_descriptor(AttributeType type);

// Equality as conditions have it: types must agree, numbers compare by value, sets without regard
// to order, lists in order, maps by name.
bool operator==(const AttributeValue& left, const AttributeValue& right);

// The documented size: what the value counts for in an item. Source: guide, "DynamoDB item sizes
// and formats".
std::size_t size_bytes(const AttributeValue& value);

// What a list or a map counts for beside its contents: so much, and so much for each element or
// pair. Source: as above.
constexpr std::size_t document_overhead_bytes = 3;
constexpr std::size_t element_overhead_bytes = 1;

// How many lists and maps nest in a value or an item: 0 where there is neither.
int nesting_levels(const AttributeValue& value);
int nesting_levels(const Item& item);

// The documented size of a whole item: names and values.
std::size_t item_size_bytes(const Item& item);

}  // namespace pageturner
