#include "storage/expiry.h"

#include "protocol/assert.h"
#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

// Converts `milliseconds` since 1970 to the unit of expiry times in items: seconds.
Number seconds(std::int64_t milliseconds) {
  return Number::parse(concat(milliseconds, "e-3")).value();
}

}  // namespace

std::optional<std::string> expiry_key(const Table& table, std::string_view table_key,
                                      ItemView item) {
  const std::string& attribute = table.description.time_to_live_attribute;
  if (attribute.empty()) return std::nullopt;
  const StoredItemSource attributes(item);
  const AttributeValue* value = attributes.find(attribute);
  const Number* time = value != nullptr ? value->get_if<Number>() : nullptr;
  if (time == nullptr) return std::nullopt;
  return encode_expiry_key(*time, table_key);
}

void add_expiry_change(const Table& table, std::string_view table_key, const ItemView* old_item,
                       const ItemView* new_item, WriteBatch& batch) {
  const auto key_of = [&](const ItemView* item) {
    return item != nullptr ? expiry_key(table, table_key, *item) : std::nullopt;
  };
  auto before = key_of(old_item);
  auto after = key_of(new_item);
  if (before == after) return;
  if (before) batch.erase(table.expiry_space, std::move(*before));
  if (after) batch.put(table.expiry_space, std::move(*after), "");
}

KeyRange expired_range(const Table& table, std::int64_t now_milliseconds) {
  PAGETURNER_ASSERT(table.has_time_to_live());
  const std::int64_t oldest = now_milliseconds - limits::time_to_live_age_seconds_max * 1000;
  return {encode_expiry_time(seconds(oldest)), encode_expiry_time(seconds(now_milliseconds))};
}

}  // namespace pageturner
