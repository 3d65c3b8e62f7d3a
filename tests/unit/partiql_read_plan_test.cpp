// Why: users of PartiQL pay for what a WHERE reads, a few keys or the whole table.
// Source: guide, "PartiQL select statements for DynamoDB" (its examples of full scans); recorded
// answers.
#include <gtest/gtest.h>

#include <set>

#include "protocol/expression/condition.h"
#include "protocol/partiql/parser.h"
#include "server/operations/partiql/read_plan.h"
#include "tests/unit/wire.h"

namespace pageturner::partiql {
namespace {

const KeySchema schema{{{"p", ScalarType::s}}, {{"s", ScalarType::n}}};

std::optional<ExpressionNode> where(const std::string& text) {
  return parse_statement("SELECT * FROM t WHERE " + text, {}).value().where;
}

// "x=1 x<2": each read with its partition and the condition on its sort attribute.
std::string format(const ReadPlan& plan) {
  constexpr std::string_view operators[] = {"=", "<", "<=", ">", ">=", "..", "^"};
  if (!plan.is_keyed) return "all";
  std::string text;
  for (const KeySelection& read : plan.reads) {
    if (!text.empty()) text += ' ';
    text += read.partition.front().as<std::string>();
    for (const AttributeValue& value : read.sort_prefix) {
      text += "=" + value.as<Number>().to_string();
    }
    if (!read.sort_last) continue;
    text += operators[static_cast<std::size_t>(read.sort_last->op)];
    text += read.sort_last->values.front()->as<Number>().to_string();
  }
  return plan.needs_filter ? text + " filtered" : text;
}

TEST(ReadPlan, FindsTheReadsOfAWhere) {
  const struct {
    const char* text;
    const char* reads;
  } rows[] = {
      {"p = 'x'", "x"},
      {"'x' = p AND 1 < s", "x>1"},
      {"p = 'x' AND s = 1", "x=1"},
      {"p = 'x' AND s BETWEEN 1 AND 2", "x..1"},
      {"p = 'x' AND a = 1", "x filtered"},
      {"(p = 'x' AND s >= 1) AND a = 1", "x>=1 filtered"},
      {"p = 'x' AND s > 1 AND s <> 5", "x>1 filtered"},
      {"p = 'x' AND s > 1 AND s = 5", "x=5 filtered"},
      {"p = 'x' AND p = 'x'", "x"},
      {"p = 'x' OR p = 'y'", "x y"},
      {"p IN ['x', 'y']", "x y"},
      {"p IN ['x', 'y'] AND s IN [1, 2]", "x=1 x=2 y=1 y=2"},
      {"(p = 'x' OR p = 'y') AND (s < 1 OR s > 2)", "x<1 x>2 y<1 y>2"},
      {"(p = 'x' AND s = 1) OR (p = 'y' AND a = 1)", "x=1 y filtered"},
      {"p = 'x' AND (s = 1 OR a = 1)", "x=1 x filtered"},
      {"p = 'x' AND NOT s = 1 OR p = 'x' AND s = 2", "x filtered"},
      {"p = 'x' AND NOT (a = 1 OR b = 1)", "x filtered"},
      {"p = 'x' AND s = a", "x filtered"},
      {"p > 'x'", "all"},
      {"a = 1", "all"},
      {"p = 'x' OR a = 1", "all"},
      {"p = 'x' OR s = 1", "all"},
      {"NOT p = 'x'", "all"},
      {"p = 'x' AND p = 'y'", "all"},
      {"p = 'x' AND (p = 'y' OR a = 1)", "all"},
      {"p.q = 'x'", "all"},
      {"p = a", "all"},
  };
  for (const auto& row : rows) {
    const auto plan = plan_reads(where(row.text), schema);
    ASSERT_TRUE(plan) << row.text;
    EXPECT_EQ(format(*plan), row.reads) << row.text;
  }
  EXPECT_EQ(format(plan_reads(std::nullopt, schema).value()), "all");
}

// AND multiplies lists: without a limit, to more reads than fit into memory.
TEST(ReadPlan, DoesNotMultiplyWithoutEnd) {
  std::string list = "[0";
  for (int i = 1; i < 100; ++i) list += "," + std::to_string(i);
  list += "]";
  std::string text = "p = 'x'";
  for (int i = 0; i < 20; ++i) text += " AND s IN " + list;
  const auto plan = plan_reads(where(text), schema);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().message, "Too many decomposed read operations for a given query.");
}

// The disjuncts beyond the limit could be the only ones of a partition.
TEST(ReadPlan, LeavesNoPartitionOut) {
  std::string text = "p IN ['x', 'y'] AND s <> 9";
  EXPECT_EQ(format(plan_reads(where(text), schema).value()), "x y filtered");
  for (int i = 0; i < 12; ++i) text += " AND (s = 1 OR s = 2)";
  const auto plan = plan_reads(where(text), schema);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().message, "Too many decomposed read operations for a given query.");
}

