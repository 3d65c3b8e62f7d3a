// Errors in their wire form.
#pragma once

#include <string>

#include "protocol/error.h"

namespace pageturner {

// Appends {"__type":"…","message":"…"}, with the item of a failed condition where the error has
// one. Source: recorded answers.
void append_error(std::string& out, const Error& error);

}  // namespace pageturner
