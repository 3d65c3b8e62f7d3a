// Why: an item is stored as its wire JSON and copied into responses, so parsing, writing and
// storing must not change it. The input is JSON text, which may be an item.
#include "protocol/json.h"

#include "protocol/attribute_value_json.h"
#include "protocol/limits.h"
#include "protocol/model/shapes.h"
#include "storage/item_printer.h"
#include "storage/stored_item.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

bool is_same(JsonValue left, JsonValue right) {
  if (left.kind() != right.kind() || left.size() != right.size()) return false;
  if (left.as_string() != right.as_string() || left.as_integer() != right.as_integer() ||
      left.as_boolean() != right.as_boolean()) {
    return false;
  }
  const JsonElements left_elements = left.elements();
  const JsonMembers left_members = left.members();
  return std::equal(left_elements.begin(), left_elements.end(), right.elements().begin(),
                    is_same) &&
         std::equal(left_members.begin(), left_members.end(), right.members().begin(),
                    [](const JsonMember& one, const JsonMember& other) {
                      return one.name == other.name && is_same(one.value, other.value);
                    });
}

// Returns whether `json` has the types of an item, which parse_item requires.
bool is_item_shaped(JsonValue json) {
  for (const ShapeMember& member : shapes::put_item_input.members) {
    if (member.name == "Item") return check_types(json, *member.shape).has_value();
  }
  return false;
}

void check_stored(const Item& item) {
  const std::string stored = encode_stored_item(item);
  const ItemView view(stored);
  require(decode_stored_item(view) == item, "a stored item decodes to the original");
  require(view.size_bytes() == item_size_bytes(item), "a stored item has the size of the item");
  require(view.attribute_count() == item.size(), "a stored item has all attributes");
  const StoredItemSource source(view);
  for (const auto& [name, value] : item) {
    const AttributeValue* found = source.find(name);
    require(found != nullptr && *found == value, "a stored item finds its attributes");
  }
  require(encode_stored_item(decode_stored_item(view)) == stored, "items have one stored form");
}

void check_item(JsonValue json) {
  const auto item = parse_item(json);
  if (!item) {
    require(parse_stored_item(json).error().message == item.error().message,
            "all parsers reject the same items");
    return require_message(item.error());
  }
  require(nesting_levels(*item) <= limits::nesting_levels_below_item_max,
          "the nesting of an item is within the limit");
  const std::string text = wire_of(*item);
  const auto document = JsonDocument::parse(text);
  require(document.has_value() && is_item_shaped(document->root()), "wire form has its types");
  const auto again = parse_item(document->root());
  require(again.has_value() && *again == *item, "the wire form of an item parses to the item");
  require(wire_of(*again) == text, "an item has one wire form");
  check_stored(*item);
  require(parse_stored_item(json).value() == encode_stored_item(*item),
          "all parsers give the same stored item");
}

}  // namespace

void fuzz_one(std::string_view input) {
  const auto document = JsonDocument::parse(input);
  if (!document) return;
  std::string text;
  document->root().write(text);
  const auto again = JsonDocument::parse(text);
  require(again.has_value() && is_same(again->root(), document->root()),
          "written JSON equals the parsed JSON");
  if (is_item_shaped(document->root())) check_item(document->root());
}

}  // namespace pageturner
