// DescribeStream: returns a stream and a page of its shards. api: DescribeStream.
#include <algorithm>
#include <span>

#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "server/operations/key_schema_output.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/streams/stream_identifiers.h"

namespace pageturner {
namespace {

// Returns the ids of the shards after ExclusiveStartShardId: none if that shard does not exist. A
// ShardFilter, which selects child shards, returns none: shards are never split. Source: recorded
// answers.
std::span<const std::string> requested_shards(const Stream& stream, JsonValue body) {
  if (body.find("ShardFilter")) return {};
  const auto start = body.find("ExclusiveStartShardId");
  if (!start) return stream.shard_ids();
  const auto shard = stream.find_shard(start->as_string());
  if (!shard) return {};
  return std::span(stream.shard_ids()).subspan(*shard + 1);
}

}  // namespace

Result<void> describe_stream(Database& database, const Request& request, std::string& out) {
  database.streams().trim();
  const std::string_view arn = text_parameter(request.body, "StreamArn");
  PAGETURNER_ASSIGN_OR_RETURN(const StreamPointer stream, find_stream(database, arn));
  const auto limit = request.body.find("Limit");
  const std::size_t count =
      limit ? static_cast<std::size_t>(limit->as_integer()) : limits::describe_stream_page_max;
  const auto left = requested_shards(*stream, request.body);
  const auto shards = left.first(std::min(count, left.size()));
  const auto last_number = stream->last_number();
  ObjectWriter response(out);
  ObjectWriter object(response.member("StreamDescription"));
  object.time("CreationRequestDateTime", stream->name().created_milliseconds);
  append_key_schema(object.member("KeySchema"), stream->key_schema());
  if (shards.size() < left.size()) object.text("LastEvaluatedShardId", shards.back());
  append_list(object.member("Shards"), shards, [&](std::string& list, const std::string& id) {
    ObjectWriter shard(list);
    {
      ObjectWriter range(shard.member("SequenceNumberRange"));
      if (last_number) range.text("EndingSequenceNumber", sequence_number_text(*last_number));
      range.text("StartingSequenceNumber", sequence_number_text(Stream::first_number));
    }
    shard.text("ShardId", id);
  });
  object.text("StreamArn", stream_arn(stream->name(), request.region));
  object.text("StreamLabel", stream_label(stream->name()));
  object.text("StreamStatus", last_number ? "DISABLED" : "ENABLED");
  object.text("StreamViewType", stream->view_type());
  object.text("TableName", stream->name().table_name);
  return {};
}

}  // namespace pageturner
