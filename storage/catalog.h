// Which tables there are, and where each keeps its entries.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/table_description.h"
#include "storage/key_codec.h"
#include "storage/read_write_lock.h"

namespace ddb {

// What DescribeTable counts of a table or an index. The write path keeps it exact.
struct Counters {
  std::atomic<std::int64_t> item_count = 0;
  std::atomic<std::int64_t> size_bytes = 0;
};

struct Index {
  IndexDescription description;
  KeyLayout layout;
  mutable Counters counters;

  // Whether entries of this index hold the top-level attribute `name` of `table_key`'s table.
  bool projects(std::string_view name) const;
};

struct Table {
  explicit Table(TableDescription table_description, SpaceId first_space);

  // The index `name`, or nullptr.
  const Index* find_index(std::string_view name) const;

  TableDescription description;
  KeyLayout layout;
  std::vector<std::unique_ptr<const Index>> indexes;
  mutable Counters counters;
  // Held shared by every read and write and alone by the deletion of the table, which sets
  // `dropped`: a write that found the table before must not leave entries behind it.
  mutable ReadWriteLock lifetime_lock;
  mutable bool dropped = false;
};

using TablePointer = std::shared_ptr<const Table>;

// Thread-safe. A Table stays valid as long as somebody holds it, also after its deletion.
class Catalog {
 public:
  // Errors: ResourceInUseException where a table of that name exists; LimitExceededException at
  // limits::tables_max.
  Result<TablePointer> add(TableDescription description);

  // The table `name`, or nullptr.
  TablePointer find(std::string_view name) const;

  // Takes the table out. False where it is not in any more, whatever else has its name now.
  bool remove(const TablePointer& table);

  // At most `count` names behind `after`, in the order of bytes. An empty `after` starts at the
  // beginning.
  std::vector<std::string> names(std::string_view after, std::size_t count) const;

 private:
  mutable ReadWriteLock lock_;
  std::map<std::string, TablePointer, std::less<>> tables_;
  SpaceId next_space_ = 1;
};

}  // namespace ddb
