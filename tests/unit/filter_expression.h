// Placeholders of every type, and the error of a FilterExpression that uses them.
#pragma once

#include <string>
#include <string_view>

#include "protocol/expression/compile.h"
#include "protocol/expression/placeholders.h"
#include "tests/unit/wire.h"

namespace pageturner {

inline constexpr const char* placeholder_values =
    R"({":s":{"S":"s"},":t":{"S":"t"},":n":{"N":"1"},":m":{"N":"2"},":b":{"B":"AA=="},
        ":bool":{"BOOL":true},":null":{"NULL":true},":ss":{"SS":["a"]},":l":{"L":[]},
        ":map":{"M":{}},":type":{"S":"SS"},":odd":{"S":"string"}})";
inline constexpr const char* placeholder_names = R"({"#a":"a","#also_a":"a","#dot":"x.y"})";

// The error for `text` as a FilterExpression.
inline std::string message(std::string_view text) {
  Placeholders placeholders = placeholders_of(placeholder_names, placeholder_values).value();
  return message_of(compile_condition(ExpressionParameter::filter, text, placeholders));
}

}  // namespace pageturner
