// The ARNs and labels of streams in requests and responses.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.h"
#include "storage/stream.h"

namespace pageturner {

// Returns the time at which the stream was enabled, such as "2026-10-08T23:07:31.275". Source:
// recorded answers.
std::string stream_label(const StreamName& stream);

// Returns "arn:aws:dynamodb:<region>:000000000000:table/<name>/stream/<label>".
std::string stream_arn(const StreamName& stream, std::string_view region);

// Returns the name of the stream `label` of a table. For an invalid label it returns a name that no
// stream has.
StreamName stream_named(std::string_view table_name, std::string_view label);

// Parses the ARN of a stream, of any region and account. For an invalid label it returns a name
// that no stream has. Errors: ValidationException if it is not the ARN of a stream.
Result<StreamName> parse_stream_arn(std::string_view arn);

}  // namespace pageturner
