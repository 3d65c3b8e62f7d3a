// All limits of the HTTP layer. DynamoDB's own limits are in protocol/limits.h; these limit the
// memory and the time that a connection may cost.
#pragma once

#include <cstddef>

namespace pageturner::http_limits {

// Sizes of a request.

// The request line and all header lines. A larger head is answered with 431. A signed request has
// about 1 KB.
inline constexpr std::size_t head_bytes_max = 64 * 1024;
// The service's own limit on a request's body; a larger one is answered with 413.
inline constexpr std::size_t body_bytes_max = 16 * 1024 * 1024;
// The requests that the process has received in part or is answering, those of less than
// read_buffer_bytes_kept_max left out. Beyond it, a request is answered with 503, which clients
// retry: connections that send their bodies slowly would hold 16 MB each otherwise.
inline constexpr std::size_t held_bytes_max = 256 * 1024 * 1024;

// Times that a connection may keep the server waiting. Seconds are counted in rounds of the sweep
// (see sweep_interval_seconds), so each may last up to one second longer.

inline constexpr unsigned sweep_interval_seconds = 1;
// Between two requests. Long, because a client that uses a pooled connection while the server
// closes it sees an error that it has to retry.
inline constexpr unsigned idle_seconds_max = 600;
// From the first byte of a head to its last.
inline constexpr unsigned head_seconds_max = 30;
// Without a further byte of a body.
inline constexpr unsigned body_stall_seconds_max = 30;
// From the end of a head to the last byte of the body: 16 MB at 0.5 Mbit/s.
inline constexpr unsigned body_seconds_max = 300;
// Without the client receiving a further byte of a response.
inline constexpr unsigned send_stall_seconds_max = 60;
// Between the server's last byte and the client's close. Closing while the client still sends would
// reset the connection, and the reset may overtake the response.
inline constexpr unsigned linger_seconds_max = 3;
// Bytes discarded in that time: enough for a client that sends a body of up to four times the limit
// before it reads the response (413).
inline constexpr std::size_t linger_bytes_max = 4 * body_bytes_max;
inline constexpr std::size_t linger_read_bytes = 16 * 1024;
// How long stop() waits for clients that do not receive their responses. An operation that is
// running ends and its response is sent, whatever its time.
inline constexpr unsigned stop_seconds_max = 5;

// Number of connections. Further ones are closed at once.

inline constexpr std::size_t connections_max = 10'000;
// The part of RLIMIT_NOFILE that is left for files and other descriptors of the process.
inline constexpr std::size_t descriptors_reserved = 64;
// Connections that may wait in the kernel to be accepted.
inline constexpr int backlog = 1024;
// With port 0, the kernel selects a port that is free on the first address. If it is in use on
// another address, another port is tried, up to this number of tries.
inline constexpr unsigned free_port_tries_max = 16;
// Pause after the process has run out of descriptors or memory, so that accepting does not
// busy-loop.
inline constexpr unsigned accept_retry_milliseconds = 100;

// Threads.

// Threads for requests that may take seconds of CPU: at least so many beside each other, so that a
// few of them do not keep the next one waiting.
inline constexpr unsigned large_threads_min = 4;
// Threads for requests that wait for whole tables or files. They need little CPU.
inline constexpr unsigned lengthy_threads = 4;
// A larger body is not handled on an I/O thread: 5 ms is enough for ten times as much.
inline constexpr std::size_t small_body_bytes_max = 64 * 1024;

// Memory of a connection.

// The read buffer of an idle connection. An ordinary signed request fits.
inline constexpr std::size_t read_buffer_bytes_min = 4 * 1024;
// The read buffer of a client that fills it with pipelined requests may grow to this size.
inline constexpr std::size_t read_buffer_bytes_busy = 64 * 1024;
// Bytes that one call receives. The kernel may have megabytes of a body, and copying them into new
// pages would keep the other connections of the thread waiting for milliseconds.
inline constexpr std::size_t read_bytes_max = 256 * 1024;
// A larger read buffer is freed as soon as it contains no byte of a further request.
inline constexpr std::size_t read_buffer_bytes_kept_max = 16 * 1024;

// Responses to pipelined requests are sent when they exceed this, before the next request is
// handled.
inline constexpr std::size_t output_bytes_max = 256 * 1024;
// Each thread caches a few output buffers of up to this size; a full page of Query or Scan, 1 MB of
// items, fits.
inline constexpr std::size_t output_buffer_bytes_kept_max = 2 * 1024 * 1024;
inline constexpr std::size_t output_buffers_kept_max = 4;

// Reserved before each body for the head, which is written once the body is known. Every head
// without CORS headers fits; one with them moves its body.
inline constexpr std::size_t head_room_bytes = 320;
// The capacity behind it, for the response to a request that finds no memory.
inline constexpr std::size_t error_room_bytes = 160;

}  // namespace pageturner::http_limits
