// The names of streams, shards and records in requests and responses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "storage/database.h"
#include "storage/stream.h"

namespace pageturner {

// Returns the time at which the stream was enabled, such as "2026-10-08T23:07:31.275". Source:
// recorded answers.
std::string stream_label(const StreamName& stream);

// Returns "arn:aws:dynamodb:<region>:000000000000:table/<name>/stream/<label>".
std::string stream_arn(const StreamName& stream, std::string_view region);

// Parses the ARN of a stream, of any region and account. For an invalid label it returns a name
// that no stream has. Errors: ValidationException if it is not the ARN of a stream.
Result<StreamName> parse_stream_arn(std::string_view arn);

// Returns the stream with the ARN `arn`. Errors: as above; ResourceNotFoundException.
Result<StreamPointer> find_stream(Database& database, std::string_view arn);

// Returns a sequence number as text: always 21 digits of which the first is not 0, so that clients
// can compare it as a number or as text.
std::string sequence_number_text(std::uint64_t number);

// Parses a sequence number. Values outside the range of sequence_number_text return 0 or the
// largest number. Errors: ValidationException if it does not consist of digits.
Result<std::uint64_t> parse_sequence_number(std::string_view text);

// The position from which GetRecords reads. Clients must treat its text as opaque.
struct ShardIterator {
  std::string stream_arn;
  std::uint32_t shard = 0;        // its index in the stream
  std::uint64_t position = 0;     // as Stream::read takes it
  std::int64_t milliseconds = 0;  // when it was returned, since 1970
};

// Returns <arn>|1|<digits>. Source of the form: api, GetShardIterator, example.
std::string shard_iterator_text(const ShardIterator& iterator);

// The reverse. Errors: ValidationException if `text` has another form.
Result<ShardIterator> parse_shard_iterator(std::string_view text);

}  // namespace pageturner
