// From what a Query selects to the keys it walks.
#pragma once

#include <string_view>

#include "protocol/expression/key_condition.h"
#include "storage/key_codec.h"

namespace pageturner {

// The keys of `layout` that `selection`, made under the layout's schema, selects.
KeyRange range_of(const KeyLayout& layout, const KeySelection& selection);

// What is left of `range` strictly behind `start_key`, in the direction of reading.
KeyRange resume_after(KeyRange range, std::string_view start_key, Direction direction);

}  // namespace pageturner
