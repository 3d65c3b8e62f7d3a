#include "protocol/attribute_value_json.h"

#include <absl/strings/escaping.h>

#include <algorithm>

#include "protocol/limits.h"
#include "protocol/text.h"

namespace ddb {
namespace {

Result<AttributeValue> parse_value(JsonValue json, int levels_left);

Result<void> visit_attributes(JsonValue json, int levels_left, AttributeVisitor visit) {
  for (const auto& [name, member] : json.members()) {
    if (name.empty()) return validation_error("Empty attribute name");
    if (name.size() > limits::attribute_name_size_bytes_max) {
      return invalid_parameter("Attribute name is too large, must be less than 65536 bytes");
    }
    DDB_ASSIGN(AttributeValue value, parse_value(member, levels_left));
    visit(name, std::move(value));
  }
  return {};
}

Result<Item> parse_attributes(JsonValue json, int levels_left) {
  Item item;
  // Clients send names in any order; JSON has each once.
  DDB_CHECK(visit_attributes(json, levels_left, [&](std::string_view name, AttributeValue value) {
    item.emplace(name, std::move(value));
  }));
  return item;
}

// The complaint about a value without a type, and about null in the place of one.
Error no_type_given() {
  return validation_error(
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}

bool has_duplicates(std::vector<std::string> members) {
  std::sort(members.begin(), members.end());
  return std::adjacent_find(members.begin(), members.end()) != members.end();
}

// The members as a list in brackets, as the complaint about duplicates shows them.
std::string bracketed(JsonValue set) {
  std::string text = "[";
  for (const JsonValue element : set.elements()) {
    if (text.size() > 1) text += ", ";
    text += element.as_string();
  }
  return text += "]";
}

Result<StringSet> parse_string_set(JsonValue json) {
  if (json.size() == 0) return invalid_parameter("An string set  may not be empty");
  StringSet set;
  for (const JsonValue element : json.elements()) {
    if (element.is_null()) return no_type_given();
    set.members.emplace_back(element.as_string());
  }
  if (has_duplicates(set.members)) {
    return invalid_parameter("Input collection " + bracketed(json) + " contains duplicates.");
  }
  return set;
}

Result<BinarySet> parse_binary_set(JsonValue json) {
  if (json.size() == 0) return invalid_parameter("Binary sets should not be empty");
  BinarySet set;
  for (const JsonValue element : json.elements()) {
    if (element.is_null()) return no_type_given();
    set.members.push_back(decode_base64(element.as_string()));
  }
  if (has_duplicates(set.members)) {
    return invalid_parameter("Input collection " + bracketed(json) +
                             "of type BS contains duplicates.");
  }
  return set;
}

Result<NumberSet> parse_number_set(JsonValue json) {
  if (json.size() == 0) return invalid_parameter("An number set  may not be empty");
  NumberSet set;
  for (const JsonValue element : json.elements()) {
    DDB_ASSIGN(const Number number, Number::parse(element.as_string()));
    set.members.push_back(number);
  }
  std::vector<Number> sorted = set.members;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    return validation_error("Input collection contains duplicates");
  }
  return set;
}

Result<List> parse_list(JsonValue json, int levels_left) {
  if (levels_left == 0) return nested_too_deep();
  List list;
  for (const JsonValue member : json.elements()) {
    DDB_ASSIGN(AttributeValue element, parse_value(member, levels_left - 1));
    list.elements.push_back(std::move(element));
  }
  return list;
}

Result<Map> parse_map(JsonValue json, int levels_left) {
  if (levels_left == 0) return nested_too_deep();
  DDB_ASSIGN(Item attributes, parse_attributes(json, levels_left - 1));
  return Map{std::move(attributes)};
}

// Reads the value of the one data type `descriptor` into `value`. False for a name that is no data
// type.
Result<bool> parse_typed(std::string_view descriptor, JsonValue json, int levels_left,
                         AttributeValue& value) {
  if (descriptor == "S") {
    value.data = std::string(json.as_string());
  } else if (descriptor == "N") {
    DDB_ASSIGN(value.data, Number::parse(json.as_string()));
  } else if (descriptor == "B") {
    value.data = Binary{decode_base64(json.as_string())};
  } else if (descriptor == "BOOL") {
    value.data = json_truth(json);
  } else if (descriptor == "NULL") {
    if (!json_truth(json)) {
      return invalid_parameter("Null attribute value types must have the value of true");
    }
    value.data = Null{};
  } else if (descriptor == "SS") {
    DDB_ASSIGN(value.data, parse_string_set(json));
  } else if (descriptor == "NS") {
    DDB_ASSIGN(value.data, parse_number_set(json));
  } else if (descriptor == "BS") {
    DDB_ASSIGN(value.data, parse_binary_set(json));
  } else if (descriptor == "L") {
    DDB_ASSIGN(value.data, parse_list(json, levels_left));
  } else if (descriptor == "M") {
    DDB_ASSIGN(value.data, parse_map(json, levels_left));
  } else {
    return false;
  }
  return true;
}

Result<AttributeValue> parse_value(JsonValue json, int levels_left) {
  AttributeValue value;
  int found = 0;
  // Every member is parsed before a second one is refused: the service names a broken number first.
  for (const auto& [descriptor, member] : json.members()) {
    if (member.is_null()) continue;
    DDB_ASSIGN(const bool is_type, parse_typed(descriptor, member, levels_left, value));
    if (is_type) ++found;
  }
  if (found > 1) {
    return validation_error(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes");
  }
  if (found == 0) return no_type_given();
  return value;
}

void append_base64(std::string& out, std::string_view bytes) {
  out += '"';
  out += absl::Base64Escape({bytes.data(), bytes.size()});
  out += '"';
}

// Appends `members` as a JSON array, each written by `append_member`.
template <class T, class AppendMember>
void append_array(std::string& out, const std::vector<T>& members, AppendMember append_member) {
  out += '[';
  bool first = true;
  for (const T& member : members) {
    if (!first) out += ',';
    first = false;
    append_member(out, member);
  }
  out += ']';
}

// A number's text needs no escapes.
void append_number(std::string& out, const Number& number) {
  out += '"';
  out += number.to_string();
  out += '"';
}

void append_payload(std::string& out, const AttributeValue& value) {
  switch (type_of(value)) {
    case AttributeType::null:
      out += "true";
      break;
    case AttributeType::boolean:
      out += value.as<bool>() ? "true" : "false";
      break;
    case AttributeType::s:
      append_json_string(out, value.as<std::string>());
      break;
    case AttributeType::n:
      append_number(out, value.as<Number>());
      break;
    case AttributeType::b:
      append_base64(out, value.as<Binary>().bytes);
      break;
    case AttributeType::ss:
      append_array(out, value.as<StringSet>().members, append_json_string);
      break;
    case AttributeType::ns:
      append_array(out, value.as<NumberSet>().members, append_number);
      break;
    case AttributeType::bs:
      append_array(out, value.as<BinarySet>().members, append_base64);
      break;
    case AttributeType::l:
      append_array(out, value.as<List>().elements, append_attribute_value);
      break;
    case AttributeType::m:
      append_item(out, value.as<Map>().attributes);
      break;
  }
}

}  // namespace

Error nested_too_deep() {
  return validation_error(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
      "beyond supported limit");
}

bool json_truth(JsonValue json) {
  if (json.kind() == JsonValue::Kind::boolean) return json.as_boolean();
  return equals_ignoring_case(json.as_string(), "true");
}

Result<AttributeValue> parse_attribute_value(JsonValue json) {
  return parse_value(json, limits::nesting_levels_below_item_max);
}

Result<void> visit_attributes(JsonValue json, AttributeVisitor visit) {
  return visit_attributes(json, limits::nesting_levels_below_item_max, visit);
}

Result<Item> parse_item(JsonValue json) {
  return parse_attributes(json, limits::nesting_levels_below_item_max);
}

void append_attribute_value(std::string& out, const AttributeValue& value) {
  out += "{\"";
  out += type_descriptor(type_of(value));
  out += "\":";
  append_payload(out, value);
  out += '}';
}

std::string decode_base64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape({text.data(), text.size()}, &bytes)) bytes.clear();
  return bytes;
}

}  // namespace ddb
