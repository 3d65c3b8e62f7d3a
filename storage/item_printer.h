// Stored items in the form in which answers show them.
#pragma once

#include <string>
#include <vector>

#include "protocol/expression/projection.h"
#include "storage/stored_item.h"

namespace pageturner {

// Appends items to answers: whole, or what a projection takes of them.
class ItemPrinter {
 public:
  // Whole items. With a projection, which has to outlive the printer, its part of them.
  explicit ItemPrinter(const Projection* projection = nullptr);

  // Appends the JSON object of `item`.
  void append(std::string& out, ItemView item) const;

 private:
  const Projection* projection_;
  // The names a projection of whole top-level attributes takes, escaped and sorted; empty for any
  // other.
  std::vector<std::string> escaped_names_;
};

}  // namespace pageturner
