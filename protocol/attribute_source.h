// A source of the top-level attributes of an item: an item in memory, or a stored item, which
// decodes only the attributes that are requested.
#pragma once

#include <absl/functional/function_ref.h>

#include <string_view>

#include "protocol/attribute_value.h"

namespace pageturner {

class AttributeSource {
 public:
  virtual ~AttributeSource() = default;
  // Returns the attribute `name`, or nullptr if the item has none. The pointer is valid as long as
  // the source.
  virtual const AttributeValue* find(std::string_view name) const = 0;

  // Calls `visit` with the name of each attribute, in any order, and returns true; or returns false
  // if the source cannot list its names. The names are valid during the call.
  virtual bool visit_names(absl::FunctionRef<void(std::string_view)>) const { return false; }
};

// Reads from an Item, which must outlive the source.
class ItemSource final : public AttributeSource {
 public:
  explicit ItemSource(const Item& item) : item_(item) {}
  const AttributeValue* find(std::string_view name) const override {
    const auto found = item_.find(name);
    return found == item_.end() ? nullptr : &found->second;
  }
  bool visit_names(absl::FunctionRef<void(std::string_view)> visit) const override {
    for (const auto& [name, value] : item_) visit(name);
    return true;
  }

 private:
  const Item& item_;
};

// An item without attributes, for a key that has no item.
class EmptySource final : public AttributeSource {
 public:
  const AttributeValue* find(std::string_view) const override { return nullptr; }
  bool visit_names(absl::FunctionRef<void(std::string_view)>) const override { return true; }
};

}  // namespace pageturner
