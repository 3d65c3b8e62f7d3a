// Where the cases of a table are run.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string_view>

#include "pageturner/emulator.h"
#include "tests/api/case_table.h"

namespace pageturner {

// Answers the requests of one table at a time.
class Target {
 public:
  virtual ~Target() = default;

  // Makes ready for the table: afterwards there is nothing of what its requests name. Throws
  // std::runtime_error where that cannot be had.
  virtual void begin(const CaseTable& table) = 0;
  // Runs an operation, named as in a case. Throws std::runtime_error where there is no answer.
  virtual Response call(std::string_view operation, std::string_view body) = 0;
  // Removes what the requests since begin() have made. Throws std::runtime_error where that fails.
  virtual void end() = 0;

  // Whether it is another endpoint than our own: "local_only" cases are skipped, and what was
  // written may become visible later.
  virtual bool is_remote() const { return false; }
  // Replaces in an answer, expected or actual, what differs from account to account.
  virtual void normalise(boost::json::value&) const {}
};

// A new emulator for each table, called in the process.
std::unique_ptr<Target> make_in_process_target();

// A new emulator for each table, called over HTTP. Checks the headers of its answers too, with
// GoogleTest's macros.
std::unique_ptr<Target> make_http_target();

}  // namespace pageturner
