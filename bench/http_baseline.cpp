// The HTTP baseline: the HTTP side of the server with an answer that costs nothing to make. What an
// operation takes beyond this is its own.
//   bench_http_baseline BYTES [MICROSECONDS]
// answers every request with a body of so many bytes, on a free port, after so much work: what that
// makes of the baseline is what any server pays for it that is not as fast as wrk.
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

  // Appended and checksummed, as the answer of an operation is.
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
