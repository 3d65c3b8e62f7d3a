// GetRecords: returns the next records of a shard. api: GetRecords.
#include <array>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/streams/stream_identifiers.h"

namespace pageturner {
namespace {

// Returns 32 digits that are the same in every response with this record.
std::string event_id(const Stream& stream, std::uint64_t number) {
  boost::uuids::name_generator_sha1 digest(boost::uuids::ns::oid());
  std::string id = to_string(
      digest(concat(stream.table_id(), stream_label(stream.name()), sequence_number_text(number))));
  std::erase(id, '-');
  return id;
}

std::string_view event_name(StreamEvent event) {
  constexpr std::array<std::string_view, 4> names = {"", "INSERT", "MODIFY", "REMOVE"};
  return names[static_cast<std::size_t>(event)];
}

// Appends the object of the key attributes, copied from `item`.
void append_keys(std::string& out, const KeySchema& schema, ItemView item) {
  ObjectWriter object(out);
  for (const auto* part : {&schema.partition, &schema.sort}) {
    for (const KeyAttribute& attribute : *part) {
      std::string escaped;
      append_json_escaped(escaped, attribute.name);
      if (const auto index = item.find(escaped)) {
        object.member(attribute.name) += item.value_json(*index);
      }
    }
  }
}

void append_change(std::string& out, const Stream& stream, std::uint64_t number,
                   const StreamRecord& record) {
  ObjectWriter object(out);
  // Whole seconds, as the service rounds.
  object.number("ApproximateCreationDateTime", record.created_milliseconds / 1000);
  append_keys(object.member("Keys"), stream.key_schema(), item_with_keys(record));
  if (!record.new_image.empty()) object.member("NewImage") += ItemView(record.new_image).json();
  if (!record.old_image.empty()) object.member("OldImage") += ItemView(record.old_image).json();
  object.text("SequenceNumber", sequence_number_text(number));
  object.number("SizeBytes", static_cast<std::int64_t>(record.size_bytes));
  object.text("StreamViewType", stream.view_type());
}

void append_record(std::string& out, const Stream& stream, const StreamPage::Entry& entry,
                   std::string_view region) {
  const StreamRecord record = decode_stream_record(entry.record);
  ObjectWriter object(out);
  object.text("awsRegion", region);
  append_change(object.member("dynamodb"), stream, entry.number, record);
  object.text("eventID", event_id(stream, entry.number));
  object.text("eventName", event_name(record.event));
  object.text("eventSource", "aws:dynamodb");
  object.text("eventVersion", "1.1");
  if (!record.by_time_to_live) return;
  ObjectWriter identity(object.member("userIdentity"));
  identity.text("PrincipalId", "dynamodb.amazonaws.com");
  identity.text("Type", "Service");
}

}  // namespace

Result<void> get_records(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(ShardIterator iterator,
                              parse_shard_iterator(text_parameter(request.body, "ShardIterator")));
  PAGETURNER_ASSIGN_OR_RETURN(const StreamPointer stream,
                              find_stream(database, iterator.stream_arn));
  if (iterator.shard >= stream->shard_ids().size()) {
    return validation_error("Invalid ShardIterator");
  }
  const std::int64_t now = stream->now_milliseconds();
  if (iterator.milliseconds <= now - limits::shard_iterator_life_milliseconds) {
    return Error{ErrorType::expired_iterator,
                 "The provided iterator exceeds the maximum age allowed."};
  }
  stream->trim(iterator.shard);
  const auto limit = request.body.find("Limit");
  const std::size_t count =
      limit ? static_cast<std::size_t>(limit->as_integer()) : limits::stream_records_max;
  PAGETURNER_ASSIGN_OR_RETURN(const StreamPage page,
                              stream->read(iterator.shard, iterator.position, count));
  ObjectWriter object(out);
  if (!page.is_at_end) {
    iterator.position = page.next;
    iterator.milliseconds = now;
    object.text("NextShardIterator", shard_iterator_text(iterator));
  }
  append_list(object.member("Records"), page.entries,
              [&](std::string& list, const StreamPage::Entry& entry) {
                append_record(list, *stream, entry, request.region);
              });
  return {};
}

}  // namespace pageturner
