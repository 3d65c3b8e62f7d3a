// A service with a table of items, and signed requests for it, for what is measured without
// sockets.
#pragma once

#include <string>
#include <string_view>

#include "server/service.h"
#include "storage/database.h"

namespace pageturner {

// Items of about 300 bytes on the wire, ten of them in a partition, as bench/run has them.
inline constexpr unsigned items_a_partition = 10;

// The head of a request as a client signs it; `target` is "DynamoDB_20120810.GetItem" or the like.
RequestHead signed_head(std::string_view target);

// The members of the object that is item `order` of partition `customer`.
std::string item_members(unsigned customer, unsigned order);
// Those of its key.
std::string key_members(unsigned customer, unsigned order);

class ServiceLoad {
 public:
  // A table "orders" of `partitions` partitions, and a table "pages" with one partition of somewhat
  // more than 1 MB in items of 1 KB, a tenth of which have "kind" 3. Throws where a request fails.
  explicit ServiceLoad(unsigned partitions);

  // Sends a request. Throws where it fails. Any number of threads may call it at once.
  void run(const RequestHead& head, std::string_view body, std::string& out);

 private:
  Database database_;
  Service service_{database_};
};

}  // namespace pageturner
