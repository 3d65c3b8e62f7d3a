// Why: a filter is evaluated on up to 500,000 items of a page, so it must not look attributes up or
// walk lists of IN more often than needed. The result must be that of evaluate_condition().
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "protocol/expression/condition.h"
#include "protocol/expression/legacy.h"
#include "storage/stored_item.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

// Counts how often each attribute is looked up.
class CountingSource final : public AttributeSource {
 public:
  explicit CountingSource(const Item& item) : item_(item) {}
  const AttributeValue* find(std::string_view name) const override {
    ++lookups_[std::string(name)];
    return item_.find(name);
  }
  bool visit_names(absl::FunctionRef<void(std::string_view)> visit) const override {
    return item_.visit_names(visit);
  }
  const std::map<std::string, int>& lookups() const { return lookups_; }

 private:
  ItemSource item_;
  mutable std::map<std::string, int> lookups_;
};

std::string joined(int count, const std::string& separator, const std::string& text) {
  std::string all = text;
  for (int i = 1; i < count; ++i) all += separator + text;
  return all;
}

TEST(PreparedCondition, LooksEachAttributeUpOnce) {
  const std::string list = "p IN (" + joined(99, ",", "a") + ")";
  const PreparedCondition condition = condition_of(joined(19, " OR ", list));
  const Item item = item_of(R"({"p":{"S":"x"},"a":{"S":"y"}})");
  const CountingSource source(item);
  EXPECT_FALSE(condition.evaluate(source));
  EXPECT_EQ(source.lookups(), (std::map<std::string, int>{{"a", 1}, {"p", 1}}));
}

// 3,000 legacy conditions on an item with two attributes.
TEST(PreparedCondition, EvaluatesOnlyConditionsOnAttributesThatAreThere) {
  std::string filter = R"({"p":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"x"}]})";
  for (int i = 0; i < 3'000; ++i) {
    filter += ",\"n" + std::to_string(i) +
              R"(":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"x"}]})";
  }
  filter += "}";
  const auto document = JsonDocument::parse(filter);
  const PreparedCondition any = parse_filter(document.value().root(), "OR").value().value();
  const PreparedCondition all = parse_filter(document.value().root(), "AND").value().value();
  const Item item = item_of(R"({"p":{"S":"y"},"a":{"S":"x"}})");
  const CountingSource source(item);
  EXPECT_FALSE(any.evaluate(source));
  EXPECT_EQ(source.lookups(), (std::map<std::string, int>{{"p", 1}}));
  EXPECT_FALSE(all.evaluate(source));
  EXPECT_EQ(source.lookups(), (std::map<std::string, int>{{"p", 1}}));
}

TEST(PreparedCondition, HasTheResultOfItsExpression) {
  const std::string values = R"({":s":{"S":"s"},":t":{"S":"t"},":n":{"N":"1"},":b":{"B":"AA=="},
      ":l":{"L":[{"S":"s"}]},":set":{"SS":["s","t"]},":null":{"NULL":true},":bool":{"BOOL":true}})";
  const std::string operands[] = {"a",  "b",  "c",  "m.a",  "l[0]",  ":s",    ":t",
                                  ":n", ":b", ":l", ":set", ":null", ":bool", "size(a)"};
  const std::string attribute_values[] = {R"({"S":"s"})",
                                          R"({"N":"1"})",
                                          R"({"B":"AA=="})",
                                          R"({"SS":["s","t"]})",
                                          R"({"NULL":true})",
                                          R"({"BOOL":true})",
                                          R"({"M":{"a":{"S":"s"}}})",
                                          R"({"L":[{"L":[{"S":"s"}]}]})"};
  std::mt19937 random(1);
  const auto operand = [&] { return operands[random() % std::size(operands)]; };
  const auto comparison = [&]() -> std::string {
    switch (random() % 6) {
      case 0:
        return "attribute_exists(a)";
      case 1:
        return "attribute_not_exists(m.a)";
      case 2:
        return "contains(b, :s)";
      case 3:
        return "NOT a <> " + std::string(random() % 2 == 0 ? "b" : ":t");
      case 4:
        return "c = " + std::string(random() % 2 == 0 ? ":s" : "m.a");
    }
    std::string list = "a IN (b";
    for (unsigned i = random() % 20; i > 0; --i) {
      const std::string next = operand();
      if (next != "a") list += "," + next;
    }
    return list + ")";
  };
  for (int i = 0; i < 400; ++i) {
    const std::string glue = random() % 2 == 0 ? " AND " : " OR ";
    std::string text = comparison();
    for (unsigned j = random() % 60; j > 0; --j) text += glue + comparison();
    Placeholders placeholders = placeholders_of("", values).value();
    const auto parsed = compile_condition(ExpressionParameter::filter, text, placeholders);
    if (!parsed) continue;  // too long
    const PreparedCondition prepared = *parsed;
    for (int j = 0; j < 20; ++j) {
      Item item;
      for (const char* name : {"a", "b", "c", "m", "l"}) {
        if (random() % 2 == 0) continue;
        item.emplace(name, value_of(attribute_values[random() % std::size(attribute_values)]));
      }
      const std::string stored = encode_stored_item(item);
      const bool expected = evaluate_condition(*parsed, ItemSource(item));
      EXPECT_EQ(prepared.evaluate(ItemSource(item)), expected) << text << wire_of(item);
      EXPECT_EQ(prepared.evaluate(StoredItemSource(ItemView(stored))), expected) << text;
    }
  }
}

// A name with escapes is listed as it is.
TEST(PreparedCondition, ListsTheNamesOfStoredItems) {
  const Item item = item_of(R"({"a":{"S":"x"},"q\"\\\u0001\n":{"S":"x"},"ü":{"S":"x"}})");
  const std::string stored = encode_stored_item(item);
  std::map<std::string, int> names;
  EXPECT_TRUE(StoredItemSource(ItemView(stored)).visit_names([&](std::string_view name) {
    ++names[std::string(name)];
  }));
  EXPECT_EQ(names, (std::map<std::string, int>{{"a", 1}, {"q\"\\\x01\n", 1}, {"ü", 1}}));
}

// More attributes than are searched one by one.
TEST(StoredItemSource, FindsEachOfManyAttributes) {
  Item item;
  for (int i = 0; i < 100; ++i) item.emplace("n" + std::to_string(i), AttributeValue{Number()});
  const std::string stored = encode_stored_item(item);
  const StoredItemSource source{ItemView(stored)};
  std::map<std::string, const AttributeValue*> found;
  for (const auto& [name, value] : item) {
    found[name] = source.find(name);
    ASSERT_NE(found[name], nullptr) << name;
    EXPECT_EQ(*found[name], value) << name;
  }
  for (const auto& [name, value] : item) EXPECT_EQ(source.find(name), found[name]) << name;
  EXPECT_EQ(source.find("absent"), nullptr);
}

}  // namespace
}  // namespace pageturner
