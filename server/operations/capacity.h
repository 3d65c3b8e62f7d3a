// ConsumedCapacity: what a request cost.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "protocol/json.h"
#include "storage/item_writer.h"
#include "storage/page_reader.h"

namespace ddb {

// ReturnConsumedCapacity.
enum class CapacityDetail { none, total, indexes };
CapacityDetail capacity_detail(JsonValue body);

// What one request consumed of one table and its indexes, in halves of a unit: an eventually
// consistent read costs half of one. Source: guide, "Read and write consumption".
class ConsumedCapacity {
 public:
  explicit ConsumedCapacity(const Table& table) : table_(table) {}

  // A write of one item.
  void add_write(const WriteOutcome& outcome);
  // A read of one item of `size_bytes`; 0 for one that is not there.
  void add_get(std::size_t size_bytes, bool consistent);
  // A page, of the table or of `index`.
  void add_page(const PageResult& page, const Index* index, bool consistent);

  // Appends the JSON object in the detail asked for, which has to be one.
  void write(std::string& out, CapacityDetail detail) const;

 private:
  void write_indexes(std::string& out, bool global) const;

  const Table& table_;
  std::int64_t table_half_units_ = 0;
  std::map<const Index*, std::int64_t> index_half_units_;
};

// Appends `,"ConsumedCapacity":{…}`, or nothing where the request asked for none. The comma is left
// out where `out` ends with an opening brace.
void append_capacity(std::string& out, const ConsumedCapacity& capacity, CapacityDetail detail);

// Appends one element to the list that batches answer, or nothing where the request asked for none.
void append_capacity_element(std::string& elements, const ConsumedCapacity& capacity,
                             CapacityDetail detail);

// Appends `,"ConsumedCapacity":[…]` with the elements of a batch, or nothing where there are none.
void append_capacities(std::string& out, std::string_view elements);

}  // namespace ddb
