// Why: what arrives on a connection comes in pieces of any size, and a request cut wrong mixes two
// clients' requests up. The first byte chooses the pieces, the rest is the connection: however it
// is cut, the same requests come out, and the service has an answer to each.
#include <algorithm>
#include <cstring>
#include <random>

#include "server/http/request_reader.h"
#include "server/request_log.h"
#include "server/service.h"
#include "storage/database.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

using State = RequestReader::State;

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

// One that lets everybody in, and one that looks at signatures.
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
    require(response_head.status < 500, "no request is an internal error");
    require(out.starts_with("before"), "an answer is appended");
  }
}

// All requests in `bytes`, which arrive in pieces of the size that `next_size` gives, and how the
// connection ends.
template <class NextSize>
std::vector<std::string> read_all(std::string_view bytes, NextSize next_size, Services* services) {
  RequestReader reader;
  std::vector<std::string> requests;
  while (true) {
    switch (reader.next()) {
      case State::complete:
        requests.push_back(format(reader.request()));
        if (services != nullptr) response(*services, reader.request());
        continue;
      case State::refused:
        requests.push_back("refused " + std::to_string(reader.refusal()));
        return requests;
      case State::incomplete:
        break;
    }
    if (bytes.empty()) {
      requests.emplace_back(reader.is_empty() ? "empty" : reader.is_in_body() ? "body" : "head");
      return requests;
    }
    reader.take_continue();
    if (reader.is_empty()) reader.trim();
    const auto room = reader.prepare();
    require(!room.empty(), "there is room for more");
    const std::size_t count = std::min({room.size(), bytes.size(), next_size()});
    std::memcpy(room.data(), bytes.data(), count);
    reader.commit(count);
    bytes.remove_prefix(count);
  }
}

}  // namespace

void fuzz_one(std::string_view input) {
  if (input.empty()) return;
  std::minstd_rand random(static_cast<unsigned char>(input.front()) + 1U);
  const std::string_view bytes = input.substr(1);
  Database database;
  RequestLog log(-1, RequestLog::Format::text);  // whose lines are made and lost
  Services services(database, &log);
  const auto whole = read_all(
      bytes, [] { return ~std::size_t{0}; }, &services);
  const auto single = read_all(
      bytes, [] { return std::size_t{1}; }, nullptr);
  const auto pieces = read_all(
      bytes, [&] { return std::size_t{1 + random() % 40}; }, nullptr);
  require(single == whole, "bytes one by one make the same requests");
  require(pieces == whole, "bytes in pieces make the same requests");
}

}  // namespace pageturner
