// EnableKinesisStreamingDestination: enables a destination. A table has at most one enabled
// destination, and keeps the last ones that were disabled. api: EnableKinesisStreamingDestination.
#include <algorithm>

#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/kinesis_destination.h"

namespace pageturner {

Result<void> enable_kinesis_streaming_destination(Database& database, const Request& request,
                                                  std::string& out) {
  constexpr std::string_view configuration = "EnableKinesisStreamingConfiguration";
  const JsonValue body = request.body;
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_named_table(database, body));
  TableDescription description = table->description;
  auto& destinations = description.kinesis_destinations;
  if (std::any_of(destinations.begin(), destinations.end(),
                  [](const KinesisDestination& known) { return known.active; })) {
    return destination_in_wrong_state(
        "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE "
        "operation.");
  }
  const std::string arn(text_parameter(body, "StreamArn"));
  const auto given = body.find(configuration);
  const std::string precision(given ? text_parameter(*given, "ApproximateCreationDateTimePrecision")
                                    : "");
  KinesisDestination* destination = find_destination(description, arn);
  if (destination == nullptr) {
    // None of them is enabled here; the oldest is first.
    if (destinations.size() >= destinations_max) destinations.erase(destinations.begin());
    destination = &destinations.emplace_back();
  }
  *destination = {arn, true, precision};
  PAGETURNER_RETURN_IF_ERROR(database.change_table(table, std::move(description)));
  append_destination_response(out, table->description, arn, "ENABLING", configuration, precision);
  return {};
}

}  // namespace pageturner
