// A service with a table of items, and signed requests for it, for measurements without sockets.
#pragma once

#include <string>
#include <string_view>

#include "server/service.h"
#include "storage/database.h"

namespace pageturner {

// Items of about 300 bytes on the wire, ten per partition, as in bench/run.
inline constexpr unsigned items_a_partition = 10;

// Returns the head of a signed request; `target` is the X-Amz-Target header, for example
// "DynamoDB_20120810.GetItem".
RequestHead signed_head(std::string_view target);

// Returns the JSON members of item `order` of partition `customer`, without the braces.
std::string item_members(unsigned customer, unsigned order);
// Returns the JSON members of its key.
std::string key_members(unsigned customer, unsigned order);

class ServiceLoad {
 public:
  // Creates a table "orders" with `partitions` partitions, and a table "pages" with one partition
  // of slightly more than 1 MB in items of 1 KB, a tenth of which have "kind" 3. Throws
  // std::runtime_error if a request fails.
  explicit ServiceLoad(unsigned partitions);

  // Sends a request and sets `out` to the response. Throws if the request fails. Thread-safe.
  void run(const RequestHead& head, std::string_view body, std::string& out);

 private:
  Database database_;
  Service service_{database_};
};

}  // namespace pageturner
