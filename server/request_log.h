// The request log: one line for each request, for people or for log collectors.
#pragma once

#include <mutex>
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

  // Lines are written to `descriptor`, which must stay open.
  RequestLog(int descriptor, Format format) : descriptor_(descriptor), format_(format) {}

  // Writes the line of one request: time, operation, tables, status, error type, microseconds and
  // bytes of the response's body. A request without a known operation has its target or else method
  // and path instead of an operation. Names from clients cannot break a line. Lines that cannot be
  // written are lost. Blocks while the descriptor is a pipe that is full, and with it all other
  // requests.
  void write(const RequestHead& head, const RequestRecord& record);

 private:
  const int descriptor_;
  const Format format_;
  std::mutex mutex_;  // serializes lines
};

// Returns the tables that a request names, each once, by name even if the request has an ARN; empty
// if the operation names none or names it in another way (GetRecords). `body` may be any JSON.
std::vector<std::string> table_names(const OperationSpec& operation, JsonValue body);

}  // namespace pageturner
