// Cuts the bytes of one connection into HTTP requests. No sockets: bytes come in by commit(), and
// requests go out by next().
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "server/request_handler.h"

namespace pageturner {

// A request as it lies in the reader's buffer.
struct FramedRequest {
  RequestHead head;
  std::string_view body;    // without chunk framing
  bool keep_alive = false;  // what the client asks for, by version and Connection header
};

class RequestReader {
 public:
  enum class State {
    complete,    // request() is the next request
    incomplete,  // needs more bytes
    refused,     // refusal() says why; the connection is past repair
  };

  RequestReader();
  ~RequestReader();

  // Where the next bytes of the connection belong. Never empty, and large enough for the rest of a
  // request whose length is known. Ends the life of request().
  std::span<char> prepare();

  // The first `count` bytes of prepare() were filled.
  void commit(std::size_t count);

  // Drops the request of the last call, if it was complete, and looks for the next one. Once
  // refused, it stays so.
  State next();

  // Valid from a next() that says `complete` up to the next call of next() or prepare().
  const FramedRequest& request() const { return request_; }

  // The HTTP status (400, 413, 431, 501) to answer before closing. Requires State::refused.
  unsigned refusal() const { return refusal_; }

  // True once for a request that sends "Expect: 100-continue" and holds its body back.
  bool take_continue();

  // No byte of a further request is there. Requires that next() said `incomplete`.
  bool is_empty() const { return begin_ == end_; }

  // As is_empty(), but also right after a `complete`: request() was the last in the buffer.
  bool is_last() const { return begin_ + request_bytes_ == end_; }

  // The head is complete, the body is not.
  bool is_in_body() const { return part_ != Part::head; }

  std::size_t capacity() const { return capacity_; }

  // Gives back all but the smallest buffer. Requires is_empty().
  void trim();

 private:
  class Parser;
  enum class Part { head, sized_body, chunked_body };

  char* message() { return buffer_.get() + begin_; }
  std::size_t message_bytes() const { return end_ - begin_; }
  State refuse(unsigned status);
  void drop_request();
  bool find_head_end();
  void parse_head();
  bool decode_chunks();
  void move_message(std::size_t capacity);

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;  // of the request at hand
  std::size_t end_ = 0;    // of what was received
  bool was_filled_ = false;

  // All about the request at hand; offsets count from begin_.
  Part part_ = Part::head;
  std::size_t scanned_ = 0;     // head: looked through up to here
  std::size_t line_begin_ = 0;  // head: of the line at hand
  std::size_t head_bytes_ = 0;
  std::size_t request_bytes_ = 0;  // where it ends, known for sized bodies and complete requests
  std::size_t body_end_ = 0;       // chunked: decoded so far, right behind the head
  std::size_t raw_begin_ = 0;      // chunked: not decoded from here on
  bool is_complete_ = false;
  bool owes_continue_ = false;
  unsigned refusal_ = 0;
  FramedRequest request_;
  std::unique_ptr<Parser> parser_;  // lives as long as a chunked request does
};

}  // namespace pageturner
