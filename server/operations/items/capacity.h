// ConsumedCapacity: the capacity units that a request consumed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/json.h"
#include "protocol/object_writer.h"
#include "storage/item_writer.h"
#include "storage/page_reader.h"

namespace pageturner {

// The values of ReturnConsumedCapacity.
enum class CapacityDetail { none, total, indexes };
CapacityDetail capacity_detail(JsonValue body);

// In transactions the response separates read units from write units.
enum class CapacityKind { plain, transaction_read, transaction_write };

// The capacity that one request consumed of one table and its indexes. Counted in half units: an
// eventually consistent read costs half a unit. `table` must outlive it. Source: guide, "Read and
// write consumption".
class ConsumedCapacity {
 public:
  explicit ConsumedCapacity(const Table& table, CapacityKind kind = CapacityKind::plain)
      : table_(table), kind_(kind) {}

  // Adds a write of one item.
  void add_write(const WriteOutcome& outcome);
  // Adds a read of one item of `size_bytes`; 0 for an absent one.
  void add_get(std::size_t size_bytes, bool consistent);
  // Adds a write of one item in a transaction, which costs the table twice, its indexes once.
  void add_transaction_write(const WriteOutcome& outcome);
  // Adds a read, in a transaction, of one item of `units` times 4 KB.
  void add_transaction_get(std::int64_t units);
  // Adds a page of `index`, or of the table if that is nullptr.
  void add_page(const PageResult& page, const Index* index, bool consistent);

  // Appends the JSON object. Requires: `detail` is not `none`.
  void append_to(std::string& out, CapacityDetail detail) const;

 private:
  void add_index_changes(const WriteOutcome& outcome);
  void write_capacity_units(MemberWriter& object, std::int64_t half_units) const;
  void write_indexes(MemberWriter& object, bool global) const;

  const Table& table_;
  CapacityKind kind_;
  std::int64_t table_half_units_ = 0;
  std::map<const Index*, std::int64_t> index_half_units_;
};

// Appends the member ConsumedCapacity to the object that `out` ends in (see MemberWriter), or
// nothing if `detail` is `none`.
void append_capacity(std::string& out, const ConsumedCapacity& capacity, CapacityDetail detail);

// The capacity that one request consumed of each of its tables, in the order in which of() first
// returned them.
class TableCapacities {
 public:
  explicit TableCapacities(CapacityKind kind = CapacityKind::plain) : kind_(kind) {}

  // Returns the capacity of `table`, which must outlive this object. The reference is valid until
  // the next call.
  ConsumedCapacity& of(const Table& table);

  bool empty() const { return tables_.empty(); }

  // Appends the member ConsumedCapacity, an array, to the object that `out` ends in (see
  // MemberWriter), or nothing if `detail` is `none`.
  void append(std::string& out, CapacityDetail detail) const;

 private:
  CapacityKind kind_;
  std::vector<std::pair<const Table*, ConsumedCapacity>> tables_;
};

}  // namespace pageturner
