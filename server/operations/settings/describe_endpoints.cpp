// DescribeEndpoints: returns the address of this server. api: DescribeEndpoints.
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/operation.h"

namespace pageturner {

Result<void> describe_endpoints(Database&, const Request& request, std::string& out) {
  // A client with endpoint discovery sends its next requests to this address.
  const std::string address = request.host.empty()
                                  ? concat("dynamodb.", request.region, ".amazonaws.com")
                                  : std::string(request.host);
  constexpr std::int64_t day_minutes = 1440;
  ObjectWriter response(out);
  ArrayWriter endpoints(response.member("Endpoints"));
  ObjectWriter endpoint(endpoints.element());
  endpoint.text("Address", address);
  endpoint.number("CachePeriodInMinutes", day_minutes);
  return {};
}

}  // namespace pageturner
