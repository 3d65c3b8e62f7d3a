// UpdateKinesisStreamingDestination: changes the precision of a destination. api:
// UpdateKinesisStreamingDestination.
#include "protocol/text.h"
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/kinesis_destination.h"

namespace pageturner {

Result<void> update_kinesis_streaming_destination(Database& database, const Request& request,
                                                  std::string& out) {
  constexpr std::string_view configuration = "UpdateKinesisStreamingConfiguration";
  const JsonValue body = request.body;
  const auto given = body.find(configuration);
  const std::string precision(given ? text_parameter(*given, "ApproximateCreationDateTimePrecision")
                                    : "");
  if (precision.empty()) {
    return validation_error(
        "Streaming destination cannot be updated with given parameters: "
        "UpdateKinesisStreamingConfiguration cannot be null or contain only null values");
  }
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_named_table(database, body));
  const std::string& name = table->description.name;
  const std::string arn(text_parameter(body, "StreamArn"));
  TableDescription description = table->description;
  KinesisDestination* destination = find_destination(description, arn);
  if (destination == nullptr) {
    return destination_in_wrong_state(concat("No streaming destination with streamArn: ", arn,
                                             " found for table with tableName: ", name));
  }
  if (!destination->active) {
    return destination_in_wrong_state(concat(
        "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. "
        "TableName: ",
        name, ", kdsArn: ", arn));
  }
  // The default precision.
  const std::string current =
      destination->precision.empty() ? "MILLISECOND" : destination->precision;
  if (current == precision) {
    return invalid_request(concat("Precision is already set to the desired value of ", precision,
                                  " for tableId: ", description.id, ", kdsArn: ", arn));
  }
  destination->precision = precision;
  PAGETURNER_RETURN_IF_ERROR(database.change_table(table, std::move(description)));
  append_destination_response(out, table->description, arn, "UPDATING", configuration, precision);
  return {};
}

}  // namespace pageturner
