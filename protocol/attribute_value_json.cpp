#include "protocol/attribute_value_json.h"

#include <absl/container/inlined_vector.h>
#include <absl/strings/escaping.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <numeric>

#include "protocol/assert.h"
#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

// The error for a value without a type, and for null instead of a value.
Error no_type_given() {
  return validation_error(
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
      ErrorDetail::not_one_data_type);
}

void append_base64(std::string& out, std::string_view bytes) {
  out += '"';
  out += absl::Base64Escape({bytes.data(), bytes.size()});
  out += '"';
}

std::string binary_of(JsonValue json) { return decode_base64(json.as_string()); }

std::string_view text_of(JsonValue json) { return json.as_string(); }

// A larger set is checked for duplicates after as many members. 8 MB of JSON may contain 2.8
// million members, but only half as many if they differ; members take up to five times the memory
// of their JSON.
constexpr std::size_t first_members_max = 1'000'000;

// Reads the members of a set into `members`, and sorts them. Returns 0, or if there are duplicates,
// a number of members at the beginning of the set among which they are; then `members` is empty.
// `parse` returns a member or an error; every member is parsed, because the service reports an
// invalid member before duplicates.
template <class Member, class Parse>
Result<std::size_t> read_set(JsonValue json, Parse parse, std::vector<Member>& members) {
  std::size_t repeated_within = 0;
  const auto check = [&] {
    if (sort_members(members)) return;
    repeated_within = members.size();
    std::vector<Member>().swap(members);
  };
  members.reserve(json.size());
  for (const JsonValue element : json.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(Member member, parse(element));
    if (repeated_within > 0) continue;
    members.push_back(std::move(member));
    if (members.size() == first_members_max) check();
  }
  if (repeated_within == 0) check();
  return repeated_within;
}

constexpr std::string_view duplicates_begin = "Input collection [";

// Returns the index of the first of `members` that is equal to one before it. Requires: there is
// one. Sorts indexes, because a set may have millions of members: a tree of them would take ten
// times as much.
template <class Member>
std::size_t first_repeated(const std::vector<Member>& members) {
  std::vector<std::uint32_t> order(members.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
    const int compared = members[left].compare(members[right]);
    return compared != 0 ? compared < 0 : left < right;
  });
  std::size_t first = members.size();
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (members[order[i]] == members[order[i - 1]]) first = std::min<std::size_t>(first, order[i]);
  }
  return first;
}

// Returns the error for duplicates in `set` with the list as the current validators print it: the
// members before the first repeated one in the order of their bytes, then the rest as sent.
// `repeated_within` is the result of read_set(). `decode` returns the bytes of a member, and
// `append` appends them in quotes; how these validators escape is not on record, here it is as in
// JSON. The legacy validator prints the list as sent. Source: recorded answers.
template <class Member>
Error duplicates(JsonValue set, std::size_t repeated_within, Member (*decode)(JsonValue),
                 std::string_view separator, void (*append)(std::string&, std::string_view),
                 std::string_view end) {
  // The message shows no more members than these.
  static_assert(first_members_max >= limits::echo_size_bytes_max / std::string_view("AA").size());
  std::vector<Member> members;
  members.reserve(repeated_within);
  for (const JsonValue element : set.elements()) {
    if (members.size() == repeated_within) break;
    members.push_back(decode(element));
  }
  std::sort(members.begin(),
            members.begin() + static_cast<std::ptrdiff_t>(first_repeated(members)));
  std::string current(duplicates_begin);
  append_joined_echo(current, members, separator, append);
  current.append("]").append(end);
  std::vector<Member>().swap(members);
  std::string legacy(duplicates_begin);
  append_joined_echo(legacy, set.elements(), ", ",
                     [](std::string& out, JsonValue element) { out += element.as_string(); });
  legacy.append("]").append(end);
  Error error = invalid_parameter(legacy);
  error.mutable_texts().current_message = invalid_parameter(current).message;
  return error;
}

