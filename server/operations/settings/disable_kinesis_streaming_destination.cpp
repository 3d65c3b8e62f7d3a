// DisableKinesisStreamingDestination: disables a destination; it stays in the list of the table.
// api: DisableKinesisStreamingDestination.
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/kinesis_destination.h"

namespace pageturner {

Result<void> disable_kinesis_streaming_destination(Database& database, const Request& request,
                                                   std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_named_table(database, body));
  if (body.find("EnableKinesisStreamingConfiguration")) {
    return validation_error(
        "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters");
  }
  const std::string_view arn = text_parameter(body, "StreamArn");
  TableDescription description = table->description;
  KinesisDestination* destination = find_destination(description, arn);
  if (destination == nullptr || !destination->active) {
    return destination_in_wrong_state(
        "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
  }
  destination->active = false;
  PAGETURNER_RETURN_IF_ERROR(database.change_table(table, std::move(description)));
  append_destination_response(out, table->description, arn, "DISABLING", "", "");
  return {};
}

}  // namespace pageturner
