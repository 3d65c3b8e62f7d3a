// The memory of values that are kept beside the entries of an engine.
#pragma once

#include <cstddef>
#include <string>

#include "protocol/table_description.h"
#include "storage/engine/allocation_bytes.h"

namespace pageturner {

// Return the memory that a value owns: its allocations, without the value itself.
std::size_t owned_bytes(const std::string& text);
std::size_t owned_bytes(const ResourceSettings& settings);

// Returns the memory of one version of the table `description` (see Table), with the counters and
// the state that versions share, without the stream.
std::size_t version_bytes(const TableDescription& description);

}  // namespace pageturner
