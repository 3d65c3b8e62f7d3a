// The writers of JSON objects and arrays: commas, nesting, names with and without escapes, and
// members that one function appends to the object of another.
#include "protocol/object_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace pageturner {
namespace {

TEST(ObjectWriter, WritesMembersOfAllKinds) {
  std::string out;
  {
    ObjectWriter object(out);
    object.text("Text", "a\"b");
    object.number("Number", -7);
    object.number("Least", std::numeric_limits<std::int64_t>::min());
    object.boolean("True", true);
    object.boolean("False", false);
    object.time("Time", 1'700'000'000'042);
    object.null("Null");
    object.empty_list("None");
  }
  EXPECT_EQ(out,
            R"({"Text":"a\"b","Number":-7,"Least":-9223372036854775808,"True":true,"False":false,)"
            R"("Time":1700000000.042,"Null":null,"None":[]})");
}

TEST(ObjectWriter, EscapesNamesThatAreNotLiterals) {
  std::string out;
  {
    ObjectWriter object(out);
    object.number(std::string("a\"b"), 1);
    object.number(std::string_view("c\\d"), 2);
    object.number(MemberName::escaped(R"(e\\f)"), 3);
  }
  EXPECT_EQ(out, R"({"a\"b":1,"c\\d":2,"e\\f":3})");
}

TEST(ObjectWriter, SeparatesNestedObjectsAndArrays) {
  std::string out;
  {
    ObjectWriter object(out);
    { ObjectWriter nested(object.member("Empty")); }
    {
      ObjectWriter nested(object.member("Nested"));
      nested.text("Brace", "{");
      nested.text("Bracket", "[");
    }
    append_list(object.member("None"), std::vector<int>(), append_number);
    append_list(object.member("List"), std::vector<int>{1, 2, 3}, append_number);
    ArrayWriter array(object.member("Array"));
    { ObjectWriter element(array.element()); }
    { ArrayWriter element(array.element()); }
    array.element() += "null";
  }
  EXPECT_EQ(out, R"({"Empty":{},"Nested":{"Brace":"{","Bracket":"["},"None":[],"List":[1,2,3],)"
                 R"("Array":[{},[],null]})");
}

TEST(MemberWriter, ContinuesAnOpenObject) {
  for (const bool is_empty : {true, false}) {
    std::string out;
    {
      ObjectWriter object(out);
      if (!is_empty) object.number("A", 1);
      MemberWriter(out).number("B", 2);
      object.number("C", 3);
    }
    EXPECT_EQ(out, is_empty ? R"({"B":2,"C":3})" : R"({"A":1,"B":2,"C":3})");
  }
}

}  // namespace
}  // namespace pageturner
