// Every limit of the HTTP side, in one place. What DynamoDB itself limits stands in
// protocol/limits.h; these say how much of a client's bytes, time and silence a connection may
// cost.
#pragma once

#include <cstddef>

namespace pageturner::http_limits {

// What a request may weigh.

// The request line and all header lines. More is answered with 431. Signed requests have about 1
// KB.
inline constexpr std::size_t head_bytes_max = 64 * 1024;
// The service's own limit on a request's body; one byte more is answered with 413.
inline constexpr std::size_t body_bytes_max = 16 * 1024 * 1024;

// How long a connection may keep us waiting. Seconds here are rounds of the sweep (see
// sweep_interval_seconds), so each may last up to one second longer.

inline constexpr unsigned sweep_interval_seconds = 1;
// Between two requests. Long, because a client that takes a pooled connection just as we close it
// sees an error that it has to retry.
inline constexpr unsigned idle_seconds_max = 600;
// From the first byte of a head to its last.
inline constexpr unsigned head_seconds_max = 30;
// Without a further byte of a body.
inline constexpr unsigned body_stall_seconds_max = 30;
// Without the client taking a further byte of an answer.
inline constexpr unsigned send_stall_seconds_max = 60;
// Between our last byte on a connection and the client's close. Closing while the client still
// sends would reset the connection, and the reset may overtake the answer.
inline constexpr unsigned linger_seconds_max = 3;
// Bytes thrown away in that time: enough for a client that sends all of a body of up to four times
// the limit before it looks at the answer (413).
inline constexpr std::size_t linger_bytes_max = 4 * body_bytes_max;
inline constexpr std::size_t linger_read_bytes = 16 * 1024;
// stop() waits this long for clients that do not take their answers.
inline constexpr unsigned stop_seconds_max = 5;

// How many connections there may be. Those over it are closed at once.

inline constexpr std::size_t connections_max = 10'000;
// Of RLIMIT_NOFILE, this many descriptors are left for files and whatever else the process opens.
inline constexpr std::size_t descriptors_reserved = 64;
// Connections that wait in the kernel to be accepted.
inline constexpr int backlog = 1024;
// Pause after the process has run out of descriptors or memory, so that accepting does not spin.
inline constexpr unsigned accept_retry_milliseconds = 100;

// How much memory a connection keeps.

// What an idle connection has to read into. An ordinary signed request fits.
inline constexpr std::size_t read_buffer_bytes_min = 4 * 1024;
// A client that fills the buffer with pipelined requests gets one of up to this size.
inline constexpr std::size_t read_buffer_bytes_busy = 64 * 1024;
// A larger buffer is given back as soon as no byte of a further request is in it.
inline constexpr std::size_t read_buffer_bytes_kept_max = 16 * 1024;

// Answers to pipelined requests are sent when they pass this, before the next request is looked at.
inline constexpr std::size_t output_bytes_max = 256 * 1024;
// A thread keeps a few output buffers of up to this size for whichever connection answers next; a
// full page of Query or Scan, 1 MB of items, fits.
inline constexpr std::size_t output_buffer_bytes_kept_max = 2 * 1024 * 1024;
inline constexpr std::size_t output_buffers_kept_max = 4;

// Left free in front of each body for the head that is written when the body is known. Every head
// without CORS headers fits; one with them moves its body.
inline constexpr std::size_t head_room_bytes = 320;

}  // namespace pageturner::http_limits
