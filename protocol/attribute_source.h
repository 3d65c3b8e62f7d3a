// Where the value of a top-level attribute comes from: an item in memory, or one in storage that
// decodes only the attributes asked for.
#pragma once

#include <string_view>

#include "protocol/attribute_value.h"

namespace pageturner {

class AttributeSource {
 public:
  virtual ~AttributeSource() = default;
  // The attribute `name`, or nullptr. The pointer is valid as long as the source.
  virtual const AttributeValue* find(std::string_view name) const = 0;
};

// Reads from an Item, which has to outlive the source.
class ItemSource final : public AttributeSource {
 public:
  explicit ItemSource(const Item& item) : item_(item) {}
  const AttributeValue* find(std::string_view name) const override {
    const auto found = item_.find(name);
    return found == item_.end() ? nullptr : &found->second;
  }

 private:
  const Item& item_;
};

// The item that is not there.
class EmptySource final : public AttributeSource {
 public:
  const AttributeValue* find(std::string_view) const override { return nullptr; }
};

}  // namespace pageturner
