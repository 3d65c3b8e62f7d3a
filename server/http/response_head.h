// The head of an HTTP answer: status line and headers in the order in which the service sends them.
#pragma once

#include <cstddef>
#include <string>

#include "server/request_handler.h"

namespace pageturner {

// Where an answer lies in an output buffer, head and body in one.
struct ResponseRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct ResponseOptions {
  bool keep_alive = true;  // what the Connection header says
  bool head_only = false;  // answers HEAD: the head of the whole answer, without its body
};

// Completes an answer. From `room_begin` to the end, `out` holds http_limits::head_room_bytes of
// any bytes and then the body; the head is written against the body's start, so that the two are
// one range, which is returned. Only a head larger than the room moves the body. Offsets below
// `room_begin` stay valid, pointers into `out` may not. Any thread may call it.
ResponseRange complete_response(std::string& out, std::size_t room_begin,
                                const ResponseHead& response_head, const ResponseOptions& options);

}  // namespace pageturner