// Returns the sorted members of a set of strings, as views into the document: a list that is no set
// may have millions of members.
Result<std::vector<std::string_view>> parse_string_set(JsonValue json) {
  if (json.size() == 0) {
    return invalid_parameter("An string set  may not be empty", ErrorDetail::empty_string_set);
  }
  const auto parse = [](JsonValue element) -> Result<std::string_view> {
    if (element.is_null()) return no_type_given();
    return text_of(element);
  };
  std::vector<std::string_view> members;
  PAGETURNER_ASSIGN_OR_RETURN(const std::size_t repeated_within, read_set(json, parse, members));
  if (repeated_within == 0) return members;
  return duplicates(json, repeated_within, text_of, ", ", append_json_string,
                    " contains duplicates.");
}

Result<BinarySet> parse_binary_set(JsonValue json) {
  if (json.size() == 0) {
    return invalid_parameter("Binary sets should not be empty", ErrorDetail::empty_binary_set);
  }
  const auto parse = [](JsonValue element) -> Result<std::string> {
    if (element.is_null()) return no_type_given();
    return binary_of(element);
  };
  BinarySet set;
  PAGETURNER_ASSIGN_OR_RETURN(const std::size_t repeated_within,
                              read_set(json, parse, set.members));
  if (repeated_within == 0) return set;
  return duplicates(json, repeated_within, binary_of, ",", append_base64,
                    "of type BS contains duplicates.");
}

Result<NumberSet> parse_number_set(JsonValue json) {
  if (json.size() == 0) return invalid_parameter("An number set  may not be empty");
  NumberSet set;
  const auto parse = [](JsonValue element) { return Number::parse(element.as_string()); };
  PAGETURNER_ASSIGN_OR_RETURN(const std::size_t repeated_within,
                              read_set(json, parse, set.members));
  if (repeated_within == 0) return set;
  constexpr std::string_view text = "Input collection contains duplicates";
  return validation_error(std::string(text), invalid_parameter(concat(text, ".")).message);
}

// A parsed value becomes either an AttributeValue or its wire form. Both classes below have the
// same members, so that the rules of parsing are written once, as templates over them.

class ValueOutput {
 public:
  explicit ValueOutput(AttributeValue& value) : value_(value) {}

  void take_text(JsonValue json) { value_.data = std::string(json.as_string()); }
  void take_strings(const std::vector<std::string_view>& members) {
    value_.data = StringSet{{members.begin(), members.end()}};
  }
  void take(AttributeValue value) { value_ = std::move(value); }
  Result<void> take_list(JsonValue json, int levels_left);
  Result<void> take_map(JsonValue json, int levels_left);

 private:
  AttributeValue& value_;
};

class WireOutput {
 public:
  explicit WireOutput(std::string& out) : out_(out) {}

  void take_text(JsonValue json);
  void take_strings(const std::vector<std::string_view>& members);
  void take(const AttributeValue& value);
  Result<void> take_list(JsonValue json, int levels_left);
  Result<void> take_map(JsonValue json, int levels_left);

  // The documented size of all values that were appended.
  std::size_t size_bytes() const { return size_bytes_; }

 private:
  std::string& out_;
  std::size_t size_bytes_ = 0;
};

// Keeps nothing but the documented size of the values.
class SizeOutput {
 public:
  void take_text(JsonValue json) { size_bytes_ += json.as_string().size(); }
  void take_strings(const std::vector<std::string_view>& members) {
    for (const std::string_view member : members) size_bytes_ += member.size();
  }
  void take(const AttributeValue& value) { size_bytes_ += pageturner::size_bytes(value); }
  Result<void> take_list(JsonValue json, int levels_left);
  Result<void> take_map(JsonValue json, int levels_left);

  std::size_t size_bytes() const { return size_bytes_; }

 private:
  std::size_t size_bytes_ = 0;
};

