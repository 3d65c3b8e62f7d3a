// One connection: reads requests, has the handler answer them, sends the answers.
#pragma once

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "server/http/request_reader.h"
#include "server/http/response_head.h"

namespace pageturner {

class RequestHandler;

// Results as values, and no coroutine of its own for each operation as use_awaitable has.
inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::deferred);

// Answers that wait to be sent. They have gaps between them, where heads were shorter than the room
// left for them.
struct ResponseBuffer {
  std::string bytes;
  std::vector<ResponseRange> responses;
  std::vector<boost::asio::const_buffer> unsent;  // filled when `bytes` does not move any more
  std::size_t unsent_begin = 0;
};

class Session {
 public:
  using Executor = boost::asio::io_context::executor_type;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

  // `handler` has to outlive the session.
  Session(Socket socket, RequestHandler& handler);

  // The connection's whole life, on whichever thread of the io_context is free. The session has to
  // live until it has returned.
  boost::asio::awaitable<void, Executor> run();

  // The members below may be called on any thread while the session lives, one thread at a time.
  // They act on the connection by way of the kernel, which needs no lock, and so run() needs none.

  // Lets run() answer the requests that have arrived, and return.
  void stop();

  // Ends the connection, and lets run() return.
  void abort();

  // To be called every http_limits::sweep_interval_seconds: aborts a connection that has kept us
  // waiting for too long.
  void sweep();

 private:
  // What the connection waits for. While `answering` it waits for us, however long that takes.
  enum class Phase { idle, head, body, responding, sending, closing };
  enum class Next { read, respond, close };

  void enter(Phase phase);
  void enter_reading();
  bool has_arrived_all();
  Next respond_to_batch();
  void respond_to_request();
  void respond_with_refusal();
  bool send(boost::system::error_code& error);
  boost::asio::awaitable<bool, Executor> send_rest();
  boost::asio::awaitable<void, Executor> linger();

  Socket socket_;
  RequestHandler& handler_;
  RequestReader reader_;
  std::unique_ptr<ResponseBuffer> responses_;
  bool must_close_ = false;  // an answer has said so
  // Shared with the thread that sweeps or stops. Nothing else depends on their order.
  std::atomic<Phase> phase_ = Phase::idle;
  std::atomic<unsigned> seconds_in_phase_ = 0;
  std::atomic<bool> is_stopping_ = false;
};

}  // namespace pageturner
