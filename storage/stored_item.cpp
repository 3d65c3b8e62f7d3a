#include "storage/stored_item.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <cstdint>
#include <forward_list>
#include <limits>
#include <utility>
#include <vector>

#include "protocol/attribute_value_json.h"
#include "storage/byte_order.h"

namespace pageturner {
namespace {

// The header: item size, attribute count, then for each attribute the offsets of its name and of
// its value in the JSON. All numbers have 32 bits, little-endian.
constexpr std::size_t word_bytes = 4;
constexpr std::size_t fixed_words = 2;
constexpr std::size_t words_per_attribute = 2;
constexpr std::size_t json_offset(std::size_t attribute_count) {
  return (fixed_words + attribute_count * words_per_attribute) * word_bytes;
}

std::size_t read_word(std::string_view bytes, std::size_t index) {
  return read_little_endian({bytes.data() + index * word_bytes, word_bytes});
}

// Returns `name` JSON-escaped. The few names that need escapes are stored in `escaped_names`.
std::string_view escape_name(std::string_view name, std::forward_list<std::string>& escaped_names) {
  if (!needs_json_escape(name)) return name;
  append_json_escaped(escaped_names.emplace_front(), name);
  return escaped_names.front();
}

// Builds the stored form from attributes in any order. Their names must outlive the builder.
class StoredItemBuilder {
 public:
  explicit StoredItemBuilder(std::size_t attributes_max, std::size_t values_bytes_expected = 0) {
    constexpr std::size_t usual_value_bytes = 32;
    attributes_.reserve(attributes_max);
    values_.reserve(std::max(values_bytes_expected, attributes_max * usual_value_bytes));
  }

  void add(std::string_view name, const AttributeValue& value) {
    add_without_size(name, value);
    size_bytes_ += name.size() + pageturner::size_bytes(value);
  }

  // As add; the caller adds the documented size by add_size_bytes.
  void add_without_size(std::string_view name, const AttributeValue& value) {
    attributes_.push_back({escape_name(name, escaped_names_), values_.size()});
    append_attribute_value(values_, value);
  }

  // Adds a member of the item of a request. Errors as for parse_item.
  Result<void> add_parsed(std::string_view name, JsonValue value) {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(name));
    const bool is_plain = value.has_plain_name();
    attributes_.push_back({is_plain ? name : escape_name(name, escaped_names_), values_.size()});
    PAGETURNER_ASSIGN_OR_RETURN(const std::size_t value_bytes, append_parsed_value(values_, value));
    size_bytes_ += name.size() + value_bytes;
    return {};
  }

  // Adds an attribute that is stored already. The caller adds the documented size of all such
  // attributes by add_size_bytes.
  void add_stored(std::string_view escaped_name, std::string_view value_json) {
    attributes_.push_back({escaped_name, values_.size()});
    values_ += value_json;
  }
  void add_size_bytes(std::size_t size_bytes) { size_bytes_ += size_bytes; }

  std::string build() {
    for (std::size_t i = 0; i < attributes_.size(); ++i) {
      const bool is_last = i + 1 == attributes_.size();
      attributes_[i].end = is_last ? values_.size() : attributes_[i + 1].begin;
    }
    // In the order of the escaped names, so that ItemView can search without unescaping.
    const auto precedes = [](const Attribute& left, const Attribute& right) {
      return left.escaped_name < right.escaped_name;
    };
    if (!std::is_sorted(attributes_.begin(), attributes_.end(), precedes)) {
      std::sort(attributes_.begin(), attributes_.end(), precedes);
    }
    return write();
  }

 private:
  struct Attribute {
    std::string_view escaped_name;
    std::size_t begin;  // of the value in values_
    std::size_t end = 0;
  };

  std::string write() const {
    constexpr std::size_t json_bytes_per_attribute = 4;  // ,"":
    std::size_t stored_bytes = json_offset(attributes_.size()) + values_.size() + 2;
    for (const Attribute& attribute : attributes_) {
      stored_bytes += attribute.escaped_name.size() + json_bytes_per_attribute;
    }
    PAGETURNER_ASSERT(stored_bytes <= std::numeric_limits<std::uint32_t>::max());
    std::string stored;
    stored.reserve(stored_bytes);
    stored.resize(json_offset(attributes_.size()));
    const std::size_t json_begin = stored.size();
    std::size_t next_word = 0;
    const auto write_word = [&](std::size_t number) {
      write_little_endian(stored.data() + next_word++ * word_bytes, number, word_bytes);
    };
    write_word(size_bytes_);
    write_word(attributes_.size());
    stored += '{';
    for (const Attribute& attribute : attributes_) {
      stored += stored.size() > json_begin + 1 ? ",\"" : "\"";
      write_word(stored.size() - json_begin);
      stored += attribute.escaped_name;
      stored += "\":";
      write_word(stored.size() - json_begin);
      stored.append(values_, attribute.begin, attribute.end - attribute.begin);
    }
    stored += '}';
    return stored;
  }

