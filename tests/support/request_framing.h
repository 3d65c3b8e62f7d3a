// Feeds a RequestReader the bytes of a connection in pieces, as a session does.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "server/http/request_reader.h"

namespace pageturner {

// Feeds the reader as much of `bytes` as it has buffer space for. Returns the number of bytes.
inline std::size_t feed(RequestReader& reader, std::string_view bytes) {
  const auto unused = reader.prepare();
  const std::size_t count = std::min(unused.size(), bytes.size());
  std::memcpy(unused.data(), bytes.data(), count);
  reader.commit(count);
  return count;
}

// Feeds the reader all of `bytes`, in pieces of at most next_size() bytes, and calls
// handle(request) for each request. Stops at a refused one. Returns the state at the end:
// `refused` or `incomplete`. Requires: next_size() returns at least 1. Throws std::logic_error if
// the reader offers no buffer space.
template <class NextSize, class Handle>
RequestReader::State read_requests(RequestReader& reader, std::string_view bytes,
                                   NextSize next_size, Handle handle) {
  while (true) {
    const RequestReader::State state = reader.next();
    if (state == RequestReader::State::complete) {
      handle(reader.request());
      continue;
    }
    if (state == RequestReader::State::refused || bytes.empty()) return state;
    reader.take_continue();
    if (reader.is_empty()) reader.trim();
    const std::size_t count = feed(reader, bytes.substr(0, next_size()));
    if (count == 0) throw std::logic_error("the reader has no buffer space");
    bytes.remove_prefix(count);
  }
}

}  // namespace pageturner