// Whether `json`, a member of an AttributeValue other than null, has the JSON type that the shape
// requires for it.
bool has_json_type(std::string_view descriptor, JsonValue json) {
  using Kind = JsonValue::Kind;
  if (descriptor == "S" || descriptor == "N" || descriptor == "B") {
    return json.kind() == Kind::string;
  }
  if (descriptor == "M") return json.is_object();
  const bool is_list =
      descriptor == "SS" || descriptor == "NS" || descriptor == "BS" || descriptor == "L";
  return !is_list || json.kind() == Kind::array;
}

// Parses the value of the data type `descriptor`. Returns false if there is no such data type.
template <class Output>
Result<bool> read_typed(std::string_view descriptor, JsonValue json, int levels_left,
                        Output& output) {
  PAGETURNER_ASSERT(has_json_type(descriptor, json));
  if (descriptor == "S") {
    output.take_text(json);
  } else if (descriptor == "N") {
    PAGETURNER_ASSIGN_OR_RETURN(const Number number, Number::parse(json.as_string()));
    output.take({number});
  } else if (descriptor == "B") {
    output.take({Binary{decode_base64(json.as_string())}});
  } else if (descriptor == "BOOL") {
    output.take({json_boolean(json)});
  } else if (descriptor == "NULL") {
    if (!json_boolean(json)) {
      return invalid_parameter("Null attribute value types must have the value of true",
                               ErrorDetail::null_not_true);
    }
    output.take({Null{}});
  } else if (descriptor == "SS") {
    PAGETURNER_ASSIGN_OR_RETURN(const auto members, parse_string_set(json));
    output.take_strings(members);
  } else if (descriptor == "NS") {
    PAGETURNER_ASSIGN_OR_RETURN(NumberSet set, parse_number_set(json));
    output.take({std::move(set)});
  } else if (descriptor == "BS") {
    PAGETURNER_ASSIGN_OR_RETURN(BinarySet set, parse_binary_set(json));
    output.take({std::move(set)});
  } else if (descriptor == "L") {
    if (levels_left == 0) return nested_too_deep();
    PAGETURNER_RETURN_IF_ERROR(output.take_list(json, levels_left - 1));
  } else if (descriptor == "M") {
    if (levels_left == 0) return nested_too_deep();
    PAGETURNER_RETURN_IF_ERROR(output.take_map(json, levels_left - 1));
  } else {
    return false;
  }
  return true;
}

template <class Output>
Result<void> read_value(JsonValue json, int levels_left, Output& output) {
  PAGETURNER_ASSERT(json.is_object() || json.is_null());
  int found = 0;
  // Every member is parsed before a second one is rejected: the service reports an invalid number
  // first.
  for (const auto& [descriptor, member] : json.members()) {
    if (member.is_null()) continue;
    PAGETURNER_ASSIGN_OR_RETURN(const bool is_type,
                                read_typed(descriptor, member, levels_left, output));
    if (is_type) ++found;
  }
  if (found > 1) {
    return validation_error(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes",
        ErrorDetail::not_one_data_type);
  }
  if (found == 0) return no_type_given();
  return {};
}

Result<AttributeValue> parse_value(JsonValue json, int levels_left) {
  AttributeValue value;
  ValueOutput output(value);
  PAGETURNER_RETURN_IF_ERROR(read_value(json, levels_left, output));
  return value;
}

Result<Item> parse_attributes(JsonValue json, int levels_left,
                              std::size_t kept_max = static_cast<std::size_t>(-1)) {
  PAGETURNER_ASSERT(json.is_object() || json.is_null());
  Item item;
  for (const auto& [name, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(name));
    if (item.size() == kept_max) {
      SizeOutput unused;
      PAGETURNER_RETURN_IF_ERROR(read_value(member, levels_left, unused));
      continue;
    }
    ValueOutput output(item[std::string(name)]);  // JsonDocument has removed duplicate names
    PAGETURNER_RETURN_IF_ERROR(read_value(member, levels_left, output));
  }
  return item;
}

