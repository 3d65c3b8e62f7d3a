#include "tests/support/connection.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <stdexcept>

namespace pageturner {
namespace {

// Returns a connected socket, or -1.
int connect_to(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* addresses = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &addresses) != 0) return -1;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(addresses, &::freeaddrinfo);
  for (const addrinfo* address = addresses; address != nullptr; address = address->ai_next) {
    const int connected = ::socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (connected < 0) continue;
    // One write may become several packets; none of them should wait for an acknowledgement.
    const int yes = 1;
    ::setsockopt(connected, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (::connect(connected, address->ai_addr, address->ai_addrlen) == 0) return connected;
    ::close(connected);
  }
  return -1;
}

}  // namespace

struct Connection::Tls {
  // Throws std::runtime_error. The socket stays the caller's.
  Tls(const std::string& host, int socket);

  std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context{::SSL_CTX_new(::TLS_client_method()),
                                                              &::SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&::SSL_free)> session{nullptr, &::SSL_free};
};

Connection::Tls::Tls(const std::string& host, int socket) {
  // OpenSSL writes to the socket without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  if (context) session.reset(::SSL_new(context.get()));
  const bool is_ready = session && ::SSL_CTX_set_default_verify_paths(context.get()) == 1 &&
                        ::SSL_set_tlsext_host_name(session.get(), host.c_str()) == 1 &&
                        ::SSL_set1_host(session.get(), host.c_str()) == 1 &&
                        ::SSL_set_fd(session.get(), socket) == 1;
  if (is_ready) ::SSL_set_verify(session.get(), SSL_VERIFY_PEER, nullptr);
  if (is_ready && ::SSL_connect(session.get()) == 1) return;
  const long verified = session ? ::SSL_get_verify_result(session.get()) : X509_V_OK;
  const char* reason = verified != X509_V_OK ? ::X509_verify_cert_error_string(verified)
                                             : ::ERR_reason_error_string(::ERR_get_error());
  throw std::runtime_error("no TLS with " + host + ": " + (reason ? reason : "not known why"));
}

Connection::Connection(const std::string& host, std::uint16_t port, bool is_tls)
    : socket_(connect_to(host, port)) {
  if (socket_ < 0) {
    throw std::runtime_error("no connection to " + host + ", port " + std::to_string(port));
  }
  if (!is_tls) return;
  try {
    tls_ = std::make_unique<Tls>(host, socket_);
  } catch (...) {
    ::close(socket_);
    throw;
  }
}

Connection::~Connection() { ::close(socket_); }

void Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto part = static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX));
    const ssize_t count = tls_ ? ::SSL_write(tls_->session.get(), bytes.data(), part)
                               : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string Connection::receive() {
  std::array<char, 65536> buffer;
  const ssize_t count = tls_ ? ::SSL_read(tls_->session.get(), buffer.data(), buffer.size())
                             : ::recv(socket_, buffer.data(), buffer.size(), 0);
  return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

}  // namespace pageturner