  static constexpr std::size_t usual_attributes_max = 16;
  absl::InlinedVector<Attribute, usual_attributes_max> attributes_;
  std::string values_;
  std::size_t size_bytes_ = 0;
  std::forward_list<std::string> escaped_names_;
};

// Returns the documented size of `item` with `changes`.
std::size_t changed_size_bytes(ItemView item, const AttributeChanges& changes) {
  std::size_t size_bytes = item.size_bytes();
  std::forward_list<std::string> escaped_names;
  for (const auto& [name, value] : changes) {
    if (value) size_bytes += name.size() + pageturner::size_bytes(*value);
    const auto index = item.find(escape_name(name, escaped_names));
    if (!index) continue;
    size_bytes -=
        name.size() + pageturner::size_bytes(decode_stored_value(item.value_json(*index)));
  }
  return size_bytes;
}

}  // namespace

std::string encode_stored_item(const Item& item) {
  StoredItemBuilder builder(item.size());
  for (const auto& [name, value] : item) builder.add(name, value);
  return builder.build();
}

Result<std::string> parse_stored_item(JsonValue json) {
  PAGETURNER_ASSERT(json.is_object());
  StoredItemBuilder builder(json.size());
  for (const auto& [name, value] : json.members())
    PAGETURNER_RETURN_IF_ERROR(builder.add_parsed(name, value));
  return builder.build();
}

std::string change_stored_item(ItemView item, const AttributeChanges& changes,
                               std::optional<std::size_t> size_bytes) {
  StoredItemBuilder builder(item.attribute_count() + changes.size(), item.json().size());
  PAGETURNER_ASSERT(!size_bytes || *size_bytes == changed_size_bytes(item, changes));
  builder.add_size_bytes(size_bytes ? *size_bytes : changed_size_bytes(item, changes));
  std::size_t next = 0;  // of the attributes of `item`
  // The changes in the order of the item's attributes, so that both are merged in one pass and the
  // result is sorted.
  std::forward_list<std::string> escaped_names;
  absl::InlinedVector<std::pair<std::string_view, const AttributeChanges::value_type*>, 8> in_order;
  for (const auto& change : changes) {
    in_order.emplace_back(escape_name(change.first, escaped_names), &change);
  }
  std::sort(in_order.begin(), in_order.end());
  for (const auto& [escaped_name, change] : in_order) {
    const auto& [name, value] = *change;
    for (; next < item.attribute_count() && item.escaped_name(next) < escaped_name; ++next) {
      builder.add_stored(item.escaped_name(next), item.value_json(next));
    }
    if (next < item.attribute_count() && item.escaped_name(next) == escaped_name) {
      ++next;
    }
    if (value) builder.add_without_size(name, *value);
  }
  for (; next < item.attribute_count(); ++next) {
    builder.add_stored(item.escaped_name(next), item.value_json(next));
  }
  return builder.build();
}

bool ItemView::is_stored_item() const {
  if (stored_.size() < json_offset(0)) return false;
  const std::size_t begin = json_begin();
  return begin + 2 <= stored_.size() && stored_[begin] == '{' && stored_.back() == '}';
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

AttributeValue decode_stored_value(std::string_view json, DecodeBuffer* buffer) {
  return StoredReader(json, buffer).take_value();
}

Item decode_stored_item(ItemView view) { return StoredReader(view.json()).take_item(); }

StoredItemSource::~StoredItemSource() {
  if (buffer_ == nullptr || view_.bytes().size() < long_text_bytes) return;
  for (Decoded& decoded : decoded_) buffer_->give_back(decoded.value);
}

const AttributeValue* StoredItemSource::find(std::string_view name) const {
  // Without reading a name of 64 KB for each of many small items.
  if (name.size() > view_.bytes().size()) return nullptr;
  std::forward_list<std::string> escaped_names;
  const std::string_view escaped_name = escape_name(name, escaped_names);
  constexpr std::size_t searched_max = 8;
  if (decoded_count_ >= searched_max) return find_indexed(escaped_name);
  for (const Decoded& known : decoded_) {
    if (known.escaped_name == escaped_name) return &known.value;
  }
  const auto index = view_.find(escaped_name);
  if (!index) return nullptr;
  decoded_.push_front(
      {view_.escaped_name(*index), decode_stored_value(view_.value_json(*index), buffer_)});
  ++decoded_count_;
  return &decoded_.front().value;
}

const AttributeValue* StoredItemSource::find_indexed(std::string_view escaped_name) const {
  if (by_index_.empty()) {
    by_index_.resize(view_.attribute_count());
    for (const Decoded& known : decoded_) {
      by_index_[view_.find(known.escaped_name).value()] = &known.value;
    }
  }
  const auto index = view_.find(escaped_name);
  if (!index) return nullptr;
  const AttributeValue*& decoded = by_index_[*index];
  if (decoded == nullptr) {
    decoded_.push_front(
        {view_.escaped_name(*index), decode_stored_value(view_.value_json(*index), buffer_)});
    decoded = &decoded_.front().value;
  }
  return decoded;
}

bool StoredItemSource::visit_names(absl::FunctionRef<void(std::string_view)> visit) const {
  for (std::size_t i = 0; i < view_.attribute_count(); ++i) {
    const std::string_view name = view_.escaped_name(i);
    if (name.find('\\') == std::string_view::npos) {
      visit(name);
    } else {
      visit(unescape_stored(name));
    }
  }
  return true;
}

}  // namespace pageturner