Result<void> ValueOutput::take_list(JsonValue json, int levels_left) {
  List list;
  list.elements.reserve(json.size());
  for (const JsonValue element : json.elements()) {
    ValueOutput output(list.elements.emplace_back());
    PAGETURNER_RETURN_IF_ERROR(read_value(element, levels_left, output));
  }
  value_.data = std::move(list);
  return {};
}

Result<void> ValueOutput::take_map(JsonValue json, int levels_left) {
  Map map;
  map.attributes.reserve(json.size());
  for (const auto& [name, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(name));
    ValueOutput output(map.attributes.emplace_back(MapAttribute{std::string(name), {}}).value);
    PAGETURNER_RETURN_IF_ERROR(read_value(member, levels_left, output));
  }
  sort_attributes(map);
  value_.data = std::move(map);
  return {};
}

// The text of a number contains nothing to escape.
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
      append_list(out, value.as<StringSet>().members, append_json_string);
      break;
    case AttributeType::ns:
      append_list(out, value.as<NumberSet>().members, append_number);
      break;
    case AttributeType::bs:
      append_list(out, value.as<BinarySet>().members, append_base64);
      break;
    case AttributeType::l:
      append_list(out, value.as<List>().elements, append_attribute_value);
      break;
    case AttributeType::m:
      append_attributes(out, value.as<Map>().attributes);
      break;
  }
}

void WireOutput::take_text(JsonValue json) {
  out_ += "{\"S\":";
  json.write(out_);
  out_ += '}';
  size_bytes_ += json.as_string().size();
}

void WireOutput::take_strings(const std::vector<std::string_view>& members) {
  out_ += "{\"SS\":";
  append_list(out_, members, append_json_string);
  out_ += '}';
  for (const std::string_view member : members) size_bytes_ += member.size();
}

void WireOutput::take(const AttributeValue& value) {
  append_attribute_value(out_, value);
  size_bytes_ += pageturner::size_bytes(value);
}

Result<void> WireOutput::take_list(JsonValue json, int levels_left) {
  size_bytes_ += document_overhead_bytes + element_overhead_bytes * json.size();
  out_ += "{\"L\":[";
  for (const JsonValue element : json.elements()) {
    append_comma(out_);
    PAGETURNER_RETURN_IF_ERROR(read_value(element, levels_left, *this));
  }
  out_ += "]}";
  return {};
}

// Writes the members in the order of the request, then sorts them by name, as in an Item, if they
// are not sorted already.
Result<void> WireOutput::take_map(JsonValue json, int levels_left) {
  struct Written {
    std::string_view name;
    std::size_t begin;  // of its bytes in out_
    std::size_t end;
  };
  constexpr std::size_t usual_members = 16;
  absl::InlinedVector<Written, usual_members> members;
  size_bytes_ += document_overhead_bytes + element_overhead_bytes * json.size();
  out_ += "{\"M\":{";
  const std::size_t begin = out_.size();
  for (const auto& [name, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(name));
    append_comma(out_);
    const std::size_t member_begin = out_.size();
    append_json_string(out_, name);
    out_ += ':';
    PAGETURNER_RETURN_IF_ERROR(read_value(member, levels_left, *this));
    members.push_back({name, member_begin, out_.size()});
    size_bytes_ += name.size();
  }
  const auto precedes = [](const Written& left, const Written& right) {
    return left.name < right.name;
  };
  if (!std::is_sorted(members.begin(), members.end(), precedes)) {
    std::sort(members.begin(), members.end(), precedes);
    const std::string as_given = out_.substr(begin);
    out_.resize(begin);
    for (const Written& member : members) {
      append_comma(out_);
      out_.append(as_given, member.begin - begin, member.end - member.begin);
    }
  }
  out_ += "}}";
  return {};
}

Result<void> SizeOutput::take_list(JsonValue json, int levels_left) {
  size_bytes_ += document_overhead_bytes + element_overhead_bytes * json.size();
  for (const JsonValue element : json.elements()) {
    PAGETURNER_RETURN_IF_ERROR(read_value(element, levels_left, *this));
  }
  return {};
}

