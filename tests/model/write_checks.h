// What the answers to writes that fail have to say.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tests/model/update_model.h"

namespace pageturner::model {

// An answer, parsed.
struct ResponseHead {
  unsigned status = 0;
  boost::json::object body;
};

// The type and the text of an error.
void check_error(const ResponseHead& response_head, const std::string& type,
                 const std::string& message);

// The answer to a write on its own.
void check_failure(const ResponseHead& response_head, const Write& write, const Outcome& outcome);

// The answer to a transaction, with a reason for each of its writes.
void check_canceled(const ResponseHead& response_head, const std::vector<Write>& writes,
                    const std::vector<Outcome>& outcomes);

}  // namespace pageturner::model
