// A value of a request that is copied in constant time.
#pragma once

#include <memory>
#include <utility>
#include <variant>

#include "protocol/attribute_value.h"

namespace pageturner {

// An immutable value. A short scalar is stored in place; any other value is shared by all copies,
// because an expression may use one value of 2 MB hundreds of times. Copies may be used by several
// threads.
class SharedValue {
 public:
  SharedValue() = default;             // NULL
  SharedValue(AttributeValue value) {  // NOLINT(google-explicit-constructor)
    if (is_short(value)) {
      value_.emplace<AttributeValue>(std::move(value));
    } else {
      value_ = std::make_shared<AttributeValue>(std::move(value));
    }
  }

  // Returns the value. The reference is valid as long as this object, and for a shared value as
  // long as any copy.
  const AttributeValue& get() const {
    const auto* shared = std::get_if<Shared>(&value_);
    return shared != nullptr ? **shared : *std::get_if<AttributeValue>(&value_);
  }
  operator const AttributeValue&() const { return get(); }  // NOLINT(google-explicit-constructor)
  const AttributeValue* operator->() const { return &get(); }

  // Returns the value; copies it only if another object shares it. Requires: all that share it are
  // used by one thread.
  AttributeValue take() && {
    auto* shared = std::get_if<Shared>(&value_);
    if (shared == nullptr) return std::move(*std::get_if<AttributeValue>(&value_));
    if (shared->use_count() > 1) return **shared;
    return std::move(**shared);
  }

  friend bool operator==(const SharedValue& left, const SharedValue& right) {
    return &left.get() == &right.get() || left.get() == right.get();
  }

 private:
  using Shared = std::shared_ptr<AttributeValue>;

  static bool is_short(const AttributeValue& value) {
    constexpr std::size_t short_bytes_max = 256;
    return is_scalar(value) && size_bytes(value) <= short_bytes_max;
  }

  std::variant<AttributeValue, Shared> value_;
};

}  // namespace pageturner
