// Why: a key condition selects the keys that a Query reads. The input is the text of one. For every
// key schema that accepts it, its range must contain exactly the keys of the items that satisfy it
// as a condition.
#include "protocol/expression/key_condition.h"

#include <array>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/condition.h"
#include "storage/key_range.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

const KeyAttribute pk = {"pk", ScalarType::s};
const KeyAttribute n = {"n", ScalarType::n};
const KeyAttribute s = {"s", ScalarType::s};
const KeyAttribute b = {"b", ScalarType::b};

// One sort attribute of each type, no sort attribute, and a global index with two HASH and two
// RANGE attributes.
const std::array<KeyLayout, 5> layouts = {{{1, {pk}, {n}, {}},
                                           {2, {pk}, {s}, {}},
                                           {3, {pk}, {b}, {}},
                                           {4, {pk}, {}, {}},
                                           {5, {pk, n}, {s, b}, {pk}}}};

// Items with values just below, at and just above those of the placeholders.
std::vector<Item> make_items() {
  std::vector<Item> items;
  for (const std::string_view partition : {"text", "te"}) {
    for (const std::string_view number : {"-5", "5", "7.5"}) {
      for (const std::string_view text : {"te", "text", "tf"}) {
        for (const std::string& bytes :
             {std::string(1, '\0'), std::string("\0\1\xFF", 3), std::string("\0\1\xFF\0", 4)}) {
          items.push_back({{"pk", {std::string(partition)}},
                           {"n", {Number::parse(number).value()}},
                           {"s", {std::string(text)}},
                           {"b", {Binary{bytes}}}});
        }
      }
    }
  }
  return items;
}

void check_layout(const ExpressionNode& expression, const std::vector<KeyCondition>& conditions,
                  const KeyLayout& layout) {
  static const std::vector<Item> items = make_items();
  const auto selection = select_keys(conditions, {layout.partition, layout.sort});
  if (!selection) return require_message(selection.error());
  const KeyRange range = range_of(layout, *selection);
  for (const Item& item : items) {
    const ItemSource source(item);
    require(range.contains(encode_key(layout, source).value()) ==
                evaluate_condition(expression, source),
            "a range contains the items that satisfy its condition");
  }
}

}  // namespace

void fuzz_one(std::string_view input) {
  Placeholders placeholders = fixed_placeholders();
  const auto expression =
      compile_condition(ExpressionParameter::key_condition, input, placeholders);
  if (!expression) return require_message(expression.error());
  const auto conditions = key_conditions_of(*expression);
  if (!conditions) return require_message(conditions.error());
  for (const KeyLayout& layout : layouts) check_layout(*expression, *conditions, layout);
}

}  // namespace pageturner
