// The stored form of an item: its wire JSON behind a small header, so that a response can copy it
// whole and a filter decodes only the attributes that it uses. docs/format.md specifies these
// bytes.
#pragma once

#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/assert.h"
#include "protocol/attribute_source.h"
#include "protocol/error.h"
#include "protocol/expression/update.h"
#include "protocol/json.h"
#include "storage/stored_reader.h"

namespace pageturner {

// Returns the stored form of `item`. Requires: it is smaller than 4 GB.
std::string encode_stored_item(const Item& item);

// Returns the stored form of the item `json` of a request, without creating an Item: at half the
// cost of parse_item and encode_stored_item. Requirements and errors as for parse_item.
Result<std::string> parse_stored_item(JsonValue json);

// A view of the stored form of an item. Valid as long as the bytes.
class ItemView {
 public:
  // Requires: `stored` was written by encode_stored_item, parse_stored_item or change_stored_item
  // (only its outer form is checked).
  explicit ItemView(std::string_view stored) : stored_(stored) {
    PAGETURNER_ASSERT(is_stored_item());
  }

  // The documented size of the item, in bytes.
  std::size_t size_bytes() const;
  // The item as a JSON object.
  std::string_view json() const;
  std::size_t attribute_count() const;
  // The name of attribute `index`, JSON-escaped, without quotes.
  std::string_view escaped_name(std::size_t index) const;
  // The value of attribute `index` in wire form.
  std::string_view value_json(std::size_t index) const;
  // The index of the attribute with this escaped name; nothing if there is none.
  std::optional<std::size_t> find(std::string_view escaped_name) const;

  std::string_view bytes() const { return stored_; }

 private:
  // Whether the bytes have a header followed by a JSON object. Cheap, for the assertion: the object
  // is not parsed.
  bool is_stored_item() const;
  std::size_t name_begin(std::size_t index) const;
  std::size_t value_begin(std::size_t index) const;
  std::size_t json_begin() const;

  std::string_view stored_;
};

// Returns the stored form of `item` with `changes`. Unchanged attributes are copied. `size_bytes`
// is the documented size of the changed item, if the caller knows it.
std::string change_stored_item(ItemView item, const AttributeChanges& changes,
                               std::optional<std::size_t> size_bytes = std::nullopt);

// Decodes a value from its wire form, with the memory of `buffer` if that is not nullptr. Requires:
// encode_stored_item wrote it.
AttributeValue decode_stored_value(std::string_view json, DecodeBuffer* buffer = nullptr);

// Decodes all attributes of a stored item.
Item decode_stored_item(ItemView view);

// Finds attributes in a stored item, which must outlive it; each is decoded once, when it is first
// requested. Not thread-safe.
class StoredItemSource final : public AttributeSource {
 public:
  // `buffer`, if not nullptr, must outlive the source. Loops over items give the same buffer to the
  // source of each.
  explicit StoredItemSource(ItemView view, DecodeBuffer* buffer = nullptr)
      : view_(view), buffer_(buffer) {}
  ~StoredItemSource() override;
  StoredItemSource(const StoredItemSource&) = delete;
  StoredItemSource& operator=(const StoredItemSource&) = delete;

  const ItemView& view() const { return view_; }
  const AttributeValue* find(std::string_view name) const override;
  bool visit_names(absl::FunctionRef<void(std::string_view)> visit) const override;

 private:
  struct Decoded {
    std::string_view escaped_name;
    AttributeValue value;
  };

  const AttributeValue* find_indexed(std::string_view escaped_name) const;

  ItemView view_;
  DecodeBuffer* buffer_;
  // Few in most cases, and requested repeatedly. A list, because its nodes do not move.
  mutable std::forward_list<Decoded> decoded_;
  mutable std::size_t decoded_count_ = 0;
  // With many decoded attributes: each at the index of its attribute, nullptr for others.
  mutable std::vector<const AttributeValue*> by_index_;
};

}  // namespace pageturner
