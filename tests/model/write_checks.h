// Checks of the responses to failed writes.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tests/model/update_model.h"

namespace pageturner::model {

// A parsed response.
struct ResponseHead {
  unsigned status = 0;
  boost::json::object body;
};

// Checks the type and the text of an error.
void check_error(const ResponseHead& response_head, const std::string& type,
                 const std::string& message);

// Checks the response to a failed single write.
void check_failure(const ResponseHead& response_head, const Write& write, const Outcome& outcome);

// Checks the response to a canceled transaction, with a reason for each of its writes.
void check_canceled(const ResponseHead& response_head, const std::vector<Write>& writes,
                    const std::vector<Outcome>& outcomes);

}  // namespace pageturner::model
