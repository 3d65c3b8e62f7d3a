// ListStreams: returns a page of the streams of all tables or of one table, including disabled
// streams and those of deleted tables. api: ListStreams.
#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/streams/stream_identifiers.h"

namespace pageturner {

Result<void> list_streams(Database& database, const Request& request, std::string& out) {
  const auto limit = request.body.find("Limit");
  const std::size_t count =
      limit ? static_cast<std::size_t>(limit->as_integer()) : limits::list_streams_page_max;
  std::optional<StreamName> after;
  if (const auto start = request.body.find("ExclusiveStartStreamArn")) {
    PAGETURNER_ASSIGN_OR_RETURN(after, parse_stream_arn(start->as_string()));
  }
  database.streams().trim();
  // One more than requested shows whether there is a next page.
  auto streams = database.streams().list(text_parameter(request.body, "TableName"),
                                         after ? &*after : nullptr, count + 1);
  const bool more = streams.size() > count;
  if (more) streams.pop_back();
  ObjectWriter object(out);
  if (more) {
    object.text("LastEvaluatedStreamArn", stream_arn(streams.back()->name(), request.region));
  }
  append_list(object.member("Streams"), streams, [&](std::string& list, const auto& stream) {
    ObjectWriter entry(list);
    entry.text("StreamArn", stream_arn(stream->name(), request.region));
    entry.text("StreamLabel", stream_label(stream->name()));
    entry.text("TableName", stream->name().table_name);
  });
  return {};
}

}  // namespace pageturner
