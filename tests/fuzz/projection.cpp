// Why: a projection is applied to items in memory and copied from stored bytes, and both must give
// the same result. The input is the text of a projection.
#include "protocol/expression/projection.h"

#include "protocol/attribute_value_json.h"
#include "storage/item_printer.h"
#include "storage/stored_item.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {

void fuzz_one(std::string_view input) {
  static const std::string stored = encode_stored_item(fixed_item());
  Placeholders placeholders = fixed_placeholders();
  const auto paths = compile_projection(input, placeholders);
  if (!paths) return require_message(paths.error());
  const Projection projection(*paths);
  const Item projected = projection.apply(ItemSource(fixed_item()));
  const ItemView view(stored);
  require(projection.apply(StoredItemSource(view)) == projected,
          "a stored item and the item have the same projection");
  std::string printed;
  ItemPrinter(&projection).append(printed, view);
  require(item_of(printed) == projected, "the printed item equals the projected item");
  for (const auto& [name, value] : projected) {
    const auto& whole = fixed_item().find(name)->second;
    require(type_of(value) == type_of(whole), "a part of a value has its type");
  }
}

}  // namespace pageturner
