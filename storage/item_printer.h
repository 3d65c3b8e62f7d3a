// Writes stored items into responses.
#pragma once

#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/projection.h"
#include "storage/stored_item.h"
#include "storage/stored_reader.h"

namespace pageturner {

// Appends whole items, or the part of them that a projection selects. Not thread-safe.
class ItemPrinter {
 public:
  // `projection`, if not nullptr, must outlive the printer.
  explicit ItemPrinter(const Projection* projection = nullptr);
  ItemPrinter(const ItemPrinter&) = delete;
  ItemPrinter& operator=(const ItemPrinter&) = delete;

  // Appends `item`, or its projected part, as a JSON object.
  void append(std::string& out, ItemView item) const {
    if (projection_ == nullptr) {
      out += item.json();
    } else {
      append_projected(out, item);
    }
  }
  // As above; reuses the values that `item` has decoded.
  void append(std::string& out, const StoredItemSource& item) const;

 private:
  void append_projected(std::string& out, ItemView item) const;
  bool append_top_level(std::string& out, ItemView item) const;

  const Projection* projection_;
  mutable DecodeBuffer buffer_;  // for one item after the other
  // The names of a projection that consists of top-level attributes only, escaped and sorted; empty
  // for any other projection.
  std::vector<std::string_view> escaped_names_;
  std::forward_list<std::string> changed_names_;  // those of them that escaping changes
};

}  // namespace pageturner
