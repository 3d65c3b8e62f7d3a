// Why: UpdateItem refuses an update by this figure, so a wrong one refuses updates that AWS
// accepts, or the other way round. Source: measured clause by clause at the limit of 400 KB in
// eu-west-2 in August and October 2026; us-east-1 has the same charge.
#include "protocol/expression/update_charge.h"

#include <gtest/gtest.h>

#include "protocol/expression/compile.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

// The charge of `text` with names of attributes and values.
std::size_t charge_of(std::string_view text, std::string_view values, std::string_view names = {}) {
  Placeholders placeholders = placeholders_of(names, values).value();
  return update_charge_bytes(compile_update(text, placeholders).value());
}

std::string string_of(std::size_t size) { return R"({"S":")" + std::string(size, 'x') + R"("})"; }

std::string value(std::string_view name, const std::string& json) {
  return R"({")" + std::string(name) + R"(":)" + json + "}";
}

TEST(UpdateCharge, IsThatOfTheMeasuredClauses) {
  const std::string one = value(":one", R"({"N":"1"})");
  const struct {
    std::string clause;
    std::string values;
    std::size_t charge;  // of the clause
  } rows[] = {
      {"SET c = :c", value(":c", string_of(1)), 21},
      {"SET c = :c", value(":c", string_of(500)), 520},
      {"SET c = abcdefghij", "", 45},
      {"SET c = big", "", 38},
      {"SET c = m.z", "", 51},
      {"SET c = m.a.z", "", 66},
      {"SET c = l[10]", "", 52},
      {"SET n = n + :one", one, 72},
      {"SET n = n - :one", one, 75},
      {"SET c = if_not_exists(c, :c)", value(":c", string_of(1)), 76},
      {"SET c = if_not_exists(c, :c)", value(":c", string_of(10)), 85},
      {"SET c = if_not_exists(c, :c)", value(":c", R"({"M":)" + value("a", string_of(100)) + "}"),
       180},
      {"SET c = if_not_exists(c, :c), d = if_not_exists(d, :c)", value(":c", string_of(100)), 350},
      {"SET l = list_append(l, :new)", value(":new", R"({"L":[)" + string_of(10) + "]}"), 87},
      {"SET c = list_append(:a, :c)",
       R"({":a":{"L":[)" + string_of(1) + R"(]},":c":{"L":[)" + string_of(10) + "]}}", 76},
      {"ADD abcdefghij :one", one, 31},
      {"ADD ss :new", value(":new", R"({"SS":[")" + std::string(500, 'x') + R"("]})"), 521},
      {"REMOVE r", "", 2},
      {"REMOVE abcdefghij", "", 11},
      {"REMOVE m.yyyyyyyyyy", "", 16},
      {"REMOVE abcdefghij[1]", "", 16},
      {"REMOVE l[10]", "", 8},
      {"DELETE abcdefghij :old", value(":old", R"({"SS":["x"]})"), 11},
      {"DELETE ss :old", value(":old", R"({"SS":["x"]})"), 3},
  };
  constexpr std::size_t of_update = 3;
  for (const auto& row : rows) {
    EXPECT_EQ(charge_of(row.clause, row.values), of_update + row.charge) << row.clause;
  }
}

TEST(UpdateCharge, AddsUpClausesAndResolvesNames) {
  EXPECT_EQ(update_charge_bytes({}), 3U);
  EXPECT_EQ(charge_of("SET b = :b, c = #ten REMOVE r", value(":b", string_of(7)),
                      R"({"#ten":"abcdefghij"})"),
            3U + 27 + 45 + 2);
  // A nested target costs what a map or a list around the value does, and a byte more in a list.
  const std::string x = value(":v", string_of(100));
  EXPECT_EQ(charge_of("SET d.leaf = :v", x),
            charge_of("SET d = :v", value(":v", R"({"M":)" + value("leaf", string_of(100)) + "}")));
  EXPECT_EQ(charge_of("SET d[0] = :v", x),
            charge_of("SET d = :v", value(":v", R"({"L":[)" + string_of(100) + "]}")) + 1);
  // Each use of a value counts. Not measured: operators inside others add up.
  EXPECT_EQ(charge_of("SET n = if_not_exists(n, :v) + :v", value(":v", R"({"N":"1"})")),
            3U + 19 + 1 + 34 + (39 + 16 + 2) + 2);
}

}  // namespace
}  // namespace pageturner
