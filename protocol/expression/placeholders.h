// ExpressionAttributeNames and ExpressionAttributeValues.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/json.h"
#include "protocol/limits.h"

namespace pageturner {

// The names and values of one request, and which of them its expressions have used.
class Placeholders {
 public:
  // Reads both maps; an absent map is like one without entries. Values have at most `levels_max`
  // levels of lists and maps. Errors: ValidationException for an empty map, invalid keys, names
  // that check_attribute_name() refuses, invalid values and more than 2 MB in total. All keys of
  // values are checked before the first value. Source: recorded answers.
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

  // `place` is the position in the request, on which the order in the error for unused ones
  // depends.
  struct Name {
    std::string text;
    std::size_t place;
    bool is_used = false;
  };
  struct Value {
    SharedValue value;
    std::size_t place;
    bool is_used = false;
  };
  std::map<std::string, Name, std::less<>> names_;
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace pageturner
