// The HTTP baseline: the HTTP layer of the server with a fixed response. The time of an operation
// minus that of the baseline is the cost of the operation itself.
//   bench_http_baseline BYTES [MICROSECONDS]
// Answers every request on a free port with a body of BYTES bytes, after MICROSECONDS of work. The
// work simulates a server that is slower than wrk, for which the same HTTP layer measures slower.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/http/http_server.h"
#include "server/request_handler.h"
#include "server/stop_signals.h"

namespace pageturner {
namespace {

class FixedResponse final : public RequestHandler {
 public:
  FixedResponse(std::size_t bytes, std::chrono::microseconds work)
      : body_(bytes, 'x'), work_(work) {}

  // The body is appended and checksummed, as the response of an operation is.
  ResponseHead handle(const RequestHead&, std::string_view, std::string& out) override {
    const auto end = std::chrono::steady_clock::now() + work_;
    while (work_.count() > 0 && std::chrono::steady_clock::now() < end) {
    }
    out += body_;
    return {.content_type = "application/x-amz-json-1.0"};
  }

 private:
  const std::string body_;
  const std::chrono::microseconds work_;
};

int serve(std::size_t bytes, std::chrono::microseconds work) {
  const sigset_t stop_signals = block_stop_signals();

  FixedResponse handler(bytes, work);
  auto server = HttpServer::start(handler, {.host = "127.0.0.1", .port = 0, .threads = 1});
  if (!server) {
    std::fprintf(stderr, "bench_http_baseline: %s\n", server.error().c_str());
    return EXIT_FAILURE;
  }
  std::printf("The HTTP baseline listens on http://localhost:%u\n", unsigned{(*server)->port()});
  std::fflush(stdout);
  int received = 0;
  sigwait(&stop_signals, &received);
  (*server)->stop();
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace pageturner

int main(int count, char** arguments) {
  if (count < 2 || count > 3) {
    std::fprintf(stderr, "Usage: bench_http_baseline BYTES [MICROSECONDS]\n");
    return EXIT_FAILURE;
  }
  const std::chrono::microseconds work(count > 2 ? std::atoi(arguments[2]) : 0);
  return pageturner::serve(std::strtoull(arguments[1], nullptr, 10), work);
}
