// An item as it is kept: its wire JSON behind a small header, so that an answer can copy it whole
// and a filter touches only the attributes it names. docs/format.md is the record of these bytes.
#pragma once

#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_source.h"
#include "protocol/error.h"
#include "protocol/expression/update.h"
#include "protocol/json.h"

namespace pageturner {

// The stored form of `item`. It has to be smaller than 4 GB.
std::string encode_stored_item(const Item& item);

// The stored form of the item that a request holds, without an Item between: what it costs is half
// of what parse_item and encode_stored_item do. Requires and fails as parse_item.
Result<std::string> parse_stored_item(JsonValue json);

// Reads the stored form in place. Valid as long as the bytes are.
class ItemView {
 public:
  // Requires bytes that encode_stored_item wrote.
  explicit ItemView(std::string_view stored) : stored_(stored) {}

  // The documented size of the item.
  std::size_t size_bytes() const;
  // The item as a JSON object.
  std::string_view json() const;
  std::size_t attribute_count() const;
  // The name of attribute `index` as it stands between its quotes: JSON-escaped.
  std::string_view escaped_name(std::size_t index) const;
  // The value of attribute `index` in wire form.
  std::string_view value_json(std::size_t index) const;
  // The index of the attribute whose escaped name is `escaped_name`.
  std::optional<std::size_t> find(std::string_view escaped_name) const;

  std::string_view bytes() const { return stored_; }

 private:
  std::size_t name_begin(std::size_t index) const;
  std::size_t value_begin(std::size_t index) const;
  std::size_t json_begin() const;

  std::string_view stored_;
};

// The stored form of what `changes` make of `item`. What they leave alone is copied.
std::string change_stored_item(ItemView item, const AttributeChanges& changes);

// The value whose wire form, as encode_stored_item wrote it, is `json`.
AttributeValue decode_stored_value(std::string_view json);

// All attributes of a stored item.
Item decode_stored_item(ItemView view);

// Finds attributes in a stored item; each is decoded once, when it is first asked for.
class StoredItemSource final : public AttributeSource {
 public:
  explicit StoredItemSource(ItemView view) : view_(view) {}
  const AttributeValue* find(std::string_view name) const override;

 private:
  struct Decoded {
    std::string_view escaped_name;
    AttributeValue value;
  };

  ItemView view_;
  // Few, asked for again and again. A list, because its nodes stay where they are.
  mutable std::forward_list<Decoded> decoded_;
};

}  // namespace pageturner
