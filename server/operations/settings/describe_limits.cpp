// DescribeLimits: the default quotas of an account. api: DescribeLimits.
#include "protocol/limits.h"
#include "server/operations/operation.h"

namespace pageturner {

Result<void> describe_limits(Database&, const Request&, std::string& out) {
  const std::string account = std::to_string(limits::account_capacity_units_max);
  const std::string table = std::to_string(limits::table_capacity_units_max);
  out += "{\"AccountMaxReadCapacityUnits\":" + account +
         ",\"AccountMaxWriteCapacityUnits\":" + account +
         ",\"TableMaxReadCapacityUnits\":" + table + ",\"TableMaxWriteCapacityUnits\":" + table +
         "}";
  return {};
}

}  // namespace pageturner
