// Why: bytes arrive on a connection in pieces of any size, and a framing error mixes requests up.
// The first byte of the input selects the sizes of the pieces, the rest are the bytes of the
// connection. Any split must give the same requests, and the service must respond to each.
#include <random>
#include <string>
#include <vector>

#include "server/http/request_reader.h"
#include "server/request_log.h"
#include "server/service.h"
#include "storage/database.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/request_framing.h"

namespace pageturner {
namespace {

std::string format(const FramedRequest& request) {
  const RequestHead& head = request.head;
  std::string text;
  for (const std::string_view part :
       {head.method, head.path, head.host, head.target, head.content_type, head.content_encoding,
        head.authorization, head.amz_date, head.date, head.origin,
        head.access_control_request_headers, head.access_control_request_method, head.header_lines,
        request.body}) {
    text.append(std::to_string(part.size())).append(":").append(part).append(" ");
  }
  return text + (request.keep_alive ? "+" : "-");
}

// A service that accepts any key and signature, and one that verifies signatures.
struct Services {
  Services(Database& database, RequestLog* log)
      : open(database, {.log = log}), locked(database, {.access_keys = {{"AKID", "secret"}}}) {}
  Service open;
  Service locked;
};

void response(Services& services, const FramedRequest& request) {
  for (Service* service : {&services.open, &services.locked}) {
    std::string out = "before";
    const ResponseHead response_head = service->handle(request.head, request.body, out);
    require(response_head.status < 500, "no request causes an internal error");
    require(out.starts_with("before"), "a response is appended");
  }
}

// Returns all requests in `bytes`, fed in pieces of next_size() bytes, and the state at the end of
// the connection.
template <class NextSize>
std::vector<std::string> read_all(std::string_view bytes, NextSize next_size, Services* services) {
  RequestReader reader;
  std::vector<std::string> requests;
  const auto state = read_requests(reader, bytes, next_size, [&](const FramedRequest& request) {
    requests.push_back(format(request));
    if (services != nullptr) response(*services, request);
  });
  if (state == RequestReader::State::refused) {
    requests.push_back("refused " + std::to_string(reader.refusal()));
  } else {
    requests.emplace_back(reader.is_empty() ? "empty" : reader.is_in_body() ? "body" : "head");
  }
  return requests;
}

}  // namespace

void fuzz_one(std::string_view input) {
  if (input.empty()) return;
  std::minstd_rand random(static_cast<unsigned char>(input.front()) + 1U);
  const std::string_view bytes = input.substr(1);
  Database database;
  RequestLog log(-1, RequestLog::Format::text);  // formats its lines and discards them
  Services services(database, &log);
  const auto whole = read_all(
      bytes, [] { return ~std::size_t{0}; }, &services);
  const auto single = read_all(
      bytes, [] { return std::size_t{1}; }, nullptr);
  const auto pieces = read_all(
      bytes, [&] { return std::size_t{1 + random() % 40}; }, nullptr);
  require(single == whole, "single bytes make the same requests");
  require(pieces == whole, "bytes in pieces make the same requests");
}

}  // namespace pageturner
