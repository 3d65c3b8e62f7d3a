// Why: a case is found by its name and line, and a member that is misspelt or a name that occurs
// twice would make it test nothing.
#include "tests/api/case_table.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace pageturner {
namespace {

TEST(CaseTable, HasLinesAndNames) {
  const char* const text = R"({"why": "{\"",
 "setup": [{"call": "CreateTable", "send": {}}],
 "cases": [
  {"name": "a <= b", "call": "PutItem",
   "send": {"Item": [{}]}},
  {"name": "a < b!", "call": "Scan", "send": {}},
  {"name": "a < b?", "call": "Scan", "send": {}}, {"name": "?", "call": "Scan", "send": {}}
 ]}
)";
  const CaseTable table = parse_case_table("/some/table.json", text);
  EXPECT_EQ(table.name, "table");
  std::string cases;
  for (const Case& each : table.cases) {
    cases += std::to_string(each.line) + " " + each.test_name + "\n";
  }
  EXPECT_EQ(cases, "4 a_le_b\n6 a_lt_b\n7 a_lt_b_2\n7 case\n");
}

TEST(CaseTable, RefusesWhatWouldNotBeTested) {
  const std::pair<const char*, const char*> texts[] = {
      {"{\"cases\": [\n}", "f.json:2: syntax error"},
      {R"({"case": []})", R"(f.json:1: unknown member "case")"},
      {"{\"cases\": [\n {\"name\": \"a\", \"call\": \"Scan\", \"sent\": {}}]}",
       R"(f.json:2: unknown member "sent")"},
      {R"({"cases": [{"call": "Scan"}]})", R"(f.json:1: no "name")"},
      {R"({"cases": [{"name": "a"}]})", R"(f.json:1: no "call")"},
      {"{\"cases\": [{\"name\": \"a\", \"call\": \"Scan\"},\n{\"name\": \"a\", \"call\": "
       "\"Scan\"}]}",
       "f.json:2: the case of line 1 has the same name"}};
  for (const auto& [text, message] : texts) {
    try {
      parse_case_table("f.json", text);
      ADD_FAILURE() << text;
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), message);
    }
  }
}

}  // namespace
}  // namespace pageturner
