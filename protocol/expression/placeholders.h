// ExpressionAttributeNames and ExpressionAttributeValues.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/json.h"
#include "protocol/limits.h"
#include "protocol/text_order.h"

namespace pageturner {

// The names and values of one request, and which of them its expressions have used.
class Placeholders {
 public:
  // Reads both maps, whose texts must outlive the result; an absent map is like one without
  // entries. Values have at most `levels_max` levels of lists and maps. Errors: ValidationException
  // for an empty map, invalid keys, names that check_attribute_name() refuses, invalid values and
  // more than 2 MB in total. All keys of values are checked before the first value. Source:
  // recorded answers.
  static Result<Placeholders> parse(std::optional<JsonValue> names, std::optional<JsonValue> values,
                                    int levels_max = limits::nesting_levels_below_item_max);

  // Replaces the #names in `path`. Errors: ValidationException for an undefined name, without the
  // prefix "Invalid …Expression: ".
  Result<void> resolve(DocumentPath& path);

  // Replaces the #names and :values in `node` and below it. Errors, in the order of the text: as
  // above for undefined names and values; those of check_operands().
  Result<void> resolve(ExpressionNode& node);

  // As resolve, without the errors of check_operands(): updates are checked later.
  Result<void> resolve_unchecked(ExpressionNode& node);

  // Returns the documented size of all values, used or not.
  std::size_t values_size_bytes() const;

  // Errors: ValidationException for names, then for values, that no expression has used.
  Result<void> check_all_used() const;

 private:
  Result<void> parse_names(JsonValue json);
  Result<void> parse_values(JsonValue json, int levels_max);
  Result<void> check_size(std::size_t values_size) const;
  Result<void> resolve_node(ExpressionNode& node, bool checks_operands);

  // The entries of one map. A request has a handful, or a million in 16 MB.
  template <class Content>
  class Entries {
   public:
    struct Entry {
      std::string_view key;
      Content content;
      bool is_used = false;
    };

    void reserve(std::size_t count) { entries_.reserve(count); }
    void add(std::string_view key, Content content) {
      entries_.push_back({key, std::move(content)});
    }
    // Returns the content of `key` and marks it as used, or nullptr.
    const Content* use(std::string_view key);

    auto begin() const { return entries_.begin(); }  // in the order of the request
    auto end() const { return entries_.end(); }

   private:
    Entry* find(std::string_view key);

    std::vector<Entry> entries_;
    std::vector<HashedText> by_hash_;  // sorted; built if there are many
  };

  Entries<std::string_view> names_;
  Entries<SharedValue> values_;
};

}  // namespace pageturner
