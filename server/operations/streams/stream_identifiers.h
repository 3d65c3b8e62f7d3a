// Streams, positions in shards and records in requests and responses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "server/operations/stream_arn.h"
#include "storage/database.h"
#include "storage/stream.h"

namespace pageturner {

// Returns the stream with the ARN `arn`. Errors: those of parse_stream_arn;
// ResourceNotFoundException.
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
