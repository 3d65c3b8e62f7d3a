// The names of streams, shards and records as requests and answers have them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "storage/database.h"
#include "storage/stream.h"

namespace pageturner {

// "2026-10-08T23:07:31.275": the time at which the stream was enabled. Source: recorded answers.
std::string stream_label(const StreamName& stream);

// "arn:aws:dynamodb:REGION:000000000000:table/NAME/stream/LABEL".
std::string stream_arn(const StreamName& stream, std::string_view region);

// The stream that an ARN of any region and account names. A label that is none names no stream
// there can be. Errors: ValidationException where it is not the ARN of a stream.
Result<StreamName> parse_stream_arn(std::string_view arn);

// The stream of that ARN. Errors: as above; ResourceNotFoundException.
Result<StreamPointer> find_stream(Database& database, std::string_view arn);

// A sequence number as text: always 21 digits, of which the first is not 0, so that it makes no
// difference whether a client compares numbers or texts.
std::string sequence_number_text(std::uint64_t number);

// The number that a text of digits stands for. What no stream gives out becomes 0 or the largest
// number, by its value. Errors: ValidationException where it is no number.
Result<std::uint64_t> parse_sequence_number(std::string_view text);

// From where GetRecords is to read. On the wire it is opaque.
struct ShardIterator {
  std::string stream_arn;
  std::uint32_t shard = 0;        // its index in the stream
  std::uint64_t position = 0;     // as Stream::read takes it
  std::int64_t milliseconds = 0;  // when it was given out
};

// ARN|1|DIGITS. Source of the form: api, GetShardIterator, example.
std::string shard_iterator_text(const ShardIterator& iterator);

// Errors: ValidationException where shard_iterator_text did not write `text`.
Result<ShardIterator> parse_shard_iterator(std::string_view text);

}  // namespace pageturner
