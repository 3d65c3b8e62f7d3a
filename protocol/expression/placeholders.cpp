#include "protocol/expression/placeholders.h"

#include <algorithm>
#include <vector>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/operand_checks.h"
#include "protocol/java_hash_set_order.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

bool is_placeholder(std::string_view key, char sign) {
  return key.size() > 1 && key.front() == sign &&
         std::all_of(key.begin() + 1, key.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

Result<void> check_placeholder(std::string_view key, char sign, std::string_view parameter) {
  const auto invalid = [&](std::string_view text) {
    return validation_error(concat(parameter, " contains invalid key: ", text));
  };
  if (key.size() > limits::placeholder_size_bytes_max) {
    std::string text = "The expression attribute map contains a key that is too long;";
    // The service includes the size for names only.
    if (sign == '#') text += concat(" size of key: ", key.size());
    return invalid(text);
  }
  if (!is_placeholder(key, sign)) {
    return invalid(concat("Syntax error; key: \"", key, '"'));
  }
  return {};
}

// Returns the unused keys in braces, in the order of the hash set of the service.
std::string in_hash_order(const std::vector<std::string_view>& keys) {
  // A key and its separator have four bytes at least, so the message shows no more keys than this.
  constexpr std::size_t shown_max = limits::echo_size_bytes_max / 4 + 2;
  std::string text = "{";
  append_joined_echo(text, first_in_java_hash_set_order(keys, shown_max), ", ",
                     [](std::string& out, std::string_view key) { out += key; });
  return text += '}';
}

}  // namespace

template <class Content>
const Content* Placeholders::Entries<Content>::use(std::string_view key) {
  Entry* const entry = find(key);
  if (entry == nullptr) return nullptr;
  entry->is_used = true;
  return &entry->content;
}

template <class Content>
typename Placeholders::Entries<Content>::Entry* Placeholders::Entries<Content>::find(
    std::string_view key) {
  constexpr std::size_t few = 16;
  if (entries_.size() <= few) {
    for (Entry& entry : entries_) {
      if (entry.key == key) return &entry;
    }
    return nullptr;
  }
  const auto key_at = [this](std::size_t index) { return entries_[index].key; };
  if (by_hash_.empty()) {
    by_hash_.reserve(entries_.size());
    for (const Entry& entry : entries_) by_hash_.emplace_back(entry.key, by_hash_.size());
    sort_by_text(by_hash_, key_at);
  }
  const HashedText* const found = find_text(by_hash_, key, key_at);
  return found != nullptr ? &entries_[found->index] : nullptr;
}

Result<Placeholders> Placeholders::parse(std::optional<JsonValue> names,
                                         std::optional<JsonValue> values, int levels_max) {
  Placeholders placeholders;
  if (names) PAGETURNER_RETURN_IF_ERROR(placeholders.parse_names(*names));
  if (values) PAGETURNER_RETURN_IF_ERROR(placeholders.parse_values(*values, levels_max));
  PAGETURNER_RETURN_IF_ERROR(placeholders.check_size(placeholders.values_size_bytes()));
  return placeholders;
}

Result<void> Placeholders::check_size(std::size_t values_size) const {
  std::size_t names_size = 0;
  for (const auto& name : names_) names_size += name.content.size();
  if (names_size + values_size <= limits::placeholders_size_bytes_max) return {};
  const bool names_alone = names_size > limits::placeholders_size_bytes_max;
  return validation_error(concat(
      names_alone ? "ExpressionAttributeNames" : "ExpressionAttributeValues", " exceeds max size"));
}

Result<void> Placeholders::parse_names(JsonValue json) {
  if (json.size() == 0) return validation_error("ExpressionAttributeNames must not be empty");
  names_.reserve(json.size());
  for (const auto& [key, value] : json.members()) {
    if (value.is_null()) continue;
    PAGETURNER_RETURN_IF_ERROR(check_placeholder(key, '#', "ExpressionAttributeNames"));
    const auto checked = check_attribute_name(value.as_string());
    if (!checked) {
      return validation_error(concat("ExpressionAttributeNames contains invalid value: ",
                                     checked.error().message, " for key ", key));
    }
    names_.add(key, value.as_string());
  }
  return {};
}

Result<void> Placeholders::parse_values(JsonValue json, int levels_max) {
  if (json.size() == 0) return validation_error("ExpressionAttributeValues must not be empty");
  for (const auto& [key, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_placeholder(key, ':', "ExpressionAttributeValues"));
  }
  const auto invalid_value = [](Error error, std::string_view key) {
    std::string& current = error.mutable_texts().current_message;
    if (current.empty()) current = error.message;
    error.message = concat("ExpressionAttributeValues contains invalid value: ", error.message,
                           " for key ", key);
    return error;
  };
  // Values that are too large are measured before they are created: they may take ten times the
  // memory of their text.
  constexpr std::size_t measured_nodes_min = 100'000;
  std::size_t size = 0;
  if (json.node_count() >= measured_nodes_min) {
    for (const auto& [key, member] : json.members()) {
      const auto measured = measure_attribute_value(member, levels_max);
      if (!measured) return invalid_value(measured.error(), key);
      size += *measured;
    }
    PAGETURNER_RETURN_IF_ERROR(check_size(size));
  }
  values_.reserve(json.size());
  for (const auto& [key, member] : json.members()) {
    auto value = parse_attribute_value(member, levels_max);
    if (!value) return invalid_value(std::move(value).error(), key);
    values_.add(key, std::move(*value));
  }
  return {};
}

Result<void> Placeholders::resolve(DocumentPath& path) {
  for (PathElement& element : path.elements) {
    auto* name = std::get_if<std::string>(&element);
    if (name == nullptr || name->front() != '#') continue;
    const std::string_view* found = names_.use(*name);
    if (found == nullptr) {
      return validation_error(concat(
          "An expression attribute name used in the document path is not defined; attribute name: ",
          *name));
    }
    *name = *found;
  }
  return {};
}

Result<void> Placeholders::resolve(ExpressionNode& node) { return resolve_node(node, true); }

Result<void> Placeholders::resolve_unchecked(ExpressionNode& node) {
  return resolve_node(node, false);
}

Result<void> Placeholders::resolve_node(ExpressionNode& node, bool checks_operands) {
  if (node.kind == NodeKind::path) return resolve(node.path);
  if (node.kind == NodeKind::value) {
    const SharedValue* found = values_.use(node.text);
    if (found == nullptr) {
      return validation_error(concat(
          "An expression attribute value used in expression is not defined; attribute value: ",
          node.text));
    }
    node.value = *found;
    return {};
  }
  for (ExpressionNode& operand : node.operands) {
    PAGETURNER_RETURN_IF_ERROR(resolve_node(operand, checks_operands));
  }
  return checks_operands ? check_operands(node) : Result<void>();
}

std::size_t Placeholders::values_size_bytes() const {
  std::size_t size = 0;
  for (const auto& value : values_) size += size_bytes(value.content);
  return size;
}

Result<void> Placeholders::check_all_used() const {
  const auto check = [](const auto& entries, std::string_view parameter) -> Result<void> {
    const auto is_unused = [](const auto& entry) { return !entry.is_used; };
    const auto count = std::count_if(entries.begin(), entries.end(), is_unused);
    if (count == 0) return {};
    std::vector<std::string_view> unused;
    unused.reserve(static_cast<std::size_t>(count));
    for (const auto& entry : entries) {
      if (is_unused(entry)) unused.push_back(entry.key);
    }
    return validation_error(concat("Value provided in ", parameter,
                                   " unused in expressions: keys: ", in_hash_order(unused)));
  };
  PAGETURNER_RETURN_IF_ERROR(check(names_, "ExpressionAttributeNames"));
  return check(values_, "ExpressionAttributeValues");
}

}  // namespace pageturner
