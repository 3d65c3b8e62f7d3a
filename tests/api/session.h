// Runs the cases of one table at one target, from top to bottom, so that a case sees what those
// before it did.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "tests/api/case_table.h"
#include "tests/api/case_values.h"
#include "tests/api/expected_answer.h"
#include "tests/api/target.h"

namespace pageturner {

class Session {
 public:
  // Both outlive the session.
  Session(const CaseTable& table, Target& target) : table_(table), target_(target) {}
  // Does not call finish(), which can fail.
  ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Why the case is not to be run; empty: run it.
  std::string reason_to_skip(std::size_t index) const;

  // Runs a case and returns what is wrong with its answer in several lines; nothing where it is as
  // expected. Before it, whatever of these has not run yet: the setup, and the cases above that
  // change or keep something, so that a case alone gets the answer that it gets among all. A case
  // that has run already starts anew. Throws std::runtime_error where the case cannot be run.
  std::string run(std::size_t index);

  // Removes what the cases have made.
  void finish();

 private:
  struct Outcome {
    JsonAnswer expected;
    JsonAnswer actual;
    std::string differences;
  };

  void start();
  void run_setup();
  Outcome attempt(const Case& test_case);
  Outcome attempt_patiently(const Case& test_case);
  JsonAnswer ask(std::string_view operation, std::string_view body);
  JsonAnswer ask(const boost::json::object& test_case);
  JsonAnswer follow_pages(const boost::json::object& test_case);
  void add_pages(std::string_view operation, boost::json::object request, boost::json::object& all,
                 unsigned& status);

  const CaseTable& table_;
  Target& target_;
  bool is_started_ = false;
  std::string start_failure_;    // why no case can run; empty: they can
  std::size_t next_ = 0;         // the cases before it have run, or change nothing
  std::string earlier_failure_;  // of a case that was run for the sake of a later one
  KeptValues kept_;
};

// Returns the body of the request that a case or a step of the setup sends, given by its members.
std::string request_body(const boost::json::object& test_case);

}  // namespace pageturner