Result<void> SizeOutput::take_map(JsonValue json, int levels_left) {
  size_bytes_ += document_overhead_bytes + element_overhead_bytes * json.size();
  for (const auto& [name, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(name));
    PAGETURNER_RETURN_IF_ERROR(read_value(member, levels_left, *this));
    size_bytes_ += name.size();
  }
  return {};
}

// Returns how many levels of lists and maps are nested in the value `json`.
int levels_of(JsonValue json) {
  int levels = 0;
  for (const JsonValue element : json.elements_of("L")) {
    levels = std::max(levels, levels_of(element));
  }
  const auto map = json.find("M");
  if (map) levels = std::max(levels, nesting_levels_of_item(*map));
  return map || json.find("L") ? levels + 1 : 0;
}

}  // namespace

Error nested_too_deep() {
  return validation_error(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
      "beyond supported limit",
      ErrorDetail::nested_too_deep);
}

bool json_boolean(JsonValue json) {
  if (json.kind() == JsonValue::Kind::boolean) return json.as_boolean();
  const std::string_view text = json.as_string();
  return equals_ignoring_case(text, "true") || equals_ignoring_case(text, "yes") || text == "1";
}

Result<AttributeValue> parse_attribute_value(JsonValue json, int levels_max) {
  return parse_value(json, levels_max);
}

int nesting_levels_of_item(JsonValue json) {
  int deepest = 0;
  for (const auto& [name, value] : json.members()) deepest = std::max(deepest, levels_of(value));
  return deepest;
}

Result<void> check_attribute_name(std::string_view name) {
  if (name.empty()) return validation_error("Empty attribute name", ErrorDetail::attribute_name);
  if (name.size() > limits::attribute_name_size_bytes_max) {
    return invalid_parameter("Attribute name is too large, must be less than 65536 bytes",
                             ErrorDetail::attribute_name);
  }
  return {};
}

Result<std::size_t> append_parsed_value(std::string& out, JsonValue json) {
  WireOutput output(out);
  PAGETURNER_RETURN_IF_ERROR(read_value(json, limits::nesting_levels_below_item_max, output));
  return output.size_bytes();
}

Result<std::size_t> measure_attribute_value(JsonValue json, int levels_max) {
  SizeOutput output;
  PAGETURNER_RETURN_IF_ERROR(read_value(json, levels_max, output));
  return output.size_bytes();
}

Result<std::vector<AttributeValue>> parse_attribute_values(JsonElements elements,
                                                           std::size_t kept_max) {
  std::vector<AttributeValue> values;
  const auto count = static_cast<std::size_t>(std::distance(elements.begin(), elements.end()));
  values.reserve(std::min(count, kept_max));
  for (const JsonValue element : elements) {
    if (values.size() == kept_max) {
      const auto measured = measure_attribute_value(element, limits::nesting_levels_below_item_max);
      if (!measured) return measured.error();
      continue;
    }
    PAGETURNER_ASSIGN_OR_RETURN(AttributeValue value, parse_attribute_value(element));
    values.push_back(std::move(value));
  }
  return values;
}

Result<Item> parse_item(JsonValue json) {
  return parse_attributes(json, limits::nesting_levels_below_item_max);
}

Result<Item> parse_key(JsonValue json) {
  constexpr std::size_t kept_max = 32;
  return parse_attributes(json, limits::nesting_levels_below_item_max, kept_max);
}

void append_attribute_value(std::string& out, const AttributeValue& value) {
  // In the order of AttributeType. One text each: this begins every value that is written.
  constexpr std::array<std::string_view, 10> openings = {
      R"({"NULL":)", R"({"BOOL":)", R"({"S":)",  R"({"N":)", R"({"B":)",
      R"({"SS":)",   R"({"NS":)",   R"({"BS":)", R"({"L":)", R"({"M":)"};
  out += openings[static_cast<std::size_t>(type_of(value))];
  append_payload(out, value);
  out += '}';
}

std::string decode_base64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape({text.data(), text.size()}, &bytes)) bytes.clear();
  return bytes;
}

}  // namespace pageturner
