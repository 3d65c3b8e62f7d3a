// One line for each request, for people and for what collects logs.
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

  // Lines go to `descriptor`, which has to stay open.
  RequestLog(int descriptor, Format format) : descriptor_(descriptor), format_(format) {}

  // Writes the line of one request: time, operation, tables, status, error type, microseconds and
  // bytes of the answer's body. A request without a known operation has its target or else method
  // and path in that place. Whatever a client puts into names, a line stays one line. Lines that
  // cannot be written are lost.
  void write(const RequestHead& head, const RequestRecord& record);

 private:
  const int descriptor_;
  const Format format_;
  std::mutex mutex_;  // keeps lines whole
};

// The tables that a request names, each once and by name where it is named by ARN; none where the
// operation has none or names it otherwise (GetRecords). `body` may be anything.
std::vector<std::string> table_names(const OperationSpec& operation, JsonValue body);

}  // namespace pageturner
