// The interface between HTTP and the service: framed requests in, responses out. Service implements
// it; bench/http_baseline.cpp implements it too, to measure the cost of HTTP alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pageturner {

// The parts of the head of an HTTP request that a handler uses. Every view is empty if the header
// is absent. The views must be valid during the call that they are passed to.
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
  bool has_fetch_metadata = false;  // whether there is a Sec-Fetch-* header, as browsers send
  // All header lines as sent, each followed by CR LF: a signature may cover any of them.
  std::string_view header_lines;
};

// Whether a request with `method` is one of those that health checks and Prometheus send.
inline bool is_get_or_head(std::string_view method) { return method == "GET" || method == "HEAD"; }

// The contents of a response's head. The HTTP layer adds Server, Date, x-amzn-RequestId and
// Content-Length, and with `with_checksum` the x-amz-crc32 of the body.
struct ResponseHead {
  unsigned status = 200;
  std::string_view content_type = {};  // a constant; empty: no such header
  bool with_checksum = true;
  std::string extra_headers = {};  // whole lines, each ending in CR LF (CORS)
};

// What a request may cost, judged before it runs. It selects the thread that handles the request.
enum class Effort : std::uint8_t {
  small,    // a few milliseconds
  large,    // up to seconds of CPU
  lengthy,  // waits for whole tables or files
};

// Thread-safe: any number of threads may call it concurrently.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;

  // Returns what the request may cost at most. Fast and without locks: it is called for every POST
  // before handle().
  virtual Effort effort(const RequestHead& /*head*/, std::string_view /*body*/) const {
    return Effort::small;
  }

  // Answers one HTTP request: appends the body of the response to `out`, changes nothing before it,
  // and returns the head. Answers its own failures with InternalServerError; throws only if there
  // is no memory for that response either, and the caller then closes the connection.
  virtual ResponseHead handle(const RequestHead& head, std::string_view body, std::string& out) = 0;

  // Called for a request that the HTTP layer rejected with `status`, for which handle() is not
  // called.
  virtual void refused(unsigned /*status*/) {}

  // Called with the number of open connections whenever it changes. Calls are not concurrent.
  virtual void connections_changed(std::size_t /*count*/) {}
};

}  // namespace pageturner
