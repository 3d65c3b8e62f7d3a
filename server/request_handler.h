// What stands behind the HTTP side: a framed request goes in, an answer comes out. The Service is
// one handler; bench/http_baseline.cpp is another, which measures what the HTTP side costs by
// itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pageturner {

// What a handler may look at in the head of an HTTP request. Every view is empty where the header
// is absent. The views need to live as long as the call that takes them.
struct RequestHead {
  std::string_view method;            // "POST"
  std::string_view path;              // with the query string: "/", "/?X-Amz-Date=…"
  std::string_view host;              // Host, as sent
  std::string_view target;            // X-Amz-Target
  std::string_view content_type;      // Content-Type
  std::string_view content_encoding;  // Content-Encoding
  std::string_view authorization;     // Authorization
  std::string_view amz_date;          // X-Amz-Date
  std::string_view date;              // Date
  std::string_view origin;            // Origin
  std::string_view access_control_request_headers;  // Access-Control-Request-Headers
  std::string_view access_control_request_method;   // Access-Control-Request-Method
  // All header lines as sent, each with CR LF behind it: a signature may cover any of them.
  std::string_view header_lines;
};

// What the answer's head needs to say beside the length of the body. Server, Date,
// x-amzn-RequestId and Content-Length are the HTTP side's own, and so is the x-amz-crc32 of the
// body where `with_checksum` is set.
struct ResponseHead {
  unsigned status = 200;
  std::string_view content_type = {};  // a constant; empty: no such header
  bool with_checksum = true;
  std::string extra_headers = {};  // whole lines, each ending in CR LF (CORS)
};

// Thread-safe: any number of threads may call it at once.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;

  // Answers one HTTP request: appends the body of the answer to `out`, touches nothing before it,
  // and returns the rest. Never throws.
  virtual ResponseHead handle(const RequestHead& head, std::string_view body, std::string& out) = 0;

  // Told of a request that HTTP itself refused with `status`, which handle() never gets to see.
  virtual void refused(unsigned /*status*/) {}

  // Told of how many connections are open, whenever that changes; by one thread at a time.
  virtual void connections_changed(std::size_t /*count*/) {}
};

}  // namespace pageturner
