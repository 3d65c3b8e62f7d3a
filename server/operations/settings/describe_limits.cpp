// DescribeLimits: returns the default quotas of an account. api: DescribeLimits.
#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "server/operations/operation.h"

namespace pageturner {

Result<void> describe_limits(Database&, const Request&, std::string& out) {
  ObjectWriter response(out);
  response.number("AccountMaxReadCapacityUnits", limits::account_capacity_units_max);
  response.number("AccountMaxWriteCapacityUnits", limits::account_capacity_units_max);
  response.number("TableMaxReadCapacityUnits", limits::table_capacity_units_max);
  response.number("TableMaxWriteCapacityUnits", limits::table_capacity_units_max);
  return {};
}

}  // namespace pageturner
