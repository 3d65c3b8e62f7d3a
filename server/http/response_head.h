// The head of an HTTP response: status line and headers in the order in which the service sends
// them.
#pragma once

#include <cstddef>
#include <string>

#include "server/request_handler.h"

namespace pageturner {

// The position of a response, head and body, in an output buffer.
struct ResponseRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct ResponseOptions {
  bool keep_alive = true;  // the value of the Connection header
  bool head_only = false;  // responds to HEAD: the head of the response without its body
};

// Completes a response. Requires (not checked): from `room_begin` to the end, `out` contains
// http_limits::head_room_bytes of any bytes and then the body. The head is written directly before
// the body, so that both are one range, which is returned. Only a head that does not fit moves the
// body. Offsets below `room_begin` stay valid, pointers into `out` may not. Thread-safe.
ResponseRange complete_response(std::string& out, std::size_t room_begin,
                                const ResponseHead& response_head, const ResponseOptions& options);

}  // namespace pageturner
