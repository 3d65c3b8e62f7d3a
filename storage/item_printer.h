// Writes stored items into responses.
#pragma once

#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/projection.h"
#include "storage/stored_item.h"

namespace pageturner {

// Appends whole items, or the part of them that a projection selects.
class ItemPrinter {
 public:
  // `projection`, if not nullptr, must outlive the printer.
  explicit ItemPrinter(const Projection* projection = nullptr);
  ItemPrinter(const ItemPrinter&) = delete;
  ItemPrinter& operator=(const ItemPrinter&) = delete;

  // Appends `item`, or its projected part, as a JSON object.
  void append(std::string& out, ItemView item) const;

 private:
  const Projection* projection_;
  // The names of a projection that consists of top-level attributes only, escaped and sorted; empty
  // for any other projection.
  std::vector<std::string_view> escaped_names_;
  std::forward_list<std::string> changed_names_;  // those of them that escaping changes
};

}  // namespace pageturner
