// Why: an update of 4 KB can make an item a thousand times as large as it may be. Its size and its
// levels must be known, and be right, before the item is built.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "protocol/expression/update.h"
#include "protocol/limits.h"
#include "storage/stored_item.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr const char* item_json =
    R"({"p":{"S":"x"},"n":{"N":"7"},"ss":{"SS":["a","bb"]},"one":{"SS":["a"]},"bs":{"BS":["AA=="]},
        "l":{"L":[{"N":"1"},{"L":[{"S":"deep"}]},{"S":"three"}]},"m":{"M":{"x":{"S":"y"},
        "k":{"M":{"l":{"L":[]}}}}}})";
constexpr const char* values_json =
    R"({":s":{"S":"text"},":n":{"N":"-12.5"},":l":{"L":[{"S":"a"},{"M":{"x":{"L":[]}}}]},
        ":ss":{"SS":["a","c"]},":bs":{"BS":["AA==","AQ=="]}})";

Update update_of(const std::string& text, const char* values = values_json) {
  Placeholders placeholders = placeholders_of("", values).value();
  return compile_update(text, placeholders).value();
}

TEST(EvaluatedUpdate, KnowsWhatItBuilds) {
  const Item item = item_of(item_json);
  const ItemSource source(item);
  for (const char* text :
       {"SET n = :n", "SET n = n + :n", "SET fresh = :s", "SET fresh = l, l = :s", "SET m.x = :l",
        "SET m.fresh = m, l[0] = :s, l[9] = :l, l[7] = n", "SET m.k.l = list_append(m.k.l, l)",
        "SET fresh = list_append(if_not_exists(absent, l), :l)", "SET l = if_not_exists(absent, m)",
        "REMOVE n, absent", "REMOVE l[0], l[1], l[8], m.x", "REMOVE m.k, m.absent",
        "ADD n :n, absent :n", "ADD ss :ss", "ADD absent :ss, bs :bs", "DELETE ss :ss",
        "DELETE one :ss", "DELETE bs :bs, absent :ss",
        "SET l[1] = :s REMOVE l[0] ADD fresh :n DELETE one :ss"}) {
    const Update update = update_of(text);
    auto evaluated = EvaluatedUpdate::evaluate(update, source);
    ASSERT_TRUE(evaluated) << text << ": " << evaluated.error().message;
    const int levels = evaluated->nesting_levels();
    const auto size = evaluated->updated_size_bytes(item_size_bytes(item), 1'000);
    const AttributeChanges changes = evaluated->build();
    Item updated = item;
    int built_levels = 0;
    for (const auto& [name, value] : changes) {
      updated.erase(name);
      if (!value) continue;
      updated.emplace(name, *value);
      built_levels = std::max(built_levels, nesting_levels(*value));
    }
    EXPECT_EQ(size, item_size_bytes(updated)) << text;
    EXPECT_LE(levels, built_levels) << text;
    EXPECT_LE(built_levels, std::max(levels, nesting_levels(item))) << text;
  }
}

TEST(EvaluatedUpdate, RefusesWhatIsTooLarge) {
  const Item item = item_of(item_json);
  const std::size_t size = item_size_bytes(item);
  const Update update = update_of("SET fresh = :s");
  const std::size_t grown = size + std::string("freshtext").size();
  const auto updated_size = [&](std::size_t size_max) {
    return EvaluatedUpdate::evaluate(update, ItemSource(item))
        .value()
        .updated_size_bytes(size, size_max);
  };
  EXPECT_EQ(updated_size(grown), grown);
  EXPECT_EQ(updated_size(grown - 1), std::nullopt);
}

// The values of the changes, before they are built, are those of the item and of the update.
TEST(EvaluatedUpdate, CopiesNoValue) {
  const Item item = item_of(item_json);
  const Update update = update_of("SET a = l, b = :l, c = if_not_exists(m, :l)");
  const ItemSource source(item);
  const auto evaluated = EvaluatedUpdate::evaluate(update, source).value();
  EXPECT_EQ(evaluated.find("a"), &item.at("l"));
  EXPECT_EQ(evaluated.find("b"), &update[1].value.value.get());
  EXPECT_EQ(evaluated.find("c"), &item.at("m"));
  EXPECT_EQ(evaluated.find("n"), &item.at("n"));
}

// A value of the request is shared by all its uses.
TEST(SharedValue, IsCopiedOnce) {
  const std::string values = R"({":v":{"S":")" + std::string(1'000, 'x') + R"("},":l":{"L":[]}})";
  for (const char* text : {"a = :v OR b = :v", "a = :l OR b = :l"}) {
    const ExpressionNode node = condition_of(text, values);
    EXPECT_EQ(&node.operands[0].operands[1].value.get(), &node.operands[1].operands[1].value.get())
        << text;
    const ExpressionNode copy = node;
    EXPECT_EQ(&copy.operands[0].operands[1].value.get(), &node.operands[0].operands[1].value.get())
        << text;
  }
}

}  // namespace
}  // namespace pageturner
