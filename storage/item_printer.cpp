#include "storage/item_printer.h"

#include <algorithm>
#include <functional>

#include "protocol/attribute_value_json.h"
#include "protocol/object_writer.h"

namespace pageturner {

ItemPrinter::ItemPrinter(const Projection* projection) : projection_(projection) {
  if (projection == nullptr || !projection->is_top_level()) return;
  escaped_names_ = projection->top_level_names();
  std::string escaped;
  for (std::string_view& name : escaped_names_) {
    escaped.clear();
    append_json_escaped(escaped, name);
    if (escaped != name) name = changed_names_.emplace_front(escaped);
  }
  // Escapes may change the order.
  if (!changed_names_.empty()) std::sort(escaped_names_.begin(), escaped_names_.end());
}

void ItemPrinter::append_projected(std::string& out, ItemView item) const {
  if (append_top_level(out, item)) return;
  append_item(out, projection_->apply(StoredItemSource(item, &buffer_)));
}

void ItemPrinter::append(std::string& out, const StoredItemSource& item) const {
  if (projection_ == nullptr) {
    out += item.view().json();
  } else if (!append_top_level(out, item.view())) {
    append_item(out, projection_->apply(item));
  }
}

// Appends the part of a projection of top-level attributes; returns false for any other one.
bool ItemPrinter::append_top_level(std::string& out, ItemView item) const {
  if (escaped_names_.empty()) return false;
  // Top-level attributes are copied without decoding. Both lists are sorted, so the shorter one is
  // iterated and the longer one searched.
  ObjectWriter object(out);
  const auto append_attribute = [&](std::size_t index) {
    object.member(MemberName::escaped(item.escaped_name(index))) += item.value_json(index);
  };
  if (escaped_names_.size() <= item.attribute_count()) {
    for (const std::string_view name : escaped_names_) {
      if (const auto index = item.find(name)) append_attribute(*index);
    }
  } else {
    for (std::size_t i = 0; i < item.attribute_count(); ++i) {
      const bool taken = std::binary_search(escaped_names_.begin(), escaped_names_.end(),
                                            item.escaped_name(i), std::less<>());
      if (taken) append_attribute(i);
    }
  }
  return true;
}

}  // namespace pageturner
