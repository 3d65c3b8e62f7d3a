// Why: users write statements by hand, and the key in a statement decides which items are read and
// written. The input is the text of a statement; the parameters are fixed. The planned reads must
// contain all items that satisfy the WHERE, and written items must be valid to store.
#include <algorithm>

#include "protocol/expression/condition.h"
#include "protocol/expression/update.h"
#include "protocol/json.h"
#include "protocol/limits.h"
#include "protocol/partiql/parser.h"
#include "server/operations/partiql/read_plan.h"
#include "storage/key_range.h"
#include "storage/stored_item.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

using partiql::ReadPlan;
using partiql::Statement;

const std::vector<SharedValue>& parameters() {
  static const std::vector<SharedValue> values = [] {
    std::vector<SharedValue> all;
    // In the order of the names, so that the first parameters are valid key values.
    for (auto& [name, value] : item_of(R"({"01":{"S":"p"},"02":{"N":"1"},"03":{"S":"q"},
           "04":{"N":"-3.5"},"05":{"S":"text"},"06":{"BOOL":true},"07":{"SS":["a","c"]},
           "08":{"L":[{"S":"a"},{"N":"1"}]},"09":{"M":{"x":{"N":"1"}}},"10":{"NULL":true},
           "11":{"B":"AAH/"},"12":{"NS":["1","3"]},"13":{"N":"9e125"},"14":{"S":""}})")) {
      all.push_back(std::move(value));
    }
    return all;
  }();
  return values;
}

const KeySchema& schema() {
  static const KeySchema key = {{{"pk", ScalarType::s}}, {{"sk", ScalarType::n}}};
  return key;
}
const KeyLayout& layout() {
  static const KeyLayout key = {1, schema().partition, schema().sort, {}};
  return key;
}

// Items of two partitions, with and without other attributes.
const std::vector<Item>& items() {
  static const std::vector<Item> all = [] {
    std::vector<Item> made;
    for (const char* pk : {"p", "q"}) {
      for (const char* sk : {"-3.5", "1", "2"}) {
        Item item = made.size() % 2 == 0 ? fixed_item() : Item();
        const Item key =
            item_of(R"({"pk":{"S":")" + std::string(pk) + R"("},"sk":{"N":")" + sk + "\"}}");
        for (const auto& [name, value] : key) item[name] = value;
        made.push_back(std::move(item));
      }
    }
    return made;
  }();
  return all;
}

bool has_key(const Item& item, const Item& key) {
  return std::all_of(key.begin(), key.end(), [&](const auto& attribute) {
    const auto found = item.find(attribute.first);
    return found != item.end() && found->second == attribute.second;
  });
}

std::size_t depth(const ExpressionNode& node) {
  std::size_t deepest = 0;
  for (const ExpressionNode& operand : node.operands) deepest = std::max(deepest, depth(operand));
  return deepest + 1;
}

bool same(const ExpressionNode& left, const ExpressionNode& right) {
  return left.kind == right.kind && left.function == right.function &&
         left.comparator == right.comparator && left.arithmetic == right.arithmetic &&
         left.text == right.text && left.path == right.path && left.value == right.value &&
         std::equal(left.operands.begin(), left.operands.end(), right.operands.begin(),
                    right.operands.end(), same);
}

bool same(const std::optional<ExpressionNode>& left, const std::optional<ExpressionNode>& right) {
  return left.has_value() == right.has_value() && (!left || same(*left, *right));
}

bool same(const Statement& left, const Statement& right) {
  const auto same_action = [](const UpdateAction& one, const UpdateAction& other) {
    return one.kind == other.kind && one.path == other.path && same(one.value, other.value);
  };
  const auto column_count = [](const Statement& statement) {
    return statement.columns ? statement.columns->size() : 0;
  };
  return left.kind == right.kind && left.table == right.table && left.index == right.index &&
         column_count(left) == column_count(right) && same(left.where, right.where) &&
         left.order_by.size() == right.order_by.size() && left.item == right.item &&
         std::equal(left.update.begin(), left.update.end(), right.update.begin(),
                    right.update.end(), same_action) &&
         left.returning == right.returning;
}

void check_reads(const ExpressionNode& where, const ReadPlan& plan) {
  require(plan.reads.size() <= limits::partiql_reads_max, "the number of reads is limited");
  std::vector<KeyRange> ranges;
  for (const KeySelection& read : plan.reads) ranges.push_back(range_of(layout(), read));
  for (const Item& item : items()) {
    const std::string key = *encode_key(layout(), ItemSource(item));
    const bool is_read = std::any_of(ranges.begin(), ranges.end(),
                                     [&](const KeyRange& range) { return range.contains(key); });
    const bool is_match = evaluate_condition(where, ItemSource(item));
    require(is_read || !is_match, "every item that satisfies the WHERE is read");
    require(plan.needs_filter || is_read == is_match, "without a filter no other item is read");
  }
}

void check_plan(const Statement& statement) {
  const auto plan = partiql::plan_reads(statement.where, schema());
  if (!plan) return require_message(plan.error());
  const auto types = partiql::check_key_types(*plan, schema());
  if (!types) return require_message(types.error());
  if (const auto order = partiql::check_order(statement, *plan, schema()); !order) {
    require_message(order.error());
  }
  if (statement.where && plan->is_keyed) check_reads(*statement.where, *plan);
  const auto key = partiql::whole_key(*plan, schema());
  if (!key) return require_message(key.error());
  if (!*key) return;
  for (const Item& item : items()) {
    require(evaluate_condition(*statement.where, ItemSource(item)) == has_key(item, **key),
            "a WHERE with a complete key selects that item");
  }
}

void check_target(const ExpressionNode& where) {
  const partiql::WriteTarget target = partiql::find_target(where, schema());
  if (!target.is_whole || target.named_twice) return;
  for (const Item& item : items()) {
    const bool is_target =
        has_key(item, target.key) &&
        (!target.condition || evaluate_condition(*target.condition, ItemSource(item)));
    require(is_target == evaluate_condition(where, ItemSource(item)),
            "a write changes the item of its WHERE");
  }
}

void check_can_be_kept(const Item& item) {
  if (nesting_levels(item) > limits::nesting_levels_below_item_max) return;
  require(item_of(wire_of(item)) == item, "an item can be read");
  require(decode_stored_item(ItemView(encode_stored_item(item))) == item, "an item can be stored");
}

// A statement arrives inside JSON, which must be valid UTF-8.
bool is_utf8(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return JsonDocument::parse(json).has_value();
}

// A statement may have white space and comments around it.
void check_surrounded(std::string_view text, const Statement& statement) {
  const auto again =
      partiql::parse_statement("/* c */\n\t" + std::string(text) + "\n-- c", parameters());
  require(again.has_value() && same(*again, statement), "white space has no effect");
}

}  // namespace

void fuzz_one(std::string_view input) {
  if (!is_utf8(input)) return;
  const auto statement = partiql::parse_statement(input, parameters());
  if (!statement) return require_message(statement.error());
  check_surrounded(input, *statement);
  if (statement->where) {
    require(
        depth(*statement->where) <= limits::partiql_depth_max + limits::expression_operators_max,
        "the depth of a condition is limited");
    check_target(*statement->where);
  }
  check_plan(*statement);
  check_can_be_kept(statement->item);
  for (const Item& item : items()) {
    const auto changes = apply_update(statement->update, ItemSource(item));
    if (!changes) {
      require_message(changes.error());
    } else {
      check_can_be_kept(changed(item, *changes));
    }
  }
}

}  // namespace pageturner
