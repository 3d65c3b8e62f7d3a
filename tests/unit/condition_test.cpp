// Why: a condition that is true for a wrong item loses an update; one that is false hides an item.
// Source: guide, "Comparison operator and function reference"; for the cases that it does not cover
// (absent attributes, different types), answers recorded on the service.
#include "protocol/expression/condition.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr const char* item_json = R"({
  "n":{"N":"10"}, "n10":{"N":"1e1"}, "n9":{"N":"9"}, "neg":{"N":"-1"},
  "s":{"S":"abc"}, "s2":{"S":"abd"}, "s10":{"S":"10"}, "es":{"S":""}, "emoji":{"S":"é😀"},
  "b":{"B":"AAECgA=="}, "bt":{"BOOL":true}, "bf":{"BOOL":false}, "nil":{"NULL":true},
  "ss":{"SS":["b","a"]}, "ns":{"NS":["1","2.5"]}, "bs":{"BS":["AA==","AQ=="]},
  "l":{"L":[{"S":"x"},{"N":"1"},{"L":[{"S":"deep"}]},{"SS":["p","q"]}]},
  "m":{"M":{"k":{"S":"v"},"mm":{"M":{"ll":{"L":[{"N":"5"}]}}},"a.b":{"S":"dotted"}}},
  "el":{"L":[]}, "em":{"M":{}}})";

constexpr const char* values_json = R"({
  ":1":{"N":"1"}, ":5":{"N":"5"}, ":10":{"N":"10.0"}, ":11":{"N":"11"}, ":0":{"N":"0"}, ":2":{"N":"2"},
  ":3":{"N":"3"}, ":4":{"N":"4"}, ":25":{"N":"2.50"},
  ":abc":{"S":"abc"}, ":ab":{"S":"ab"}, ":bc":{"S":"bc"}, ":z":{"S":"z"}, ":s10":{"S":"10"}, ":e":{"S":""},
  ":a":{"S":"a"}, ":x":{"S":"x"}, ":v":{"S":"v"}, ":b":{"B":"AAE="}, ":b0":{"B":"AA=="}, ":bhigh":{"B":"gA=="},
  ":b7f":{"B":"fw=="},
  ":t":{"BOOL":true}, ":f":{"BOOL":false}, ":nil":{"NULL":true}, ":ss":{"SS":["a","b"]}, ":ns":{"NS":["2.5","1"]},
  ":pq":{"SS":["q","p"]}, ":deep":{"L":[{"S":"deep"}]}, ":map":{"M":{}},
  ":S":{"S":"S"}, ":N":{"S":"N"}, ":B":{"S":"B"}, ":BOOL":{"S":"BOOL"}, ":NULL":{"S":"NULL"}, ":SS":{"S":"SS"},
  ":NS":{"S":"NS"}, ":BS":{"S":"BS"}, ":L":{"S":"L"}, ":M":{"S":"M"}})";

