// Kinesis streaming destinations of tables, as they are kept and shown. Nothing is sent to them.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/table_description.h"

namespace pageturner {

// The destination `stream_arn` of `table`, or nullptr.
KinesisDestination* find_destination(TableDescription& table, std::string_view stream_arn);

// Refusals of a destination in the wrong state.
Error destination_in_wrong_state(const std::string& text);

// Appends the answer of the operations that change a destination. `configuration` names the member
// that repeats the precision, {} where there is none; empty: no such member.
void append_destination_response(std::string& out, const TableDescription& table,
                                 std::string_view stream_arn, std::string_view status,
                                 std::string_view configuration, std::string_view precision);

}  // namespace pageturner
