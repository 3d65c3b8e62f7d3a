// The key ranges of queries.
#pragma once

#include <string_view>

#include "protocol/expression/key_condition.h"
#include "storage/key_codec.h"

namespace pageturner {

// Returns the range of keys of `layout` that `selection` selects. Requires (not checked): the
// selection was made for the layout's schema. `like` as for encode_partition.
KeyRange range_of(const KeyLayout& layout, const KeySelection& selection,
                  std::string_view like = {});

// Returns the part of `range` strictly after `start_key`, in the given direction.
KeyRange resume_after(KeyRange range, std::string_view start_key, Direction direction);

}  // namespace pageturner
