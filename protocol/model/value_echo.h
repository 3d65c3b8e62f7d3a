// Request values as the messages of the service print them.
#pragma once

#include <string>
#include <string_view>

#include "protocol/model/shape.h"

namespace pageturner {

// Returns the member name `name` with a lower-case first letter, as messages print it.
std::string member_path_name(std::string_view name);

// Appends `json` as messages print a value of `shape`: lists as [a, b], maps as {k=v}, structures
// as Name(a=…, b=…) with null for absent members. Source: recorded answers. What they do not
// show: a value that is too large for a message is cut off (limits::echo_size_bytes_max).
void append_echo(std::string& out, JsonValue json, const Shape& shape);

}  // namespace pageturner
