#include "protocol/attribute_value.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pageturner {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::size_t sum_of_sizes(const std::vector<std::string>& members) {
  std::size_t sum = 0;
  for (const auto& member : members) sum += member.size();
  return sum;
}

// `attributes` is a range of pairs of a name and a value.
template <class Attributes>
int levels_of_attributes(const Attributes& attributes) {
  int deepest = 0;
  for (const auto& [name, value] : attributes) deepest = std::max(deepest, nesting_levels(value));
  return deepest;
}

template <class Attributes>
std::size_t sum_of_attributes(const Attributes& attributes) {
  std::size_t sum = 0;
  for (const auto& [name, value] : attributes) sum += name.size() + size_bytes(value);
  return sum;
}

// Returns the first of `attributes` whose name is not before `name`.
template <class Attributes>
auto position_of(Attributes& attributes, std::string_view name) {
  return std::lower_bound(attributes.begin(), attributes.end(), name,
                          [](const MapAttribute& attribute, std::string_view wanted) {
                            return std::string_view(attribute.name) < wanted;
                          });
}

bool is_equal(const MapAttribute& left, const MapAttribute& right) {
  return left.name == right.name && left.value == right.value;
}

}  // namespace

const AttributeValue* Map::find(std::string_view name) const {
  const auto found = position_of(attributes, name);
  return found != attributes.end() && found->name == name ? &found->value : nullptr;
}

AttributeValue* Map::find(std::string_view name) {
  const auto found = position_of(attributes, name);
  return found != attributes.end() && found->name == name ? &found->value : nullptr;
}

void Map::put(std::string name, AttributeValue value) {
  const auto found = position_of(attributes, name);
  if (found != attributes.end() && found->name == name) {
    found->value = std::move(value);
  } else {
    attributes.insert(found, {std::move(name), std::move(value)});
  }
}

void Map::erase(std::string_view name) {
  const auto found = position_of(attributes, name);
  if (found != attributes.end() && found->name == name) attributes.erase(found);
}

void sort_attributes(Map& map) {
  const auto precedes = [](const MapAttribute& left, const MapAttribute& right) {
    return left.name < right.name;
  };
  auto& attributes = map.attributes;
  if (std::is_sorted(attributes.begin(), attributes.end(), precedes)) return;
  std::sort(attributes.begin(), attributes.end(), precedes);
}

int nesting_levels(const AttributeValue& value) {
  if (const auto* map = value.get_if<Map>()) return 1 + levels_of_attributes(map->attributes);
  int deepest = 0;
  const auto* list = value.get_if<List>();
  if (list == nullptr) return 0;
  for (const AttributeValue& element : list->elements) {
    deepest = std::max(deepest, nesting_levels(element));
  }
  return 1 + deepest;
}

int nesting_levels(const Item& item) { return levels_of_attributes(item); }

std::string_view type_descriptor(AttributeType type) {
  constexpr std::array<std::string_view, 10> descriptors = {"NULL", "BOOL", "S",  "N", "B",
                                                            "SS",   "NS",   "BS", "L", "M"};
  return descriptors[static_cast<std::size_t>(type)];
}

bool operator==(const AttributeValue& left, const AttributeValue& right) {
  if (left.data.index() != right.data.index()) return false;
  return std::visit(
      Overloaded{
          [](const Null&) { return true; },
          [&](const StringSet& set) { return set.members == right.as<StringSet>().members; },
          [&](const NumberSet& set) { return set.members == right.as<NumberSet>().members; },
          [&](const BinarySet& set) { return set.members == right.as<BinarySet>().members; },
          [&](const List& list) { return list.elements == right.as<List>().elements; },
          [&](const Map& map) {
            const auto& others = right.as<Map>().attributes;
            return std::equal(map.attributes.begin(), map.attributes.end(), others.begin(),
                              others.end(), is_equal);
          },
          [&]<class T>(const T& scalar) { return scalar == right.as<T>(); },
      },
      left.data);
}

std::size_t size_bytes(const AttributeValue& value) {
  return std::visit(Overloaded{
                        [](const Null&) -> std::size_t { return 1; },
                        [](const bool&) -> std::size_t { return 1; },
                        [](const std::string& text) { return text.size(); },
                        [](const Number& number) { return number_size_bytes(number); },
                        [](const Binary& binary) { return binary.bytes.size(); },
                        [](const StringSet& set) { return sum_of_sizes(set.members); },
                        [](const NumberSet& set) {
                          std::size_t sum = 0;
                          for (const Number& member : set.members) sum += number_size_bytes(member);
                          return sum;
                        },
                        [](const BinarySet& set) { return sum_of_sizes(set.members); },
                        [](const List& list) {
                          std::size_t sum = document_overhead_bytes;
                          for (const auto& element : list.elements) {
                            sum += element_overhead_bytes + size_bytes(element);
                          }
                          return sum;
                        },
                        [](const Map& map) {
                          return document_overhead_bytes +
                                 element_overhead_bytes * map.attributes.size() +
                                 sum_of_attributes(map.attributes);
                        },
                    },
                    value.data);
}

std::size_t item_size_bytes(const Item& item) { return sum_of_attributes(item); }

}  // namespace pageturner
