// The answer that a case expects.
#pragma once

#include <boost/json.hpp>

namespace pageturner {

// A status and a body. A body that is not JSON is a string.
struct JsonAnswer {
  unsigned status = 200;
  boost::json::value body = boost::json::object();
};

// Returns the answer that a case, given by its members, expects, from its "answer", "error" and
// "status". Throws std::runtime_error for an error type that the service does not have.
JsonAnswer expected_answer(const boost::json::object& test_case);

}  // namespace pageturner
