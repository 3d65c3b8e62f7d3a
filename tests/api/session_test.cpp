// Why: a case that is chosen alone has to get the answer that it gets among all, and at an endpoint
// of somebody else each request more costs time and money, so only what a case may depend on runs
// before it.
#include "tests/api/session.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace pageturner {
namespace {

const char* const file = R"({"why": "",
 "setup": [
  {"call": "CreateTable", "send": {}}
 ],
 "cases": [
  {"name": "a read", "call": "Query", "send": {}},
  {"name": "a refused write", "call": "PutItem", "send": {}, "error": "ValidationException: no"},
  {"name": "a write",
   "call": "PutItem", "send": {}},
  {"name": "what later cases need", "call": "ListStreams", "send": {}, "answer": {"Id": "seven"},
   "keep": {"id": "Id"}},
  {"name": "a <= b", "call": "DeleteItem", "send": {}, "local_only": "why not"},
  {"name": "a < b!", "call": "Scan", "send": {"Id": "$kept:id"}, "answer": {"Id": "$any"}},
  {"name": "a < b?", "call": "Scan", "send": {}, "answer": {"Id": "$any"}}
 ]}
)";

// Writes down what it is asked; answers {"Id": "seven"} to what sends nothing else.
class Recorder : public Target {
 public:
  void begin(const CaseTable&) override { calls += "begin "; }
  Response call(std::string_view operation, std::string_view body) override {
    calls += std::string(operation) + std::string(body) + " ";
    const bool has_id = operation == "ListStreams" || operation == "Scan";
    if (operation == "CreateTable") return {setup_status, "{}"};
    return {200, has_id ? R"({"Id":"seven"})" : "{}"};
  }
  void end() override { calls += "end "; }
  bool is_remote() const override { return is_remote_; }

  std::string calls;
  unsigned setup_status = 200;
  bool is_remote_ = false;
};

class SessionTest : public ::testing::Test {
 protected:
  std::string calls_of(std::size_t index) {
    target_.calls.clear();
    failure_ = session_.run(index);
    return target_.calls;
  }

  const CaseTable table_ = parse_case_table("/some/table.json", file);
  Recorder target_;
  Session session_{table_, target_};
  std::string failure_;
};

TEST_F(SessionTest, RunsBeforeACaseWhatItMayDependOn) {
  EXPECT_EQ(calls_of(0), "begin CreateTable{} Query{} ");
  // The refused write is not needed for what comes later.
  EXPECT_EQ(calls_of(3), "PutItem{} ListStreams{} ");
  EXPECT_EQ(calls_of(5), R"(DeleteItem{} Scan{"Id":"seven"} )");
  EXPECT_EQ(failure_, "");
  EXPECT_EQ(calls_of(6), "Scan{} ");
  // What has run already starts anew.
  EXPECT_EQ(calls_of(0), "end begin CreateTable{} Query{} ");
}

TEST_F(SessionTest, SkipsWhatIsLocalAtAnotherEndpoint) {
  EXPECT_EQ(session_.reason_to_skip(4), "");
  target_.is_remote_ = true;
  EXPECT_EQ(session_.reason_to_skip(4), "local only: why not");
  EXPECT_EQ(calls_of(5), R"(begin CreateTable{} PutItem{} ListStreams{} Scan{"Id":"seven"} )");
}

TEST_F(SessionTest, SaysWhatWasSentAndWhatDiffers) {
  calls_of(1);
  EXPECT_EQ(failure_, R"(PutItem: a refused write
sent:     {}
  status: expected 400, was 200
  __type: missing, expected "com.amazon.coral.validate#ValidationException"
  message: missing, expected "no"
expected: 400 {"__type":"com.amazon.coral.validate#ValidationException","message":"no"}
actual:   200 {}
)");
}

TEST_F(SessionTest, SaysWhereTheSetupFailed) {
  target_.setup_status = 400;
  try {
    session_.run(0);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "/some/table.json:3: the setup failed: CreateTable answered 400 {}");
  }
}

}  // namespace
}  // namespace pageturner
