// Which tables there are, and where each keeps its entries.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/table_description.h"
#include "storage/key_codec.h"
#include "storage/read_write_lock.h"
#include "storage/stream.h"

namespace pageturner {

// What DescribeTable counts of a table or an index. The write path keeps it exact.
struct Counters {
  std::atomic<std::int64_t> item_count = 0;
  std::atomic<std::int64_t> size_bytes = 0;
};

struct Index {
  IndexDescription description;
  KeyLayout layout;
  std::shared_ptr<Counters> counters = std::make_shared<Counters>();

  // Whether entries of this index hold the top-level attribute `name` of `table_key`'s table.
  bool projects(std::string_view name) const;
};

struct Table;

// What all versions of a table share.
struct TableState {
  // Held shared by every read and write, and alone by whoever changes or deletes the table: a write
  // that found the table before must neither leave entries behind it nor miss one in a new index.
  ReadWriteLock lock;
  // The version that counts; nullptr: the table has been deleted. Guarded by `lock`.
  const Table* current_version = nullptr;
};

// One version of a table. It never changes; a changed table is another version, which takes over
// the key spaces and the counts.
struct Table {
  // A new table, whose spaces begin with `first_space`.
  Table(TableDescription table_description, KeyspaceId first_space, StreamPointer table_stream);
  // `before` with another description and stream. Indexes that it did not have, and a time to live
  // by another attribute, get the spaces from `first_space` on.
  Table(const Table& before, TableDescription table_description, KeyspaceId first_space,
        StreamPointer table_stream);

  // The index `name`, or nullptr.
  const Index* find_index(std::string_view name) const;

  // Whether items of the table can expire.
  bool has_time_to_live() const { return !description.time_to_live_attribute.empty(); }

  TableDescription description;
  KeyLayout layout;
  std::vector<std::unique_ptr<const Index>> indexes;
  KeyspaceId expiry_space = 0;  // of storage/expiry.h; 0 where no item can expire
  std::shared_ptr<Counters> counters;
  std::shared_ptr<TableState> state;
  StreamPointer stream;  // where changes of items are told; nullptr: nowhere
};

using TablePointer = std::shared_ptr<const Table>;

// Thread-safe. A Table stays valid as long as somebody holds it, also after its deletion.
class Catalog {
 public:
  // Adds a table that tells `stream` of its changes, if any; Database::add_table knows which. With
  // `hold` nobody else reads or writes it until that is let go. Errors: ResourceInUseException
  // where a table of that name exists; LimitExceededException at limits::tables_max.
  Result<TablePointer> add(TableDescription description, StreamPointer stream = nullptr,
                           std::unique_lock<ReadWriteLock>* lock = nullptr);

  // A key space that nobody has had.
  KeyspaceId new_space();

  // The table `name`, or nullptr. One that is shown as DELETING is found until that is over.
  TablePointer find(std::string_view name) const;

  // Another version of `before`, which does not count yet: that takes Database::change_table.
  TablePointer make_version(const Table& before, TableDescription description,
                            StreamPointer stream);

  // Puts a version in the place of another. The place has to be taken by `before`.
  void replace(const TablePointer& before, TablePointer after);

  // Takes the table out. False where it is not in any more, whatever else has its name now.
  bool remove(const TablePointer& table);

  // At most `count` names behind `after`, in the order of bytes. An empty `after` starts at the
  // beginning.
  std::vector<std::string> names(std::string_view after, std::size_t count) const;

  // The tables whose items can expire.
  std::vector<TablePointer> tables_with_time_to_live() const;
  // Whether there is one, which is told at once.
  bool has_time_to_live() const { return tables_with_time_to_live_ > 0; }

 private:
  void remove_deleted();

  mutable ReadWriteLock lock_;
  std::map<std::string, TablePointer, std::less<>> tables_;
  std::atomic<std::size_t> tables_with_time_to_live_ = 0;  // changed with tables_
  KeyspaceId next_space_ = 1;
};

}  // namespace pageturner
