#include "server/http/session.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

#include "protocol/per_thread.h"
#include "server/http/http_limits.h"
#include "server/http/memory_reserve.h"
#include "server/request_handler.h"

namespace pageturner {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Unused response buffers of this thread. A connection uses one only from its first response until
// all are sent, so that idle connections need none and a used buffer is still in the CPU cache.
struct SpareBuffers {
  SpareBuffers() { buffers.reserve(http_limits::output_buffers_kept_max); }
  std::vector<std::unique_ptr<ResponseBuffer>> buffers;
};
PerThread<SpareBuffers> per_thread;

std::unique_ptr<ResponseBuffer> take_buffer() {
  auto& spare_buffers = per_thread.get().buffers;
  if (spare_buffers.empty()) return std::make_unique<ResponseBuffer>();
  std::unique_ptr<ResponseBuffer> buffer = std::move(spare_buffers.back());
  spare_buffers.pop_back();
  return buffer;
}

void give_back(std::unique_ptr<ResponseBuffer> buffer) {
  auto& spare_buffers = per_thread.get().buffers;
  if (spare_buffers.size() >= http_limits::output_buffers_kept_max) return;
  if (buffer->bytes.capacity() > http_limits::output_buffer_bytes_kept_max) return;
  buffer->bytes.clear();
  buffer->responses.clear();
  buffer->unsent.clear();
  buffer->unsent_begin = 0;
  spare_buffers.push_back(std::move(buffer));
}

}  // namespace

