// DescribeEndpoints: where to go on, which is here. api: DescribeEndpoints.
#include "server/operations/operation.h"

namespace pageturner {

Result<void> describe_endpoints(Database&, const Request& request, std::string& out) {
  // A client with endpoint discovery goes where the answer sends it: it has to stay with us.
  const std::string address = request.host.empty()
                                  ? "dynamodb." + std::string(request.region) + ".amazonaws.com"
                                  : std::string(request.host);
  out += "{\"Endpoints\":[{\"Address\":";
  append_json_string(out, address);
  out += ",\"CachePeriodInMinutes\":1440}]}";
  return {};
}

}  // namespace pageturner
