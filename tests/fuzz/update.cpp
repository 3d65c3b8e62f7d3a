// Why: updates change stored data. The input is the text of an update. The updated item must be
// valid to store and read, and attributes that the update does not name must not change.
#include "protocol/expression/update.h"

#include <algorithm>

#include "protocol/attribute_value_json.h"
#include "protocol/limits.h"
#include "storage/stored_item.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

void check_others_untouched(const Update& update, const Item& before, const Item& after) {
  const auto touched = touched_paths(update);
  const auto is_touched = [&](const std::string& name) {
    return std::any_of(touched.begin(), touched.end(),
                       [&](const DocumentPath* path) { return path->top_level_name() == name; });
  };
  for (const auto& [name, value] : before) {
    if (is_touched(name)) continue;
    const auto found = after.find(name);
    require(found != after.end() && found->second == value, "an update keeps all other attributes");
  }
  for (const auto& [name, value] : after) {
    require(is_touched(name) || before.contains(name),
            "an update adds only the attributes it names");
  }
}

void apply_to(const Update& update, const Item& item) {
  const auto changes = apply_update(update, ItemSource(item));
  if (!changes) return require_message(changes.error());
  const Item updated = changed(item, *changes);
  check_others_untouched(update, item, updated);
  if (nesting_levels(updated) > limits::nesting_levels_below_item_max) return;
  // Parsing rejects empty sets and sets with duplicates.
  require(item_of(wire_of(updated)) == updated, "an updated item can be read");
}

}  // namespace

void fuzz_one(std::string_view input) {
  Placeholders placeholders = fixed_placeholders();
  const auto update = compile_update(input, placeholders);
  if (!update) return require_message(update.error());
  apply_to(*update, fixed_item());
  apply_to(*update, {});
}

}  // namespace pageturner
