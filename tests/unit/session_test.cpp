// Why: each connection holds memory until its request is complete, and a client may take its time
// over every byte.
#include "server/http/session.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cerrno>
#include <string>

#include "server/http/http_limits.h"
#include "server/request_handler.h"

namespace pageturner {
namespace {

namespace asio = boost::asio;

struct NoHandler : RequestHandler {
  ResponseHead handle(const RequestHead&, std::string_view, std::string&) override { return {}; }
};

// A connected pair of sockets: the client's descriptor and the server's socket.
std::pair<int, Session::Socket> connect_pair(asio::io_context& context) {
  asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(acceptor.local_endpoint().port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  Session::Socket server(context.get_executor());
  acceptor.accept(server);
  return {client, std::move(server)};
}

// One byte in each second would hold a connection for 190 days.
TEST(Session, LimitsTheTimeOfABody) {
  ServerThreads threads(1);  // not started: the test runs their handlers
  auto [client, socket] = connect_pair(threads.front.context());
  NoHandler handler;
  Session session(std::move(socket), handler, threads);
  asio::co_spawn(threads.front.executor(), session.run(),
                 [&](const std::exception_ptr&, bool moves) {
                   EXPECT_TRUE(moves && session.move_to_io());
                   asio::co_spawn(threads.io.executor(), session.run(), asio::detached);
                 });
  const auto send = [&, descriptor = client](const std::string& bytes) {
    EXPECT_EQ(::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    threads.front.context().poll();
    threads.io.context().poll();
  };
  const auto is_closed = [descriptor = client] {
    char byte = 0;
    return recv(descriptor, &byte, 1, MSG_DONTWAIT) == 0;
  };
  send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16000000\r\n\r\n");
  for (unsigned seconds = 0; seconds < http_limits::body_seconds_max; ++seconds) {
    send("x");
    session.sweep();
    ASSERT_FALSE(is_closed()) << seconds;
  }
  session.sweep();
  EXPECT_TRUE(is_closed());
  threads.io.context().poll();
  close(client);
}

}  // namespace
}  // namespace pageturner
