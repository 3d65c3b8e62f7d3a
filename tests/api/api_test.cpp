// Why: what a client sees are answers, so each case of tests/api/*.json (case_table.h says how they
// are written) is a test of its own: a request and the exact answer to it.
//
// Every case runs in the process and over HTTP, as InProcess/<file>.<case> and Http/<file>.<case>.
// Where PAGETURNER_TEST_ENDPOINT names an endpoint, it runs there alone, as Endpoint/<file>.<case>.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/api/case_table.h"
#include "tests/api/endpoint.h"
#include "tests/api/session.h"
#include "tests/api/target.h"

namespace pageturner {
namespace {

// Set by SIGINT: the cases that are left are skipped, so that the tables of the one under way are
// deleted from the endpoint.
volatile std::sig_atomic_t is_interrupted = 0;

// The cases of one table at one target, which are a test suite.
struct Suite {
  std::string name;  // "Http/query"
  const CaseTable* table;
  Target* target;
};

class ApiCase : public ::testing::Test {
 public:
  ApiCase(const Suite& suite, std::size_t index) : suite_(suite), index_(index) {}

  static void TearDownTestSuite() {
    try {
      if (session) session->finish();
    } catch (const std::exception& error) {
      ADD_FAILURE() << "cleaning up: " << error.what();
    }
    session.reset();
  }

 private:
  void TestBody() override {
    if (is_interrupted != 0) GTEST_SKIP() << "interrupted";
    if (!session) session.emplace(*suite_.table, *suite_.target);
    if (const std::string reason = session->reason_to_skip(index_); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
    const Case& test_case = suite_.table->cases[index_];
    std::string failure;
    try {
      failure = session->run(index_);
    } catch (const std::exception& error) {
      failure = test_case.text("call") + ": " + test_case.name + "\n" + error.what() + "\n";
    }
    if (failure.empty()) return;
    ADD_FAILURE_AT(suite_.table->path.c_str(), test_case.line)
        << failure << "alone:    --gtest_filter='" << suite_.name << "." << test_case.test_name
        << "'";
  }

  // Of the suite that runs.
  static inline std::optional<Session> session;

  const Suite& suite_;
  std::size_t index_;
};

void register_suite(const Suite& suite) {
  for (std::size_t i = 0; i < suite.table->cases.size(); ++i) {
    const Case& test_case = suite.table->cases[i];
    ::testing::RegisterTest(suite.name.c_str(), test_case.test_name.c_str(), nullptr, nullptr,
                            suite.table->path.c_str(), test_case.line,
                            [&suite, i] { return new ApiCase(suite, i); });
  }
}

int run_all(int argc, char** argv) {
  const char* endpoint = std::getenv("PAGETURNER_TEST_ENDPOINT");
  if (endpoint != nullptr) {
    // The tests of the protocol start servers of their own.
    GTEST_FLAG_SET(filter, "Endpoint/*");
    std::signal(SIGINT, [](int) { is_interrupted = 1; });
  }
  ::testing::InitGoogleTest(&argc, argv);

  std::vector<std::pair<std::string, std::unique_ptr<Target>>> targets;
  if (endpoint != nullptr) {
    targets.emplace_back("Endpoint", make_endpoint_target(read_endpoint_options(endpoint)));
  } else {
    targets.emplace_back("InProcess", make_in_process_target());
    targets.emplace_back("Http", make_http_target());
  }
  const std::vector<CaseTable> tables = read_case_tables(PAGETURNER_TESTS_DIR "/api");
  std::vector<Suite> suites;
  for (const auto& [name, target] : targets) {
    for (const CaseTable& table : tables) {
      suites.push_back({name + "/" + table.name, &table, target.get()});
    }
  }
  for (const Suite& suite : suites) register_suite(suite);
  const int result = RUN_ALL_TESTS();
  return is_interrupted != 0 ? 1 : result;
}

}  // namespace
}  // namespace pageturner

int main(int argc, char** argv) {
  try {
    return pageturner::run_all(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
