#include "storage/page_reader.h"

#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "storage/index_changes.h"
#include "storage/item_printer.h"
#include "storage/stored_item.h"

namespace pageturner {

PageResult read_page(const ReadView& view, const PageRequest& request, std::string& out) {
  PageResult page;
  const ItemPrinter printer(request.projection ? &*request.projection : nullptr);
  std::string last_key;
  std::size_t page_bytes = 0;
  bool more = false;

  // The item to evaluate for `entry`, which an index may contain only in part. A view contains both
  // an entry and its item, or neither.
  const auto item_of = [&](std::string_view key, ItemView entry) {
    if (!request.fetch_items) return entry;
    const auto stored =
        view.get(request.table->layout.space, table_key_of(request.index->layout, key));
    return ItemView(stored.value());
  };
  const KeyspaceId space =
      request.index != nullptr ? request.index->layout.space : request.table->layout.space;
  DecodeBuffer buffer;
  const auto print = [&](const auto& item) {
    ++page.count;
    if (request.count_only) return;
    append_comma(out);
    printer.append(out, item);
  };
  const auto evaluate = [&](ItemView item) {
    if (!request.filter) return print(item);
    const StoredItemSource source(item, &buffer);
    if (request.filter->evaluate(source)) print(source);
  };

  const auto read_entry = [&](std::string_view key, std::string_view value) {
    const ItemView entry(value);
    const ItemView item = item_of(key, entry);
    const std::size_t size = item.size_bytes();
    if (page_bytes + size > limits::page_size_bytes_max) {
      more = true;
      return false;
    }
    page_bytes += size;
    page.evaluated_bytes += entry.size_bytes();
    if (request.fetch_items) page.fetched_units += units_of(size, limits::read_unit_bytes);
    ++page.scanned_count;
    last_key = key;
    evaluate(item);
    more = page.scanned_count == request.limit;
    return !more;
  };
  const auto read_range = [&](const KeyRange& range) {
    const std::size_t bytes_before = page.evaluated_bytes;
    view.walk(space, range, request.direction, read_entry);
    page.evaluated_units += units_of(page.evaluated_bytes - bytes_before, limits::read_unit_bytes);
  };
  read_range(request.range);
  for (const KeyRange& range : request.further_ranges) {
    if (more) break;
    read_range(range);
  }
  if (more) page.last_evaluated_key = std::move(last_key);
  return page;
}

}  // namespace pageturner
