// ConsumedCapacity: what a request cost.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/json.h"
#include "storage/item_writer.h"
#include "storage/page_reader.h"

namespace pageturner {

// ReturnConsumedCapacity.
enum class CapacityDetail { none, total, indexes };
CapacityDetail capacity_detail(JsonValue body);

// Transactions tell whether their units are of reading or of writing.
enum class CapacityKind { plain, transaction_read, transaction_write };

// What one request consumed of one table and its indexes, in halves of a unit: an eventually
// consistent read costs half of one. Source: guide, "Read and write consumption".
class ConsumedCapacity {
 public:
  explicit ConsumedCapacity(const Table& table, CapacityKind kind = CapacityKind::plain)
      : table_(table), kind_(kind) {}

  // A write of one item.
  void add_write(const WriteOutcome& outcome);
  // A read of one item of `size_bytes`; 0 for one that is not there.
  void add_get(std::size_t size_bytes, bool consistent);
  // A write of one item within a transaction, which costs the table twice, its indexes once.
  void add_transaction_write(const WriteOutcome& outcome);
  // A read, within a transaction, of one item that takes `units` of 4 KB.
  void add_transaction_get(std::int64_t units);
  // A page, of the table or of `index`.
  void add_page(const PageResult& page, const Index* index, bool consistent);

  // Appends the JSON object in the detail asked for, which has to be one.
  void write(std::string& out, CapacityDetail detail) const;

 private:
  void add_index_changes(const WriteOutcome& outcome);
  void append_units(std::string& out, std::int64_t half_units) const;
  void write_indexes(std::string& out, bool global) const;

  const Table& table_;
  CapacityKind kind_;
  std::int64_t table_half_units_ = 0;
  std::map<const Index*, std::int64_t> index_half_units_;
};

// Appends `,"ConsumedCapacity":{…}`, or nothing where the request asked for none. The comma is left
// out where `out` ends with an opening brace.
void append_capacity(std::string& out, const ConsumedCapacity& capacity, CapacityDetail detail);

// What one request consumed of each of its tables, in the order in which they come up.
class TableCapacities {
 public:
  explicit TableCapacities(CapacityKind kind = CapacityKind::plain) : kind_(kind) {}

  // That of `table`, which has to outlive this.
  ConsumedCapacity& of(const Table& table);

  bool empty() const { return tables_.empty(); }

  // Appends `,"ConsumedCapacity":[…]`, or nothing where the request asked for none. The comma is
  // left out where `out` ends with an opening brace.
  void append(std::string& out, CapacityDetail detail) const;

 private:
  CapacityKind kind_;
  std::vector<std::pair<const Table*, ConsumedCapacity>> tables_;
};

}  // namespace pageturner
