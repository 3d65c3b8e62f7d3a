// Why: what a projection shows is read from the item in memory or copied from the stored bytes, and
// both have to be the same. The input is the text of one.
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
          "a stored item shows what the item shows");
  std::string printed;
  ItemPrinter(&projection).append(printed, view);
  require(item_of(printed) == projected, "what is printed is what is shown");
  for (const auto& [name, value] : projected) {
    const auto& whole = fixed_item().find(name)->second;
    require(type_of(value) == type_of(whole), "a part of a value has its type");
  }
}

}  // namespace pageturner
