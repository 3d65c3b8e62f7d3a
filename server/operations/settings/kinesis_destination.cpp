#include "server/operations/settings/kinesis_destination.h"

#include <algorithm>

#include "protocol/object_writer.h"
#include "protocol/text.h"

namespace pageturner {

KinesisDestination* find_destination(TableDescription& table, std::string_view stream_arn) {
  const auto found =
      std::find_if(table.kinesis_destinations.begin(), table.kinesis_destinations.end(),
                   [&](const KinesisDestination& known) { return known.stream_arn == stream_arn; });
  return found == table.kinesis_destinations.end() ? nullptr : &*found;
}

Error destination_in_wrong_state(std::string_view text) {
  return validation_error(
      concat("Table is not in a valid state to enable Kinesis Streaming Destination: ", text));
}

void append_destination_response(std::string& out, const TableDescription& table,
                                 std::string_view stream_arn, std::string_view status,
                                 std::string_view configuration, std::string_view precision) {
  ObjectWriter object(out);
  object.text("DestinationStatus", status);
  if (!configuration.empty()) {
    ObjectWriter repeated(object.member(configuration));
    if (!precision.empty()) repeated.text("ApproximateCreationDateTimePrecision", precision);
  }
  object.text("StreamArn", stream_arn);
  object.text("TableName", table.name);
}

}  // namespace pageturner
