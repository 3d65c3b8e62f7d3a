// Why: the assertions have to be on in the library that the tests link, not only in the macro's own
// test: each row breaks one requirement of a header and has to abort. Skipped in builds without
// assertions, where breaking a requirement is undefined behaviour.
#include <gtest/gtest.h>

#include "protocol/attribute_value.h"
#include "protocol/number.h"
#include "storage/engine/engine.h"
#include "storage/key_codec.h"
#include "storage/stored_item.h"

namespace pageturner {
namespace {

TEST(PreconditionsDeathTest, AbortWhereBroken) {
#ifndef PAGETURNER_ASSERTIONS
  GTEST_SKIP() << "a build without assertions";
#else
  const KeyLayout layout{7, {{"pk", ScalarType::s}}, {}, {}};
  const struct {
    const char* condition;
    void (*break_it)(const KeyLayout&);
  } rows[] = {
      {"holds_alternative", [](const KeyLayout&) { AttributeValue{Null{}}.as<bool>(); }},
      {"find_first_not_of", [](const KeyLayout&) { prefix_end("\xFF\xFF"); }},
      {"digits",
       [](const KeyLayout&) {
         Number::from_digits(false, 0, {"\0\1", 2});
       }},
      {"is_stored_item", [](const KeyLayout&) { ItemView("{}"); }},
      {"key.empty",
       [](const KeyLayout& other) {
         decode_key(other,
                    encode_key(other, ItemSource({{"pk", {std::string("p")}}}))->append("x"));
       }},
      {"partition_values.size", [](const KeyLayout& other) { encode_partition(other, {}); }},
      {"segment", [](const KeyLayout&) { segment_range(2, 2); }},
  };
  for (const auto& row : rows) EXPECT_DEATH(row.break_it(layout), row.condition);
#endif
}

}  // namespace
}  // namespace pageturner
