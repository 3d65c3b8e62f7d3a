// From a framed HTTP request to its answer: the protocol level of DynamoDB, without sockets.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/json.h"

namespace ddb {

class Database;
struct OperationRow;

// What the service looks at in the head of an HTTP request. Every view is empty where the header
// is absent. The views need to live as long as the call that takes them.
struct RequestHead {
  std::string_view method;         // "POST"
  std::string_view path;           // with the query string: "/", "/?X-Amz-Date=…"
  std::string_view host;           // Host, as sent
  std::string_view target;         // X-Amz-Target
  std::string_view content_type;   // Content-Type
  std::string_view authorization;  // Authorization
  std::string_view amz_date;       // X-Amz-Date
  std::string_view date;           // Date
  std::string_view origin;         // Origin
  std::string_view access_control_request_headers;  // Access-Control-Request-Headers
  std::string_view access_control_request_method;   // Access-Control-Request-Method
};

// What the answer's head needs to say beside the length of the body. Server, Date,
// x-amzn-RequestId and Content-Length are the HTTP side's own, and so is the x-amz-crc32 of the
// body where `with_checksum` is set.
struct Reply {
  unsigned status = 200;
  std::string_view content_type = {};  // a constant; empty: no such header
  bool with_checksum = true;
  std::string extra_headers = {};  // whole lines, each ending in CR LF (CORS)
};

// Thread-safe: any number of threads may call it at once.
class Service {
 public:
  // `database` has to outlive the service.
  explicit Service(Database& database) : database_(database) {}

  // Answers one HTTP request: appends the body of the answer to `out`, touches nothing before it,
  // and returns the rest. Never throws.
  Reply handle(const RequestHead& head, std::string_view body, std::string& out);

  // Runs one operation without HTTP and without authentication: `operation` is a target such as
  // "DynamoDB_20120810.PutItem" or, for DynamoDB itself, just "PutItem". Appends the JSON answer to
  // `out`, a success or an error as it stands on the wire, and returns the HTTP status. Never
  // throws.
  unsigned call(std::string_view operation, std::string_view body, std::string& out);

 private:
  Result<void> run(const OperationRow& operation, JsonValue body, std::string_view region,
                   std::string_view host, std::string& out);

  Database& database_;
};

}  // namespace ddb
