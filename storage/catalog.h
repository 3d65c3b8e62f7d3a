// The tables of a database, and the keyspaces of each.
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
#include "storage/memory_charge.h"
#include "storage/read_write_lock.h"
#include "storage/stream.h"

namespace pageturner {

// The item count and size that DescribeTable shows of a table or an index. The write path keeps
// them exact.
struct Counters {
  std::atomic<std::int64_t> item_count = 0;
  std::atomic<std::int64_t> size_bytes = 0;
  // Of a table: whether an item was written whose stored form is larger than large_item_bytes. To
  // decode one takes milliseconds. Stays true when the item is deleted.
  std::atomic<bool> has_large_items = false;
};

// 4,600 elements of a list have this size at least.
inline constexpr std::size_t large_item_bytes = 64 * 1024;

struct Index {
  IndexDescription description;
  KeyLayout layout;
  std::shared_ptr<Counters> counters = std::make_shared<Counters>();

  // Whether entries of this index contain the top-level attribute `name` of an item.
  bool projects(std::string_view name) const;
};

struct Table;

// The state that all versions of a table share.
struct TableState {
  // Held shared by reads and writes of items, and exclusively while the table is changed, dropped,
  // backed up, copied or filled: a write that found an old version must neither leave entries
  // behind a dropped table nor miss a new index. (The sweep, which only looks for keys, and
  // ItemCollectionMetrics read without it: their entries may be gone.)
  ReadWriteLock lock;
  // The current version; nullptr once the table is dropped. Guarded by `lock`. Owned by the
  // catalog.
  const Table* current_version = nullptr;
};

// The description of one version of a table.
using DescriptionPointer = std::shared_ptr<const TableDescription>;

// One version of a table. Immutable; a change publishes a new version, which takes over the
// keyspaces and the counters.
struct Table {
  // A new table, with keyspaces numbered from `first_space` on.
  Table(DescriptionPointer table_description, KeyspaceId first_space, StreamPointer table_stream);
  // A new version of `before` with another description and stream. Indexes that `before` does not
  // have, and a time to live by another attribute, get keyspaces from `first_space` on.
  Table(const Table& before, DescriptionPointer table_description, KeyspaceId first_space,
        StreamPointer table_stream);

  // Returns the index `name`, or nullptr. The pointer is valid as long as this version.
  const Index* find_index(std::string_view name) const;

  // Whether items of the table can expire.
  bool has_time_to_live() const { return !description.time_to_live_attribute.empty(); }

  const DescriptionPointer shared_description;  // backups of this version share it
  const TableDescription& description = *shared_description;
  KeyLayout layout;
  std::vector<std::unique_ptr<const Index>> indexes;
  KeyspaceId expiry_space = 0;  // see storage/expiry.h; 0 if items cannot expire
  std::shared_ptr<Counters> counters;
  std::shared_ptr<TableState> state;
  StreamPointer stream;  // records the changes of items; nullptr: none
};

using TablePointer = std::shared_ptr<const Table>;

// Thread-safe. A Table is valid as long as a TablePointer to it exists, also after it was dropped.
class Catalog {
 public:
  // Adds a table with the given stream; nullptr: none. (Database::add_table chooses the stream.) If
  // `lock` is not nullptr, it receives the table's lock, held exclusively before any other thread
  // can find the table. `charge` counts the memory of the version as long as its description is
  // used. Errors: ResourceInUseException if a table of that name exists; LimitExceededException at
  // limits::tables_max.
  Result<TablePointer> add(TableDescription description, StreamPointer stream = nullptr,
                           std::unique_lock<ReadWriteLock>* lock = nullptr,
                           MemoryCharge charge = {});

  // Returns the errors of add() for a table `name`.
  Result<void> check_new(const std::string& name) const;

  // Removes the tables whose transition DELETING is over. Until then their descriptions take
  // memory.
  void remove_deleted();
  // Whether there may be such a table, now or later. Takes no lock.
  bool has_deleted() const { return has_deleted_; }

  // Returns the number of a keyspace that was never used before.
  KeyspaceId new_space();

  // Returns the table `name`, or nullptr. A table that is shown as DELETING is found until that
  // transition is over.
  TablePointer find(std::string_view name) const;

  // Returns a new version of `before`. It is not published; Database::change_table does that.
  // `charge`: as for add().
  TablePointer make_version(const Table& before, TableDescription description, StreamPointer stream,
                            MemoryCharge charge = {});

  // Publishes `after` in place of `before`. Requires: `before` is the version in the catalog.
  void replace(const TablePointer& before, TablePointer after);

  // Removes the table. Returns false if this version is not in the catalog, whether or not another
  // table has its name.
  bool remove(const TablePointer& table);

  // Returns at most `count` names after `after`, in the order of bytes. An empty `after` starts at
  // the beginning.
  std::vector<std::string> names(std::string_view after, std::size_t count) const;

  // Returns the tables whose items can expire.
  std::vector<TablePointer> tables_with_time_to_live() const;
  // Whether there is such a table. Takes no lock.
  bool has_time_to_live() const { return tables_with_time_to_live_ > 0; }

 private:
  void remove_deleted_locked();
  Result<void> check_new_locked(const std::string& name) const;

  mutable ReadWriteLock lock_;
  std::map<std::string, TablePointer, std::less<>> tables_;
  std::atomic<std::size_t> tables_with_time_to_live_ = 0;  // changed with tables_
  std::atomic<bool> has_deleted_ = false;                  // changed with tables_
  KeyspaceId next_space_ = 1;
};

}  // namespace pageturner
