#include "storage/item_printer.h"

#include "protocol/attribute_value_json.h"

namespace ddb {

ItemPrinter::ItemPrinter(const Projection* projection) : projection_(projection) {
  if (projection == nullptr || !projection->is_top_level()) return;
  for (const std::string_view name : projection->top_level_names()) {
    append_json_escaped(escaped_names_.emplace_back(), name);
  }
}

void ItemPrinter::append(std::string& out, ItemView item) const {
  if (projection_ == nullptr) {
    out += item.json();
    return;
  }
  if (escaped_names_.empty()) {
    append_item(out, projection_->apply(StoredItemSource(item)));
    return;
  }
  // Top-level attributes are copied as they stand: nothing is decoded.
  out += '{';
  bool first = true;
  for (const std::string& name : escaped_names_) {
    const auto index = item.find(name);
    if (!index) continue;
    out += first ? "\"" : ",\"";
    first = false;
    out += name;
    out += "\":";
    out += item.value_json(*index);
  }
  out += '}';
}

}  // namespace ddb
