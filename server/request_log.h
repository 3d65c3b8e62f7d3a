// The request log: one line for each request, for people or for log collectors. A thread of its own
// writes the lines, so that a reader that does not read never blocks a request.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/json.h"
#include "server/request_handler.h"
#include "server/request_record.h"

namespace pageturner {

// Thread-safe.
class RequestLog {
 public:
  enum class Format {
    text,  // 2026-11-22T17:55:01.123Z PutItem Music 200 - 45us 2B
    json,  // {"time":"…","operation":"PutItem","tables":["Music"],"status":200,"error":null,"us":45,
           // "bytes":2}
  };

  // Starts the thread. Lines are written to `descriptor`, which must stay open. Throws
  // std::system_error if no thread can be created.
  RequestLog(int descriptor, Format format);

  // Writes the lines that wait, then ends the thread. Gives up after stop_milliseconds_max if the
  // descriptor accepts nothing: then the lines are lost, and a thread that is blocked in a write is
  // left behind.
  ~RequestLog();

  // Adds the line of one request: time, operation, tables, status, error type, microseconds and
  // bytes of the response's body. A request without a known operation has its target or else method
  // and path instead of an operation. Names from clients cannot break a line. Lines that cannot be
  // written are lost. Never blocks: while waiting_bytes_max wait, lines are dropped, and the next
  // line that is written says how many: "<time> dropped 17 lines" or {"time":"…","dropped":17}.
  void write(const RequestHead& head, const RequestRecord& record);

  static constexpr std::size_t waiting_bytes_max = 1024 * 1024;
  static constexpr int stop_milliseconds_max = 500;

 private:
  class Writer;

  const Format format_;
  const std::shared_ptr<Writer> writer_;  // shared with the thread, which may outlive the log
};

// The tables of a request that table_names() returns at most, and the elements of each of its lists
// that it examines: more than any operation accepts.
inline constexpr std::size_t logged_tables_max = 100;

// Returns the tables that a request names, each once, by name even if the request has an ARN; empty
// if the operation names none or names it in another way (GetRecords). `body` may be any JSON. See
// logged_tables_max.
std::vector<std::string> table_names(const OperationSpec& operation, JsonValue body);

}  // namespace pageturner
