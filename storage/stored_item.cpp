#include "storage/stored_item.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "protocol/attribute_value_json.h"
#include "storage/byte_order.h"

namespace ddb {
namespace {

// The header: item size, attribute count, then for each attribute the offsets of its name and of
// its value in the JSON. All numbers are 32 bits, little-endian.
constexpr std::size_t word_bytes = 4;
constexpr std::size_t fixed_words = 2;
constexpr std::size_t words_per_attribute = 2;

std::size_t read_word(std::string_view bytes, std::size_t index) {
  return read_little_endian(bytes.substr(index * word_bytes, word_bytes));
}

}  // namespace

std::string encode_stored_item(const Item& item) {
  // In the order of the escaped names, which is not quite that of the names, so that ItemView can
  // search without unescaping.
  std::vector<std::pair<std::string, const AttributeValue*>> attributes;
  attributes.reserve(item.size());
  for (const auto& [name, value] : item) {
    append_json_escaped(attributes.emplace_back("", &value).first, name);
  }
  std::sort(attributes.begin(), attributes.end());
  std::string header;
  append_little_endian(header, item_size_bytes(item));
  append_little_endian(header, item.size());
  std::string json = "{";
  for (const auto& [escaped_name, value] : attributes) {
    json += json.size() > 1 ? ",\"" : "\"";
    append_little_endian(header, json.size());
    json += escaped_name;
    json += "\":";
    append_little_endian(header, json.size());
    append_attribute_value(json, *value);
  }
  json += '}';
  return header += json;
}

std::size_t ItemView::size_bytes() const { return read_word(stored_, 0); }

std::size_t ItemView::attribute_count() const { return read_word(stored_, 1); }

std::size_t ItemView::name_begin(std::size_t index) const {
  return read_word(stored_, fixed_words + index * words_per_attribute);
}

std::size_t ItemView::value_begin(std::size_t index) const {
  return read_word(stored_, fixed_words + index * words_per_attribute + 1);
}

std::size_t ItemView::json_begin() const {
  return (fixed_words + attribute_count() * words_per_attribute) * word_bytes;
}

std::string_view ItemView::json() const { return stored_.substr(json_begin()); }

std::string_view ItemView::escaped_name(std::size_t index) const {
  const std::size_t begin = name_begin(index);
  constexpr std::size_t quote_and_colon = 2;
  return json().substr(begin, value_begin(index) - quote_and_colon - begin);
}

std::string_view ItemView::value_json(std::size_t index) const {
  const std::string_view text = json();
  const std::size_t begin = value_begin(index);
  constexpr std::size_t comma_and_quote = 2;
  const std::size_t end =
      index + 1 < attribute_count() ? name_begin(index + 1) - comma_and_quote : text.size() - 1;
  return text.substr(begin, end - begin);
}

std::optional<std::size_t> ItemView::find(std::string_view escaped_name) const {
  std::size_t low = 0;
  std::size_t high = attribute_count();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const auto order = this->escaped_name(middle) <=> escaped_name;
    if (order == 0) return middle;
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return std::nullopt;
}

AttributeValue decode_stored_value(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  return parse_attribute_value(document.value().root()).value();
}

Item decode_stored_item(ItemView view) {
  const auto document = JsonDocument::parse(view.json());
  return parse_item(document.value().root()).value();
}

const AttributeValue* StoredItemSource::find(std::string_view name) const {
  std::string escaped;
  append_json_escaped(escaped, name);
  const auto index = view_.find(escaped);
  if (!index) return nullptr;
  const auto known = decoded_.find(*index);
  if (known != decoded_.end()) return &known->second;
  return &decoded_.emplace(*index, decode_stored_value(view_.value_json(*index))).first->second;
}

}  // namespace ddb
