// The protocol level of DynamoDB, without sockets: from a framed HTTP request to its response.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/json.h"
#include "server/access_control.h"
#include "server/http/browser_access.h"
#include "server/metrics.h"
#include "server/operations/transfers/transfer_registry.h"
#include "server/request_handler.h"

namespace pageturner {

class Database;
class RequestLog;
struct OperationSpec;

struct ServiceOptions {
  // The pages in browsers that may use the server.
  BrowserAccessOptions browsers = {};
  // The keys that HTTP requests must be signed with. Empty: any key and any signature is accepted.
  std::vector<AccessKey> access_keys = {};
  // The folder that stands for S3 in exports and imports, see TransferRegistry. Empty: none.
  std::string s3_root = {};
  // The log of all HTTP requests; nullptr: none. Must outlive the service.
  RequestLog* log = nullptr;
};

// Thread-safe: any number of threads may call it concurrently.
class Service final : public RequestHandler {
 public:
  // `database` must outlive the service.
  explicit Service(Database& database, ServiceOptions options = {});

  Effort effort(const RequestHead& head, std::string_view body) const override;
  ResponseHead handle(const RequestHead& head, std::string_view body, std::string& out) override;
  void refused(unsigned status) override;
  void connections_changed(std::size_t count) override { metrics_.set_connections(count); }

  // Runs one operation without HTTP and without authentication. `operation` is a target such as
  // "DynamoDB_20120810.PutItem" or, for DynamoDB itself, just "PutItem". Appends the JSON response
  // to `out`, a success or an error as on the wire, and returns the HTTP status. Exceptions are
  // answered with InternalServerError; throws only if there is no memory for that response either.
  unsigned call(std::string_view operation, std::string_view body, std::string& out);

 private:
  // Whether a request with this body, which may be none of DynamoDB's, may read items that take
  // milliseconds to decode. Finds the tables without parsing the body.
  bool may_use_large_items(std::string_view body) const;
  // Responds to what is no request of DynamoDB's protocol.
  ResponseHead respond_other(const RequestHead& head, std::string& out);
  // Responds to a request of DynamoDB's protocol. Sets operation, tables and error of `record`.
  ResponseHead respond(const RequestHead& head, std::string_view body, RequestRecord& record,
                       std::string& out);
  void record_request(const RequestHead& head, const RequestRecord& record);
  Result<void> run(const OperationSpec& operation, JsonValue body, std::string_view region,
                   std::string_view host, std::string& out);

  Database& database_;
  const ServiceOptions options_;
  BrowserAccess browser_access_;
  const AccessControl access_control_;
  Metrics metrics_;
  TransferRegistry transfers_;
};

}  // namespace pageturner
