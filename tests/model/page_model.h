// A naive DynamoDB for paging: items in a vector, pages found by sorting all of it.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace pageturner::model {

// An attribute that is part of some key. Its possible values are drawn beforehand and sorted, so an
// item only holds the rank of its value, and order of ranks is order of values.
struct KeyAttributeModel {
  std::string name;
  char type = 'S';                         // S, N or B
  std::vector<std::string> raw;            // ascending: text, decimal or bytes
  std::vector<boost::json::value> values;  // in wire form
};

// Draws an attribute with up to `count` distinct values.
KeyAttributeModel draw_attribute(std::mt19937_64& random, std::string name, int count);

// An item: a rank for each key attribute it has, and what fills it.
struct ItemModel {
  std::map<std::string, int> ranks;  // attribute name → rank
  int filler = 1;                    // attribute "f", 1 to 9
  std::size_t payload_bytes = 0;     // length of attribute "x"

  std::optional<int> rank(const std::string& name) const;
};

enum class Held { all, keys_only, include_filler };

// What a Query or Scan reads: the table, or one of its indexes.
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
  int items_max = 250;    // how many to put in
  int payload_max = 300;  // the longest filler of an item; some tables have pages cut by 1 MB

  // Whether `item` has an entry in `source`.
  bool in_source(const ItemModel& item, const SourceModel& source) const;
  // The documented size of what `source` holds of `item`.
  std::size_t entry_size_bytes(const ItemModel& item, const SourceModel& source) const;
  // The ranks that order entries within a partition: sort attributes, then the table's key.
  std::vector<int> order_key(const ItemModel& item, const SourceModel& source) const;
  // The ranks of the partition key.
  std::vector<int> partition_key(const ItemModel& item, const SourceModel& source) const;
  // Exactly the attributes that LastEvaluatedKey has to show.
  boost::json::object last_evaluated_key(const ItemModel& item, const SourceModel& source) const;
  // Requests.
  boost::json::object create_request() const;
  boost::json::object item_json(const ItemModel& item) const;
  boost::json::object key_json(const ItemModel& item) const;
  // The index in `items` of the item with the same table key; items.size() if there is none.
  std::size_t find_same_key(const ItemModel& item) const;
};

// Draws a table: key types, with or without sort key, a local index where it can have one and one
// or two global ones of up to two HASH and two RANGE attributes, with any projection.
TableModel draw_table(std::mt19937_64& random, int number);

// Draws an item for `table`; its index attributes may be missing.
ItemModel draw_item(std::mt19937_64& random, const TableModel& table);

// A page as it has to be.
struct PageModel {
  std::vector<const ItemModel*> returned;
  std::size_t scanned = 0;
  const ItemModel* last = nullptr;  // the item of LastEvaluatedKey; nullptr: there is none
};

// The page of `entries`, which stand in reading order and behind the start key.
PageModel page_of(const TableModel& table, const SourceModel& source,
                  const std::vector<const ItemModel*>& entries, std::optional<std::size_t> limit,
                  std::optional<int> filler_below);

}  // namespace pageturner::model