bool evaluate(std::string_view text) {
  const auto node = condition_of(text, values_json, R"({"#dotted":"a.b"})");
  return evaluate_condition(node, ItemSource(item_of(item_json)));
}

void expect(bool expected, const std::vector<const char*>& conditions) {
  for (const char* condition : conditions) EXPECT_EQ(evaluate(condition), expected) << condition;
}

TEST(Condition, ComparesEqualValues) {
  expect(true,
         {"n = :10", "n = n10", ":10 = n", "s = :abc", "bt = :t", "nil = :nil", "ss = :ss",
          "ns = :ns", "l[3] = :pq", "l[2] = :deep", "em = :map", "es = :e", "n <> n9", "bt <> :f"});
  expect(false, {"n <> :10", "n = n9", "s = s2", "bt = bf", "ss <> :ss", "el = em"});
}

TEST(Condition, FindsValuesOfOtherTypesUnequal) {
  expect(false, {"n = s10", "s10 = :10", "n = :s10", "nil = :f", "el = :map", "b = :ab"});
  expect(true, {"n <> s10", "s10 <> :10", "nil <> :f", "el <> :map", "ss <> ns"});
}

TEST(Condition, OrdersScalarsOfOneType) {
  expect(true, {"n > n9", "n9 < n", "n >= n10", "n <= n10", "neg < :0", "s < s2", "s2 > s",
                "s <= :abc", "s > :ab", "es < :a", "b > :b", "b < :bhigh", ":bhigh > :b7f"});
  expect(false, {"n < n9", "n > n10", "n < n10", "s > s2", "s < :abc", "s10 < :1"});
}

TEST(Condition, FindsNoOrderBetweenOtherTypes) {
  expect(false, {"n < s10", "n > s10", "n <= s10", "n >= s10", "s10 < :11", "s10 > :0", "b < :abc",
                 "b > :ab", "bt < bf", "bt > bf", "bt >= bf", "nil <= bf", "ss < ns", "l > el",
                 "em >= m", "bt < :1"});
  expect(true, {"NOT n < s10", "NOT bt >= bf"});
}

TEST(Condition, TakesAMissingAttributeForUnequalToAll) {
  expect(false, {"gone = :1", "gone = also_gone", "gone < :1", "gone > :1", "gone <= also_gone",
                 "gone BETWEEN :0 AND :1", ":1 BETWEEN gone AND :2", "gone IN (:1, also_gone)",
                 "m.gone = :1", "l[9] = :1", "s.k = :v", "n[0] = :1", "m[0] = :v", "l.k = :v"});
  expect(true, {"gone <> :1", "gone <> also_gone", ":1 <> gone", "NOT gone = :1", "NOT gone < :1"});
}

TEST(Condition, IncludesTheBoundsOfBetween) {
  expect(true, {"n BETWEEN :10 AND :11", "n BETWEEN n9 AND :10", "s BETWEEN :ab AND :abc",
                "b BETWEEN :b AND :bhigh", ":5 BETWEEN n9 AND n OR n BETWEEN n9 AND :11"});
  expect(false, {"n9 BETWEEN :10 AND :11", "n BETWEEN :0 AND :5", "n BETWEEN :abc AND :z",
                 "n9 BETWEEN n AND :1", "n BETWEEN :11 AND n9", "n9 BETWEEN s AND n"});
}

TEST(Condition, FindsValuesInLists) {
  expect(true, {"n IN (:1, :10)", "n IN (:abc, n10)", "s IN (:abc)", "ss IN (:1, :ss)",
                "nil IN (:nil)", "NOT s IN (:ab)", ":1 IN (l[1])"});
  expect(false, {"n IN (:1, :s10)", "s IN (:ab, :z, n)"});
}

TEST(Condition, JoinsByTruth) {
  expect(true, {"n = :10 AND s = :abc", "n = :1 OR s = :abc", "n = :10 OR s = :z", "NOT n = :1",
                "NOT (n = :1 OR s = :z)", "NOT (n = :10 AND s = :z)", "NOT NOT n = :10",
                "n = :10 OR n = :1 AND s = :z", "NOT n = :1 AND s = :abc"});
  expect(false, {"n = :10 AND s = :z", "n = :1 AND s = :abc", "n = :1 OR s = :z", "NOT n = :10",
                 "(n = :10 OR n = :1) AND s = :z", "NOT (n = :10 AND s = :abc)"});
}

TEST(Condition, ReachesIntoDocuments) {
  expect(true, {"m.k = :v", "l[0] = :x", "l[1] = :1", "m.mm.ll[0] = :5", "m.#dotted <> :v",
                "l[2][0] > :a", "l[3] = :pq"});
}

TEST(Condition, KnowsWhatExists) {
  expect(true, {"attribute_exists(n)", "attribute_exists(nil)", "attribute_exists(es)",
                "attribute_exists(m.mm.ll[0])", "attribute_exists(m.#dotted)",
                "attribute_not_exists(gone)", "attribute_not_exists(m.gone)",
                "attribute_not_exists(l[4])", "attribute_not_exists(n.k)",
                "attribute_not_exists(gone.k[0])"});
  expect(false, {"attribute_exists(gone)", "attribute_exists(l[4])", "attribute_not_exists(nil)",
                 "attribute_not_exists(l[0])"});
}

TEST(Condition, KnowsTypes) {
  const std::vector<std::pair<std::string, std::string>> types = {
      {"s", ":S"},   {"n", ":N"},   {"b", ":B"},   {"bt", ":BOOL"}, {"nil", ":NULL"},
      {"ss", ":SS"}, {"ns", ":NS"}, {"bs", ":BS"}, {"l", ":L"},     {"m", ":M"}};
  for (const auto& [attribute, descriptor] : types) {
    for (const auto& [other, other_descriptor] : types) {
      EXPECT_EQ(evaluate("attribute_type(" + attribute + ", " + other_descriptor + ")"),
                attribute == other)
          << attribute << " " << other_descriptor;
    }
  }
  expect(true, {"attribute_type(:5, :N)", "attribute_type(m.k, :S)"});
  expect(false, {"attribute_type(gone, :S)"});
}

TEST(Condition, KnowsBeginnings) {
  expect(true, {"begins_with(s, :ab)", "begins_with(s, :abc)", "begins_with(s, :e)",
                "begins_with(b, :b)", "begins_with(:abc, m.k) OR begins_with(:abc, :a)",
                "begins_with(es, :e)", "begins_with(s, es)"});
  expect(false, {"begins_with(s, :bc)", "begins_with(s, s2)", "begins_with(n, :s10)",
                 "begins_with(s10, n)", "begins_with(b, :ab)", "begins_with(gone, :e)",
                 "begins_with(s, gone)", "begins_with(ss, :a)", "begins_with(l, :x)"});
}

TEST(Condition, KnowsContents) {
  expect(true,
         {"contains(s, :bc)", "contains(s, :e)", "contains(b, :b)", "contains(b, :bhigh)",
          "contains(ss, :a)", "contains(ns, :25)", "contains(bs, :b0)", "contains(l, :x)",
          "contains(l, :1)", "contains(l, :deep)", "contains(l, :pq)", "contains(:abc, :bc)"});
  expect(false, {"contains(s, :z)", "contains(s, :1)", "contains(s10, :1)", "contains(n, :1)",
                 "contains(ss, :ab)", "contains(ss, :1)", "contains(ns, :5)", "contains(ns, :s10)",
                 "contains(bs, :b)", "contains(l, :v)", "contains(l, :5)", "contains(m, :v)",
                 "contains(gone, :a)", "contains(ss, gone)", "contains(ss, :ss)",
                 "contains(bt, :t)", "contains(el, :x)"});
}

TEST(Condition, MeasuresSizes) {
  expect(true,
         {"size(s) = :3", "size(es) = :0", "size(b) = :4", "size(ss) = :2", "size(ns) = :2",
          "size(bs) = :2", "size(l) = :4", "size(el) = :0", "size(m) = :3", "size(em) = :0",
          "size(m.mm) = :1", "size(s) > size(ss)", "size(:abc) = :3", "size(s) BETWEEN :2 AND :4",
          "size(s) IN (:1, :3)", "size(emoji) = :3"});  // UTF-16 units
}

TEST(Condition, FindsNoSizeInScalarsWithoutOne) {
  expect(false, {"size(n) = :2", "size(n) > :0", "size(bt) >= :0", "size(nil) < :1",
                 "size(gone) = :0", "size(s) = :s10"});
  expect(true, {"size(n) <> :2", "size(gone) <> :0"});
}

TEST(Condition, HoldsForTheItemThatIsNotThere) {
  const EmptySource nothing;
  EXPECT_TRUE(evaluate_condition(condition_of("attribute_not_exists(pk)"), nothing));
  EXPECT_FALSE(evaluate_condition(condition_of("attribute_exists(pk)"), nothing));
  EXPECT_TRUE(evaluate_condition(condition_of("pk <> :v", R"({":v":{"S":"a"}})"), nothing));
}

TEST(CompareScalars, OrdersByBytesAndByValue) {
  const struct {
    const char* lower;
    const char* higher;
  } rows[] = {
      {R"({"S":""})", R"({"S":"a"})"},
      {R"({"S":"Z"})", R"({"S":"a"})"},
      {R"({"S":"z"})", R"({"S":"é"})"},
      {R"({"S":"￿"})", R"({"S":"😀"})"},  // UTF-8, not UTF-16
      {R"({"S":"a"})", R"({"S":"a\u0000"})"},
      {R"({"N":"9"})", R"({"N":"10"})"},
      {R"({"N":"-10"})", R"({"N":"-9"})"},
      {R"({"B":"fw=="})", R"({"B":"gA=="})"},
  };
  using Order = std::strong_ordering;
  for (const auto& row : rows) {
    const auto lower = value_of(row.lower);
    const auto higher = value_of(row.higher);
    EXPECT_TRUE(compare_scalars(lower, higher) == Order::less) << row.lower;
    EXPECT_TRUE(compare_scalars(higher, lower) == Order::greater) << row.lower;
    EXPECT_TRUE(compare_scalars(lower, lower) == Order::equal) << row.lower;
  }
  EXPECT_FALSE(compare_scalars(value_of(R"({"S":"1"})"), value_of(R"({"N":"1"})")));
  EXPECT_FALSE(compare_scalars(value_of(R"({"BOOL":true})"), value_of(R"({"BOOL":true})")));
}

}  // namespace
}  // namespace pageturner