// 4,096 disjuncts of a hundred kilobytes each would take gigabytes.
TEST(ReadPlan, CopiesNoLongValues) {
  std::vector<SharedValue> parameters;
  for (int i = 0; i < 25; ++i) {
    parameters.push_back(AttributeValue{std::string(100'000, static_cast<char>('a' + i))});
  }
  const auto plan_of = [&](const std::string& text) {
    static std::optional<ExpressionNode> condition;  // outlives the plan
    condition = parse_statement("SELECT * FROM t WHERE " + text, parameters).value().where;
    return plan_reads(condition, schema).value();
  };
  std::string lists;
  for (int i = 0; i < 11; ++i) lists += " AND (s = ? OR s = ?)";
  // Not keyed: no disjunct is needed.
  EXPECT_TRUE(plan_of("p > ?" + lists).disjuncts.empty());
  EXPECT_TRUE(plan_of("p = ? AND p = ?" + lists).disjuncts.empty());
  // 2,048 disjuncts of 22 conditions: each condition exists once, and is as long as a key.
  const ReadPlan plan = plan_of("p = ? AND s <> ?" + lists);
  EXPECT_EQ(plan.disjuncts.size(), 2048U);
  EXPECT_EQ(format(plan).size(), 2048U + 1 + 16 + std::string(" filtered").size());
  std::set<const KeyCondition*> conditions;
  for (const Disjunct& disjunct : plan.disjuncts) {
    EXPECT_EQ(disjunct.sort.size(), 11U);
    for (const auto& condition : disjunct.sort) conditions.insert(condition.get());
  }
  EXPECT_EQ(conditions.size(), 22U);
  for (const KeyCondition* condition : conditions) {
    EXPECT_LT(size_bytes(condition->values.front()), 2'000U);
  }
}

// A value that is too long for a key selects the keys that it would select.
TEST(ReadPlan, ShortensValuesThatNoKeyHas) {
  const std::string longest(1024, 'm');
  const std::vector<SharedValue> parameters = {AttributeValue{longest + "a"},
                                               AttributeValue{longest + "mb"}};
  const auto where_of = [&](const std::string& text) {
    return parse_statement("SELECT * FROM t WHERE p = 'x' AND " + text, parameters).value().where;
  };
  for (const char* text : {"s < ?", "s >= ?", "s BETWEEN ? AND ?", "s = ?"}) {
    const auto condition = where_of(text);
    const ReadPlan plan = plan_reads(condition, schema).value();
    const KeyCondition& shortened = *plan.disjuncts.front().sort.front();
    for (const std::string& key :
         std::vector<std::string>{"l", "m", longest, longest.substr(1) + "n", "n"}) {
      const Item item = {{"p", AttributeValue{std::string("x")}}, {"s", AttributeValue{key}}};
      EXPECT_EQ(satisfies(AttributeValue{key}, shortened),
                evaluate_condition(*condition, ItemSource(item)))
          << text << key;
    }
  }
  const auto distinct = where_of("s IN [?, ?]");
  const ReadPlan plan = plan_reads(distinct, schema).value();
  EXPECT_NE(plan.disjuncts[0].sort[0], plan.disjuncts[1].sort[0]);
}

TEST(ReadPlan, FindsTheItemOfAWrite) {
  const struct {
    const char* text;
    const char* key;
    bool is_whole;
    bool has_condition;
    bool is_named_twice;
  } rows[] = {
      {"p = 'x' AND s = 1", R"({"p":{"S":"x"},"s":{"N":"1"}})", true, false, false},
      {"(p = 'x' AND a = 1) AND 1 = s", R"({"p":{"S":"x"},"s":{"N":"1"}})", true, true, false},
      {"p = 'x' AND s = 1 AND p = 'x'", R"({"p":{"S":"x"},"s":{"N":"1"}})", true, false, false},
      {"p = 'x' AND s = 1 AND p = 'y'", R"({"p":{"S":"x"},"s":{"N":"1"}})", true, true, true},
      {"p = 'x'", R"({"p":{"S":"x"}})", false, false, false},
      {"p IN ['x'] AND s = 1", R"({"s":{"N":"1"}})", false, true, false},
      {"p = 'x' AND s = 1 OR a = 1", "{}", false, true, false},
  };
  for (const auto& row : rows) {
    const WriteTarget target = find_target(where(row.text), schema);
    EXPECT_EQ(wire_of(target.key), row.key) << row.text;
    EXPECT_EQ(target.is_whole, row.is_whole) << row.text;
    EXPECT_EQ(target.condition.has_value(), row.has_condition) << row.text;
    EXPECT_EQ(target.named_twice.has_value(), row.is_named_twice) << row.text;
  }
}

}  // namespace
}  // namespace pageturner::partiql
