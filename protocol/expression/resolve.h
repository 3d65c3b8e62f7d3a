// What #names and :values stand for, and the checks that need to know it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/ast.h"
#include "protocol/expression/update.h"
#include "protocol/json.h"

namespace pageturner {

// ExpressionAttributeNames and ExpressionAttributeValues of one request, and which of them its
// expressions have used so far.
class Placeholders {
 public:
  // Reads both maps, where present. Errors: ValidationException for an empty map, for keys that are
  // no placeholders, for values that are none and for more than 2 MB of all. Source: recorded
  // answers.
  static Result<Placeholders> parse(std::optional<JsonValue> names,
                                    std::optional<JsonValue> values);

  // Puts the names into `path`. The error carries no "Invalid …Expression: " in front.
  Result<void> resolve(DocumentPath& path);

  // Puts names and values into `node` and all below it and, in the order of the text, holds each
  // function and operator to the number and types of its operands.
  Result<void> resolve(ExpressionNode& node);

  // The documented size of all values, used or not.
  std::size_t values_size_bytes() const;

  // Refuses names and then values that no expression used.
  Result<void> check_all_used() const;

 private:
  Result<void> parse_names(JsonValue json);
  Result<void> parse_values(JsonValue json);
  Result<void> check_size() const;

  // Its place in the request decides the order in the complaint about unused ones.
  struct Name {
    std::string text;
    std::size_t place;
    bool is_used = false;
  };
  struct Value {
    AttributeValue value;
    std::size_t place;
    bool is_used = false;
  };
  std::map<std::string, Name, std::less<>> names_;
  std::map<std::string, Value, std::less<>> values_;
};

// Holds the function or operator `node`, whose names and values are in their places, to the number
// and types of its operands; does not look below them. Errors: ValidationException without
// "Invalid …Expression: " in front. Source: recorded answers.
Result<void> check_operands(const ExpressionNode& node);

// The expressions, as errors and requests name them.
enum class ExpressionParameter { condition, filter, key_condition, projection, update };
std::string_view parameter_name(ExpressionParameter parameter);

// Parses and resolves `text`, which came as `parameter`: everything that can be said of the
// expression without knowing the table. Errors have "Invalid <parameter>: " in front.
Result<ExpressionNode> compile_condition(ExpressionParameter parameter, std::string_view text,
                                         Placeholders& placeholders);

// The same for an UpdateExpression. Refuses paths that overlap or conflict.
Result<Update> compile_update(std::string_view text, Placeholders& placeholders);

// The same for a ProjectionExpression. Refuses paths that overlap or conflict.
Result<std::vector<DocumentPath>> compile_projection(std::string_view text,
                                                     Placeholders& placeholders);

}  // namespace pageturner
