// A blocking connection for tests, with or without TLS.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pageturner {

class Connection {
 public:
  // Connects to the first address of `host` that answers. With `is_tls` the server's certificate
  // has to be valid for `host` and signed by an authority that the system trusts (SSL_CERT_FILE
  // names another file of them). Throws std::runtime_error where any of this fails.
  Connection(const std::string& host, std::uint16_t port, bool is_tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends all bytes, or as many as the server takes: one that has seen enough may answer and stop
  // reading.
  void send(std::string_view bytes);

  // Returns the bytes that are there, at least one; none where the server has closed the connection
  // or it is broken.
  std::string receive();

 private:
  struct Tls;

  int socket_ = -1;
  std::unique_ptr<Tls> tls_;  // null without TLS
};

}  // namespace pageturner
