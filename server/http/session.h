// One connection: reads requests, passes them to the handler and sends the responses.
#pragma once

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/http/io_threads.h"
#include "server/http/request_reader.h"
#include "server/http/response_head.h"

namespace pageturner {

class RequestHandler;

// Returns errors as values, and creates no coroutine for each operation as use_awaitable does.
inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::deferred);

// Responses that are not sent yet. There are gaps between them where heads were smaller than the
// space reserved for them.
struct ResponseBuffer {
  std::string bytes;
  std::vector<ResponseRange> responses;
  std::vector<boost::asio::const_buffer> unsent;  // filled when `bytes` no longer moves
  std::size_t unsent_begin = 0;
};

class Session {
 public:
  using Executor = IoThreads::Executor;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

  // `handler` and `threads` must outlive the session. `socket` belongs to the front thread.
  Session(Socket socket, RequestHandler& handler, ServerThreads& threads);

  // Serves the connection until it ends and returns false. On the front thread it answers GET and
  // HEAD alone, and returns true once another request has arrived: the caller then calls
  // move_to_io() and runs it on the I/O threads. The session must exist until it has returned.
  boost::asio::awaitable<bool, Executor> run();

  // Hands the socket over to the I/O threads. Returns false if the connection has failed. Requires:
  // run() returned true.
  bool move_to_io();

  // The members below are called on the front thread, while run() may be running on another thread.
  // They act on the connection through the kernel, so run() needs no lock.

  // Lets run() answer the requests that have arrived, and return.
  void stop();

  // Closes the connection in both directions, and lets run() return.
  void abort();

  // As abort(), except while the handler is computing a response: then the response is sent, and
  // run() returns after it if stop() was called.
  void abort_unless_responding();

  // Must be called every http_limits::sweep_interval_seconds: aborts the connection if the client
  // has exceeded a time limit.
  void sweep();

 private:
  // What the connection waits for. `responding` has no limit: it waits for the handler.
  enum class Phase { idle, head, body, responding, sending, closing };
  enum class Next { read, respond, close, leave_thread };

  void enter(Phase phase);
  Phase phase() const {
    return static_cast<Phase>(phase_and_seconds_.load(std::memory_order_relaxed) >> phase_shift);
  }
  void enter_reading();
  bool has_arrived_all();
  Next respond_to_batch();
  void choose_thread();
  boost::asio::awaitable<Next, Executor> respond_on_worker();
  void respond_to_request();
  void respond_with_refusal();
  bool send(boost::system::error_code& error);
  boost::asio::awaitable<bool, Executor> send_rest();
  boost::asio::awaitable<void, Executor> linger();

  Socket socket_;
  RequestHandler& handler_;
  ServerThreads& threads_;
  RequestReader reader_;
  bool is_on_front_ = true;
  bool is_pending_ = false;       // the request of the reader is complete and not answered
  IoThreads* workers_ = nullptr;  // that handle the pending request; nullptr: this thread
  std::unique_ptr<ResponseBuffer> responses_;
  bool must_close_ = false;  // a response has announced it
  // Shared with the front thread, which calls stop(), abort() and sweep(). No other data depends on
  // their order, so relaxed accesses suffice.
  //
  // The phase in the upper half, the seconds spent in it in the lower one: one atomic, so that the
  // sweep never checks the seconds of one phase against the limit of another.
  static constexpr int phase_shift = 32;
  std::atomic<std::uint64_t> phase_and_seconds_ = 0;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<unsigned> body_seconds_ = 0;  // spent in the body of the current request
};

}  // namespace pageturner
