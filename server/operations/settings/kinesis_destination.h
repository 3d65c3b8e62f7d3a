// Kinesis streaming destinations of tables. They are stored and returned; no records are sent to
// them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/table_description.h"

namespace pageturner {

// The number of destinations that a table keeps. It bounds the list of those that were disabled,
// which a client can otherwise extend without end; DynamoDB documents no number.
inline constexpr std::size_t destinations_max = 100;

// Returns the destination `stream_arn` of `table`, or nullptr. The pointer refers to an element of
// `table`.
KinesisDestination* find_destination(TableDescription& table, std::string_view stream_arn);

// Returns the ValidationException for a request that the state of a destination does not allow.
Error destination_in_wrong_state(std::string_view text);

// Appends the response of the operations that change a destination. `configuration` is the name of
// the member that repeats the precision, or is {} without a precision. Empty: the response has no
// such member.
void append_destination_response(std::string& out, const TableDescription& table,
                                 std::string_view stream_arn, std::string_view status,
                                 std::string_view configuration, std::string_view precision);

}  // namespace pageturner
