#include "storage/stored_item.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "protocol/attribute_value_json.h"
#include "storage/byte_order.h"
#include "storage/stored_reader.h"

namespace ddb {
namespace {

// The header: item size, attribute count, then for each attribute the offsets of its name and of
// its value in the JSON. All numbers are 32 bits, little-endian.
constexpr std::size_t word_bytes = 4;
constexpr std::size_t fixed_words = 2;
constexpr std::size_t words_per_attribute = 2;
// What JSON adds to most attributes: ,"":{"S":""}
constexpr std::size_t json_bytes_per_attribute = 12;

constexpr std::size_t json_offset(std::size_t attribute_count) {
  return (fixed_words + attribute_count * words_per_attribute) * word_bytes;
}

std::size_t read_word(std::string_view bytes, std::size_t index) {
  return read_little_endian(bytes.substr(index * word_bytes, word_bytes));
}

}  // namespace

std::string encode_stored_item(const Item& item) {
  // In the order of the escaped names, so that ItemView can search without unescaping. That is the
  // order of the names unless one of them has escapes, which next to none has.
  std::vector<std::pair<std::string_view, const AttributeValue*>> attributes;
  attributes.reserve(item.size());
  std::deque<std::string> escaped_names;
  for (const auto& [name, value] : item) {
    std::string_view escaped_name = name;
    if (needs_json_escape(name)) {
      append_json_escaped(escaped_names.emplace_back(), name);
      escaped_name = escaped_names.back();
    }
    attributes.emplace_back(escaped_name, &value);
  }
  if (!escaped_names.empty()) std::sort(attributes.begin(), attributes.end());
  const std::size_t json_begin = json_offset(item.size());
  const std::size_t item_bytes = item_size_bytes(item);
  std::string stored(json_begin, '\0');
  stored.reserve(json_begin + item_bytes + item.size() * json_bytes_per_attribute);
  std::size_t next_word = 0;
  const auto write_word = [&](std::size_t number) {
    write_little_endian(stored, next_word++ * word_bytes, number, word_bytes);
  };
  write_word(item_bytes);
  write_word(item.size());
  stored += '{';
  for (const auto& [escaped_name, value] : attributes) {
    stored += stored.size() > json_begin + 1 ? ",\"" : "\"";
    write_word(stored.size() - json_begin);
    stored += escaped_name;
    stored += "\":";
    write_word(stored.size() - json_begin);
    append_attribute_value(stored, *value);
  }
  stored += '}';
  return stored;
}

std::size_t ItemView::size_bytes() const { return read_word(stored_, 0); }

std::size_t ItemView::attribute_count() const { return read_word(stored_, 1); }

std::size_t ItemView::name_begin(std::size_t index) const {
  return read_word(stored_, fixed_words + index * words_per_attribute);
}

std::size_t ItemView::value_begin(std::size_t index) const {
  return read_word(stored_, fixed_words + index * words_per_attribute + 1);
}

std::size_t ItemView::json_begin() const { return json_offset(attribute_count()); }

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
  return StoredReader(json).take_value();
}

Item decode_stored_item(ItemView view) { return StoredReader(view.json()).take_item(); }

const AttributeValue* StoredItemSource::find(std::string_view name) const {
  std::string escaped;
  if (needs_json_escape(name)) {
    append_json_escaped(escaped, name);
    name = escaped;
  }
  const auto index = view_.find(name);
  if (!index) return nullptr;
  const auto known = decoded_.find(*index);
  if (known != decoded_.end()) return &known->second;
  return &decoded_.emplace(*index, decode_stored_value(view_.value_json(*index))).first->second;
}

}  // namespace ddb
