// Why: an exception from below is a bug or a lack of memory and must cost one request, not the
// process: whatever its type, it is answered once with InternalServerError. Source: the contract in
// server/request_handler.h; recorded answers for the form of that error.
#include "server/service.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "storage/database.h"
#include "storage/engine/memory_engine.h"

namespace pageturner {
namespace {

// An engine that throws `failure` from every member that reads.
class FailingEngine final : public Engine {
 public:
  explicit FailingEngine(void (*failure)()) : failure_(failure) {}

  std::unique_ptr<ReadView> read_view() const override {
    failure_();
    return entries_.read_view();
  }
  void commit(WriteBatch batch) override { entries_.commit(std::move(batch)); }
  bool try_commit(WriteBatch batch) override { return entries_.try_commit(std::move(batch)); }
  std::size_t size_bytes() const override {
    failure_();
    return entries_.size_bytes();
  }

 private:
  void (*failure_)();
  MemoryEngine entries_;
};

TEST(Service, AnswersAnyExceptionWithInternalServerError) {
  constexpr std::string_view error =
      R"({"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError")";
  constexpr std::string_view create_table = R"({"TableName":"Music","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]})";
  void (*failures[])() = {[] { throw std::runtime_error("a bug"); }, [] { throw 1; }};
  for (const auto failure : failures) {
    Database database(std::make_unique<FailingEngine>(failure));
    Service service(database);
    std::string out = "before";
    EXPECT_EQ(service.call("CreateTable", create_table, out), 500u);
    EXPECT_EQ(out.substr(0, 6), "before");
    EXPECT_EQ(out.substr(6, error.size()), error);

    // Over HTTP, and not by way of an operation.
    out = "before";
    EXPECT_EQ(service.handle({.method = "GET", .path = "/metrics"}, "", out).status, 500u);
    EXPECT_EQ(out.substr(6, error.size()), error);
  }
}

}  // namespace
}  // namespace pageturner
