// DescribeKinesisStreamingDestination: returns the destinations of a table, disabled ones too. api:
// DescribeKinesisStreamingDestination.
#include "protocol/object_writer.h"
#include "server/operations/named_table.h"
#include "server/operations/operation.h"

namespace pageturner {

Result<void> describe_kinesis_streaming_destination(Database& database, const Request& request,
                                                    std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_named_table(database, request.body));
  ObjectWriter object(out);
  append_list(object.member("KinesisDataStreamDestinations"),
              table->description.kinesis_destinations,
              [](std::string& list, const KinesisDestination& destination) {
                ObjectWriter member(list);
                if (!destination.precision.empty()) {
                  member.text("ApproximateCreationDateTimePrecision", destination.precision);
                }
                member.text("DestinationStatus", destination.active ? "ACTIVE" : "DISABLED");
                member.text("StreamArn", destination.stream_arn);
              });
  object.text("TableName", table->description.name);
  return {};
}

}  // namespace pageturner
