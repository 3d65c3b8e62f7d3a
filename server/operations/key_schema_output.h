// KeySchema in responses.
#pragma once

#include <string>

#include "protocol/table_description.h"

namespace pageturner {

// Appends the KeySchema array of `schema`.
void append_key_schema(std::string& out, const KeySchema& schema);

}  // namespace pageturner
