// A naive DynamoDB for paging: items in a vector, pages computed by sorting all of it.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace pageturner::model {

// A key attribute of the table or an index. Its possible values are drawn in advance and sorted. An
// item contains only the rank of its value, and ranks have the order of the values.
struct KeyAttributeModel {
  std::string name;
  char type = 'S';                         // S, N or B
  std::vector<std::string> raw;            // in ascending order: text, decimal or bytes
  std::vector<boost::json::value> values;  // in wire form
};

// Draws an attribute with up to `count` distinct values.
KeyAttributeModel draw_attribute(std::mt19937_64& random, std::string name, int count);

// An item: a rank for each of its key attributes, and its other data.
struct ItemModel {
  std::map<std::string, int> ranks;  // attribute name → rank
  int filler = 1;                    // attribute "f", 1 to 9
  std::size_t payload_bytes = 0;     // length of attribute "x"

  std::optional<int> rank(const std::string& name) const;
};

enum class Held { all, keys_only, include_filler };

// The source of a Query or Scan: the table or one of its indexes.
struct SourceModel {
  std::string index_name;  // empty: the table
  bool is_global = false;
  std::vector<std::string> partition;
  std::vector<std::string> sort;
  Held held = Held::all;
};

struct TableModel {
  std::string table_name;
  std::map<std::string, KeyAttributeModel> attributes;
  SourceModel table;
  std::vector<SourceModel> indexes;
  std::vector<ItemModel> items;
  int items_max = 250;    // upper bound of the number of items
  int payload_max = 300;  // largest payload; in some tables pages end at 1 MB

  // Returns whether `item` has an entry in `source`.
  bool in_source(const ItemModel& item, const SourceModel& source) const;
  // Returns the documented size of the entry of `item` in `source`.
  std::size_t entry_size_bytes(const ItemModel& item, const SourceModel& source) const;
  // Returns what orders entries within a partition: the ranks of the sort attributes, in a global
  // index the hash of the table's key, then the ranks of the table's key.
  std::vector<int> order_key(const ItemModel& item, const SourceModel& source) const;
  // Returns what orders partitions: the hash of the partition key, then its ranks.
  std::vector<int> partition_order_key(const ItemModel& item, const SourceModel& source) const;
  // Returns the ranks of the partition key.
  std::vector<int> partition_key(const ItemModel& item, const SourceModel& source) const;
  // Returns the exact LastEvaluatedKey for `item`.
  boost::json::object last_evaluated_key(const ItemModel& item, const SourceModel& source) const;
  // The parts of requests.
  boost::json::object create_request() const;
  boost::json::object item_json(const ItemModel& item) const;
  boost::json::object key_json(const ItemModel& item) const;
  // Returns the index in `items` of the item with the same table key, or items.size().
  std::size_t find_same_key(const ItemModel& item) const;
};

// Draws a table: key types, with or without a sort key, a local index if the table can have one,
// and one or two global indexes with up to two HASH and two RANGE attributes and any projection.
TableModel draw_table(std::mt19937_64& random, int number);

// Draws an item for `table`; index attributes may be absent.
ItemModel draw_item(std::mt19937_64& random, const TableModel& table);

// The expected page.
struct PageModel {
  std::vector<const ItemModel*> returned;
  std::size_t scanned = 0;
  const ItemModel* last = nullptr;  // the item of LastEvaluatedKey, or nullptr
};

// Returns the page of `entries`. Requires: they are in reading order and after the start key.
PageModel page_of(const TableModel& table, const SourceModel& source,
                  const std::vector<const ItemModel*>& entries, std::optional<std::size_t> limit,
                  std::optional<int> filler_below);

}  // namespace pageturner::model
