// Runs the tables against an endpoint that is not ours to start and stop: a server of another
// build, another emulator, or DynamoDB itself.
#pragma once

#include <memory>
#include <string>

#include "tests/api/target.h"
#include "tests/support/http_client.h"

namespace pageturner {

struct EndpointOptions {
  HttpAddress address;
  std::string region = "us-east-1";
  // What requests are signed with. Without an id they carry a signature that is made up.
  AccessKey key = {};
};

// Reads the key and the region from the environment as the AWS CLI does: AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION. The region in the name
// of an endpoint of AWS comes first. Throws std::runtime_error where `url` is not
// "http[s]://host[:port]".
EndpointOptions read_endpoint_options(const std::string& url);

// Returns a target at which
// - begin() throws where a table exists whose name occurs in a request of the file, so that no
//   request reaches a table of somebody else;
// - a call that makes, changes or deletes a table returns when the table and its indexes are ACTIVE
//   or gone, which may take minutes;
// - a call is repeated while it is throttled, for half a minute at most;
// - end() deletes the tables that calls have made;
// - ARNs in requests are those of the endpoint's account and region, and in answers those of the
//   tables' files, the states of tables on their way to ACTIVE count as ACTIVE, and constraints
//   that a request violates have no order.
std::unique_ptr<Target> make_endpoint_target(const EndpointOptions& options);

}  // namespace pageturner
