// GetShardIterator: returns an iterator for GetRecords. api: GetShardIterator.
#include <algorithm>
#include <limits>

#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/streams/stream_identifiers.h"

namespace pageturner {
namespace {

// Returns the sequence number at which AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER begin; nothing
// for the types without a number. Errors: ValidationException. The messages are our own.
Result<std::optional<std::uint64_t>> parse_first_number(JsonValue body) {
  const std::string_view type = text_parameter(body, "ShardIteratorType");
  const bool is_at = type == "AT_SEQUENCE_NUMBER";
  const auto text = body.find("SequenceNumber");
  if (!is_at && type != "AFTER_SEQUENCE_NUMBER") {
    if (!text) return std::optional<std::uint64_t>();
    return validation_error(
        concat("SequenceNumber can not be specified when ShardIteratorType is ", type));
  }
  if (!text) {
    return validation_error(
        concat("SequenceNumber must be specified when ShardIteratorType is ", type));
  }
  PAGETURNER_ASSIGN_OR_RETURN(const std::uint64_t number, parse_sequence_number(text->as_string()));
  const bool is_largest = number == std::numeric_limits<std::uint64_t>::max();
  // Position 0 means the oldest record that is left.
  return std::optional(std::max(is_at || is_largest ? number : number + 1, Stream::first_number));
}

}  // namespace

Result<void> get_shard_iterator(Database& database, const Request& request, std::string& out) {
  const std::string_view arn = text_parameter(request.body, "StreamArn");
  PAGETURNER_RETURN_IF_ERROR(parse_stream_arn(arn));
  PAGETURNER_ASSIGN_OR_RETURN(const auto first_number, parse_first_number(request.body));
  PAGETURNER_ASSIGN_OR_RETURN(const StreamPointer stream, find_stream(database, arn));
  const auto shard = stream->find_shard(text_parameter(request.body, "ShardId"));
  if (!shard) {
    return Error{ErrorType::resource_not_found,
                 "Requested resource not found: Shard does not exist"};
  }
  stream->trim(*shard);
  ShardIterator iterator{.stream_arn = std::string(arn), .shard = *shard};
  if (first_number) {
    PAGETURNER_RETURN_IF_ERROR(stream->check_not_trimmed(*shard, *first_number));
    iterator.position = *first_number;
  } else if (text_parameter(request.body, "ShardIteratorType") == "LATEST") {
    iterator.position = stream->end_position();
  }
  iterator.milliseconds = stream->now_milliseconds();
  ObjectWriter(out).text("ShardIterator", shard_iterator_text(iterator));
  return {};
}

}  // namespace pageturner
