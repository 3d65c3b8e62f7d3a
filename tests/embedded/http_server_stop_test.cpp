// Why: a client whose operation runs while the server is stopped still gets its response: the
// operation may have written something. Source: the contract of HttpServer::stop().
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "server/http/http_limits.h"
#include "server/http/http_server.h"
#include "server/request_handler.h"
#include "tests/support/http_client.h"

namespace pageturner {
namespace {

// Takes longer than clients that do not receive their responses may take.
struct LongHandler : RequestHandler {
  ResponseHead handle(const RequestHead&, std::string_view, std::string& out) override {
    has_begun.set_value();
    std::this_thread::sleep_for(std::chrono::seconds(http_limits::stop_seconds_max + 2));
    out += "done";
    return {};
  }

  std::promise<void> has_begun;
};

TEST(HttpServerStop, SendsTheResponseThatIsBeingComputed) {
  LongHandler handler;
  const auto server = HttpServer::start(handler, {.host = "127.0.0.1", .port = 0, .threads = 2});
  ASSERT_TRUE(server);
  auto response = std::async(std::launch::async, [port = (*server)->port()] {
    HttpClient client(port);
    return client.send({.headers = {{"Content-Type", "application/json"}}, .body = "{}"}).body;
  });
  handler.has_begun.get_future().wait();
  (*server)->stop();
  EXPECT_EQ(response.get(), "done");
}

}  // namespace
}  // namespace pageturner
