#include "storage/page_reader.h"

#include "protocol/expression/condition.h"
#include "protocol/limits.h"
#include "storage/index_changes.h"
#include "storage/item_printer.h"
#include "storage/stored_item.h"

namespace ddb {

PageResult read_page(const ReadView& view, const PageRequest& request, std::string& out) {
  PageResult page;
  const ItemPrinter printer(request.projection ? &*request.projection : nullptr);
  std::string last_key;
  bool more = false;

  // The item that answers for `entry`, which an index may hold only in part.
  const auto item_of = [&](std::string_view key, ItemView entry) {
    if (!request.fetch_items) return entry;
    const auto stored = view.get(table_key_of(request.index->layout, request.table->layout, key));
    const ItemView item(stored.value());
    page.fetched_units += units_of(item.size_bytes(), limits::read_unit_bytes);
    return item;
  };
  const auto evaluate = [&](ItemView item) {
    if (request.filter && !holds(*request.filter, StoredItemSource(item))) return;
    if (!request.count_only) {
      if (page.count > 0) out += ',';
      printer.append(out, item);
    }
    ++page.count;
  };

  view.walk(request.range, request.direction, [&](std::string_view key, std::string_view value) {
    const ItemView entry(value);
    const std::size_t size = entry.size_bytes();
    if (page.evaluated_bytes + size > limits::page_size_bytes_max) {
      more = true;
      return false;
    }
    page.evaluated_bytes += size;
    ++page.scanned_count;
    last_key = key;
    evaluate(item_of(key, entry));
    more = page.scanned_count == request.limit;
    return !more;
  });
  if (more) page.last_evaluated_key = std::move(last_key);
  return page;
}

}  // namespace ddb
