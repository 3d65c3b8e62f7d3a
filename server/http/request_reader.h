// Parses the bytes of one connection into HTTP requests. Uses no sockets: bytes are passed in by
// commit(), requests are returned by next().
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "protocol/assert.h"
#include "server/request_handler.h"

namespace pageturner {

// A request; its views point into the reader's buffer.
struct FramedRequest {
  RequestHead head;
  std::string_view body;    // decoded if it was chunked
  bool keep_alive = false;  // requested by the client, by version and Connection header
};

class RequestReader {
 public:
  enum class State {
    complete,    // request() is the next request
    incomplete,  // more bytes are required
    refused,     // see refusal(); the connection must be closed
  };

  RequestReader();
  ~RequestReader();

  // Returns the buffer for the next bytes of the connection. Never empty, and large enough for the
  // rest of a request whose size is known. Invalidates request().
  std::span<char> prepare();

  // Marks the first `count` bytes of the buffer of prepare() as received. Requires: `count` is at
  // most its size.
  void commit(std::size_t count);

  // Drops the request that the last call returned, if any, and parses the next one. After
  // State::refused every call returns that.
  State next();

  // Valid after next() has returned `complete`, until the next call of next() or prepare().
  const FramedRequest& request() const { return request_; }

  // The HTTP status (400, 413, 431, 501, 503) to answer before closing. Requires: next() returned
  // State::refused.
  unsigned refusal() const {
    PAGETURNER_ASSERT(refusal_ != 0);
    return refusal_;
  }

  // Returns true once for a request that sends "Expect: 100-continue" and withholds its body.
  bool take_continue();

  // Whether no byte of a further request was received. Requires: the last next() did not return
  // State::complete.
  bool is_empty() const {
    PAGETURNER_ASSERT(!is_complete_);
    return begin_ == end_;
  }

  // As is_empty(), but after State::complete: request() was the last request in the buffer.
  bool is_last() const { return begin_ + request_bytes_ == end_; }

  // Whether the head is complete and the body is not.
  bool is_in_body() const { return part_ != Part::head; }

  // Whether the next request may be GET or HEAD, as far as bytes of it have arrived. Requires: the
  // last next() did not return State::complete, or its request was the last one.
  bool may_begin_probe() const;

  std::size_t capacity() const { return capacity_; }

  // Frees all but the smallest buffer. Requires: is_empty().
  void trim();

 private:
  class Parser;
  enum class Part { head, sized_body, chunked_body };

  char* message() { return buffer_.get() + begin_; }
  std::size_t message_bytes() const { return end_ - begin_; }
  State refuse(unsigned status);
  State refuse_to_hold();
  void drop_request();
  bool find_head_end();
  void parse_head();
  bool decode_chunks();
  void move_message(std::size_t capacity);
  void hold(std::size_t bytes);

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;  // begin of the current request
  std::size_t end_ = 0;    // end of the received bytes
  bool was_filled_ = false;
  bool is_over_limit_ = false;  // the last bytes took all connections beyond held_bytes_max
  std::size_t held_bytes_ = 0;  // the part of this connection in http_limits::held_bytes_max

  // State of the current request; offsets count from begin_.
  Part part_ = Part::head;
  std::size_t scanned_ = 0;     // head: searched up to here
  std::size_t line_begin_ = 0;  // head: begin of the current line
  std::size_t head_bytes_ = 0;
  std::size_t request_bytes_ = 0;  // its size; known for sized bodies and complete requests
  std::size_t body_end_ = 0;       // chunked: end of the decoded part, which follows the head
  std::size_t raw_begin_ = 0;      // chunked: begin of the part that is not decoded yet
  bool is_complete_ = false;
  bool owes_continue_ = false;
  unsigned refusal_ = 0;
  FramedRequest request_;
  std::unique_ptr<Parser> parser_;  // exists during a chunked request only
};

}  // namespace pageturner
