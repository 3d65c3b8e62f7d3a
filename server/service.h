// From a framed HTTP request to its answer: the protocol level of DynamoDB, without sockets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/json.h"
#include "server/access_control.h"
#include "server/request_handler.h"

namespace ddb {

class Database;
struct OperationRow;

// Thread-safe: any number of threads may call it at once.
class Service final : public RequestHandler {
 public:
  // `database` has to outlive the service. HTTP requests have to be signed with one of
  // `access_keys`; where there are none, any signature will do.
  explicit Service(Database& database, const std::vector<AccessKey>& access_keys = {})
      : database_(database), access_control_(access_keys) {}

  Reply handle(const RequestHead& head, std::string_view body, std::string& out) override;

  // Runs one operation without HTTP and without authentication: `operation` is a target such as
  // "DynamoDB_20120810.PutItem" or, for DynamoDB itself, just "PutItem". Appends the JSON answer to
  // `out`, a success or an error as it stands on the wire, and returns the HTTP status. Never
  // throws.
  unsigned call(std::string_view operation, std::string_view body, std::string& out);

 private:
  Result<void> run(const OperationRow& operation, JsonValue body, std::string_view region,
                   std::string_view host, std::string& out);

  Database& database_;
  AccessControl access_control_;
};

}  // namespace ddb