Session::Session(Socket socket, RequestHandler& handler, ServerThreads& threads)
    : socket_(std::move(socket)), handler_(handler), threads_(threads) {
  error_code ignored;
  // A response is one write and should be sent at once. Non-blocking, because responses are sent
  // without waiting for the reactor if the socket accepts them, which is nearly always the case.
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

asio::awaitable<bool, Session::Executor> Session::run() {
  for (;;) {
    // 1. Answer all complete requests, nearly always with one write for all responses. After
    // move_to_io() there are some before the first read.
    Next next = Next::respond;
    while (next == Next::respond) {
      next = respond_to_batch();
      if (next == Next::leave_thread && !is_on_front_) next = co_await respond_on_worker();
      error_code error;
      if (!responses_ || send(error)) continue;
      if (error != asio::error::would_block) co_return false;
      const bool is_sent = co_await send_rest();
      if (!is_sent) co_return false;
    }
    if (next == Next::leave_thread) co_return true;
    if (next == Next::close) {
      co_await linger();
      co_return false;
    }

    // 2. Read what has arrived. The end of the connection, stop() and abort() end the loop here.
    enter_reading();
    const std::span<char> unused = reader_.prepare();
    const asio::mutable_buffer buffer(unused.data(),
                                      std::min(unused.size(), http_limits::read_bytes_max));
    auto [error, count] = co_await socket_.async_read_some(buffer, as_result);
    if (error) co_return false;
    reader_.commit(count);
  }
}

bool Session::move_to_io() {
  error_code error;
  const auto protocol = socket_.local_endpoint(error).protocol();
  if (error) return false;
  Socket socket(threads_.io.executor());
  const auto handle = socket_.release(error);
  if (error) return false;
  try {
    socket.assign(protocol, handle);
  } catch (...) {
    ::close(handle);
    throw;
  }
  socket_ = std::move(socket);
  socket_.non_blocking(true, error);
  is_on_front_ = false;
  return !error;
}

void Session::enter(Phase phase) {
  if (phase != Phase::body) body_seconds_.store(0, std::memory_order_relaxed);
  phase_and_seconds_.store(static_cast<std::uint64_t>(phase) << phase_shift,
                           std::memory_order_relaxed);
}

void Session::enter_reading() {
  if (reader_.is_empty()) {
    enter(Phase::idle);
    if (reader_.capacity() > http_limits::read_buffer_bytes_kept_max) reader_.trim();
  } else if (reader_.is_in_body()) {
    enter(Phase::body);
  } else if (phase() != Phase::head) {
    // The limit for a head counts from its first byte, and anew for the next head.
    enter(Phase::head);
  }
}

// Answers the complete requests in the buffer, until the responses exceed output_bytes_max or a
// request has to be handled on another thread, which is pending then.
Session::Next Session::respond_to_batch() {
  for (;;) {
    // The bytes of a request that another thread handles are received by that thread.
    if (is_on_front_ && !is_pending_ && !reader_.may_begin_probe()) return Next::leave_thread;
    switch (is_pending_ ? RequestReader::State::complete : reader_.next()) {
      case RequestReader::State::complete:
        is_pending_ = true;
        choose_thread();
        if (workers_ != nullptr) return Next::leave_thread;
        respond_to_request();
        if (must_close_) return Next::close;
        if (responses_->bytes.size() >= http_limits::output_bytes_max) return Next::respond;
        break;
      case RequestReader::State::refused:
        respond_with_refusal();
        return Next::close;
      case RequestReader::State::incomplete:
        if (reader_.take_continue()) {
          static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
          if (!responses_) responses_ = take_buffer();
          const std::size_t begin = responses_->bytes.size();
          responses_->bytes += text;
          responses_->responses.push_back({begin, begin + text.size()});
        }
        return Next::read;
    }
  }
}

// Whether there is no further request, neither in the buffer nor in the kernel's.
bool Session::has_arrived_all() {
  error_code error;
  return reader_.is_last() && socket_.available(error) == 0;
}

// Selects the threads that handle the pending request.
void Session::choose_thread() {
  const FramedRequest& request = reader_.request();
  workers_ = nullptr;
  if (is_get_or_head(request.head.method)) return;
  if (is_on_front_) {
    workers_ = &threads_.io;
    return;
  }
  switch (handler_.effort(request.head, request.body)) {
    case Effort::small:
      return;
    case Effort::large:
      workers_ = &threads_.large;
      break;
    case Effort::lengthy:
      workers_ = &threads_.lengthy;
      break;
  }
  if (!workers_->start()) workers_ = nullptr;  // better late than never
}

// Handles the pending request on workers_, and returns on an I/O thread. The queue of the workers
// is in order of arrival and has at most one request of each connection, so no connection is served
// twice while another one waits.
asio::awaitable<Session::Next, Session::Executor> Session::respond_on_worker() {
  enter(Phase::responding);
  if (!responses_) responses_ = take_buffer();
  co_await asio::post(asio::bind_executor(workers_->executor(), asio::deferred));
  respond_to_request();
  co_await asio::post(asio::bind_executor(threads_.io.executor(), asio::deferred));
  co_return must_close_ ? Next::close : Next::respond;
}

void Session::respond_to_request() {
  is_pending_ = false;
  enter(Phase::responding);
  if (!responses_) responses_ = take_buffer();
  std::string& bytes = responses_->bytes;
  const std::size_t begin = bytes.size();
  bytes.reserve(begin + http_limits::head_room_bytes + http_limits::error_room_bytes);
  bytes.resize(begin + http_limits::head_room_bytes);
  const FramedRequest& request = reader_.request();
  const ResponseHead response_head = [&] {
    const ReserveUse no_use(false);
    return handler_.handle(request.head, request.body, bytes);
  }();
  must_close_ = !request.keep_alive || (is_stopping_ && has_arrived_all());
  const ResponseOptions options{.keep_alive = !must_close_,
                                .head_only = request.head.method == "HEAD"};
  responses_->responses.push_back(complete_response(bytes, begin, response_head, options));
}

// Requests that the HTTP layer rejects are not passed to the handler.
void Session::respond_with_refusal() {
  if (!responses_) responses_ = take_buffer();
  const std::size_t begin = responses_->bytes.size();
  responses_->bytes.resize(begin + http_limits::head_room_bytes);
  const ResponseHead response_head{.status = reader_.refusal(), .with_checksum = false};
  responses_->responses.push_back(complete_response(responses_->bytes, begin, response_head,
                                                    {.keep_alive = false, .head_only = false}));
  handler_.refused(response_head.status);
  must_close_ = true;
}

// Sends as much as the socket accepts: all responses by one gathering write if it accepts all.
// Returns true once everything is sent; false with `error`, which is would_block if send_rest() can
// continue.
bool Session::send(error_code& error) {
  auto& [bytes, responses, unsent, begin] = *responses_;
  if (unsent.empty()) {
    for (const ResponseRange& response : responses) {
      unsent.emplace_back(bytes.data() + response.begin, response.end - response.begin);
    }
  }
  while (begin < unsent.size()) {
    std::size_t sent = begin + 1 == unsent.size()
                           ? socket_.write_some(unsent[begin], error)
                           : socket_.write_some(std::span(unsent).subspan(begin), error);
    if (error) return false;
    while (begin < unsent.size() && sent >= unsent[begin].size()) sent -= unsent[begin++].size();
    if (sent > 0) unsent[begin] += sent;
  }
  give_back(std::move(responses_));
  return true;
}

// Continues after the socket's buffer was full. Returns false if the connection failed.
asio::awaitable<bool, Session::Executor> Session::send_rest() {
  error_code error = asio::error::would_block;
  while (error == asio::error::would_block) {
    enter(Phase::sending);
    co_await socket_.async_wait(Socket::wait_write, as_result);
    error = {};
    send(error);
  }
  co_return !error;
}

// Closes the sending direction and waits for the client to close too, see linger_seconds_max.
// stop() does not wait for that: a client that is going to read the responses has received them.
asio::awaitable<void, Session::Executor> Session::linger() {
  enter(Phase::closing);
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  const auto thrown_away = std::make_unique_for_overwrite<char[]>(http_limits::linger_read_bytes);
  const asio::mutable_buffer buffer(thrown_away.get(), http_limits::linger_read_bytes);
  std::size_t bytes = 0;
  while (!is_stopping_ && bytes < http_limits::linger_bytes_max) {
    auto [error, count] = co_await socket_.async_read_some(buffer, as_result);
    if (error) break;
    bytes += count;
  }
}

void Session::stop() {
  is_stopping_ = true;
  // Linux still returns the bytes that have arrived, and then an end of file.
  ::shutdown(socket_.native_handle(), SHUT_RD);
}

void Session::abort_unless_responding() {
  if (phase() != Phase::responding) abort();
}

void Session::abort() { ::shutdown(socket_.native_handle(), SHUT_RDWR); }

void Session::sweep() {
  static constexpr std::array<unsigned, 6> seconds_max = {
      http_limits::idle_seconds_max,       http_limits::head_seconds_max,
      http_limits::body_stall_seconds_max, std::numeric_limits<unsigned>::max(),
      http_limits::send_stall_seconds_max, http_limits::linger_seconds_max,
  };
  const std::uint64_t both =
      phase_and_seconds_.fetch_add(http_limits::sweep_interval_seconds, std::memory_order_relaxed);
  const std::uint64_t seconds = both & ((std::uint64_t{1} << phase_shift) - 1);
  const auto phase = static_cast<Phase>(both >> phase_shift);
  if (seconds >= seconds_max[both >> phase_shift]) abort();
  if (is_stopping_ && seconds >= http_limits::stop_seconds_max) abort_unless_responding();
  if (phase != Phase::body) return;
  const unsigned body_seconds =
      body_seconds_.fetch_add(http_limits::sweep_interval_seconds, std::memory_order_relaxed);
  if (body_seconds >= http_limits::body_seconds_max) abort();
}

}  // namespace pageturner
