// Why: a projection returns the selected parts, nested as in the item, and nothing else. Source:
// guide, "Using projection expressions in DynamoDB"; that lists have no gaps and keep the order of
// their indexes was recorded on the service.
#include "protocol/expression/projection.h"

#include <gtest/gtest.h>

#include "protocol/expression/parser.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr const char* item_json = R"({
  "a":{"S":"1"}, "b":{"M":{"x":{"N":"1"},"y":{"M":{"z":{"N":"2"},"w":{"N":"3"}}},"l":{"L":[]}}},
  "c":{"L":[{"S":"0"},{"M":{"p":{"S":"p"},"q":{"S":"q"}}},{"L":[{"S":"20"},{"S":"21"}]}]},
  "tags":{"SS":["m"]}, "d.e":{"S":"dotted"}})";

std::string projected(std::string_view text, std::string_view names = {}) {
  return wire_of(Projection(paths_of(text, names)).apply(ItemSource(item_of(item_json))));
}

TEST(Projection, TakesWhatIsNamed) {
  const struct {
    const char* text;
    const char* projected;
  } rows[] = {
      {"a", R"({"a":{"S":"1"}})"},
      {"a, gone", R"({"a":{"S":"1"}})"},
      {"gone", "{}"},
      {"b.x", R"({"b":{"M":{"x":{"N":"1"}}}})"},
      {"b.x, b.y.z", R"({"b":{"M":{"x":{"N":"1"},"y":{"M":{"z":{"N":"2"}}}}}})"},
      {"b.y.w, b.y.z", R"({"b":{"M":{"y":{"M":{"w":{"N":"3"},"z":{"N":"2"}}}}}})"},
      {"b.l", R"({"b":{"M":{"l":{"L":[]}}}})"},
      {"b.gone", "{}"},
      {"b.x, b.gone", R"({"b":{"M":{"x":{"N":"1"}}}})"},
      // Lists have no gaps and keep the order of their indexes.
      {"c[0]", R"({"c":{"L":[{"S":"0"}]}})"},
      {"c[2], c[0]", R"({"c":{"L":[{"S":"0"},{"L":[{"S":"20"},{"S":"21"}]}]}})"},
      {"c[2][1]", R"({"c":{"L":[{"L":[{"S":"21"}]}]}})"},
      {"c[1].q, c[1].p", R"({"c":{"L":[{"M":{"p":{"S":"p"},"q":{"S":"q"}}}]}})"},
      {"c[9]", "{}"},
      {"c[0], c[9]", R"({"c":{"L":[{"S":"0"}]}})"},
      // Values that are not documents have no parts.
      {"a.x", "{}"},
      {"a[0]", "{}"},
      {"tags[0]", "{}"},
      {"b[0]", "{}"},
      {"c.p", "{}"},
  };
  for (const auto& row : rows) EXPECT_EQ(projected(row.text), row.projected) << row.text;
}

TEST(Projection, TakesANameWithADotForOneName) {
  EXPECT_EQ(projected("#n", R"({"#n":"d.e"})"), R"({"d.e":{"S":"dotted"}})");
}

// PartiQL returns columns under their own names.
TEST(Projection, ShowsColumnsUnderTheirNames) {
  const Item item = item_of(R"({"a":{"M":{"b":{"L":[{"S":"x"},{"S":"y"}]}}},"c":{"N":"1"}})");
  const DocumentPath deep{{"a", "b", std::size_t{1}}};
  const DocumentPath absent{{"a", "none"}};
  const DocumentPath plain{{"c"}};
  const Projection columns =
      Projection::under_names({{"b[1]", deep}, {"none", absent}, {"c", plain}});
  EXPECT_FALSE(columns.is_top_level());
  EXPECT_EQ(wire_of(columns.apply(ItemSource(item))), R"({"b[1]":{"S":"y"},"c":{"N":"1"}})");
  EXPECT_TRUE(Projection::under_names({{"c", plain}}).is_top_level());
}

TEST(Projection, KnowsWhetherItTakesWholeAttributes) {
  EXPECT_TRUE(Projection(paths_of("c, a")).is_top_level());
  EXPECT_FALSE(Projection(paths_of("a, b.x")).is_top_level());
  EXPECT_FALSE(Projection(paths_of("c[0]")).is_top_level());
}

TEST(Projection, NamesTheAttributesItTouches) {
  const Projection projection(paths_of("c[0], b.x, a, b.y"));
  const std::vector<std::string_view> names = {"a", "b", "c"};
  EXPECT_EQ(projection.top_level_names(), names);
}

TEST(CheckPathsDisjoint, RefusesOverlapsAndConflicts) {
  const std::string rest =
      " with each other; must remove or rewrite one of these paths; path one: ";
  const std::string overlap = "Two document paths overlap" + rest;
  const std::string conflict = "Two document paths conflict" + rest;
  const struct {
    const char* text;
    std::string message;
  } rows[] = {
      {"a, b", "(accepted)"},
      {"a.b, a.c", "(accepted)"},
      {"l[0], l[1]", "(accepted)"},
      {"l[0].x, l[0].y", "(accepted)"},
      {"a, a", overlap + "[a], path two: [a]"},
      {"a, a.b", overlap + "[a], path two: [a, b]"},
      {"a.b, a", overlap + "[a, b], path two: [a]"},
      {"a, a[1]", overlap + "[a], path two: [a, [1]]"},
      {"l[0].x, l[0]", overlap + "[l, [0], x], path two: [l, [0]]"},
      {"a.b, a[1]", conflict + "[a, b], path two: [a, [1]]"},
      // An overlap anywhere is reported before a conflict.
      {"b[1], b.a, a.b, a", overlap + "[a, b], path two: [a]"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(message_of(check_paths_disjoint(parse_projection(row.text).value())), row.message)
        << row.text;
  }
}

}  // namespace
}  // namespace pageturner
