// Where the access keys of the process come from: flags, environment and a file.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "pageturner/access_key.h"

namespace pageturner {

struct AccessKeySources {
  std::string access_key;        // of one key
  std::string secret_key;        // its secret
  std::string credentials_file;  // more of them; empty: none
};

// What PAGETURNER_ACCESS_KEY, PAGETURNER_SECRET_KEY and PAGETURNER_CREDENTIALS_FILE say: a secret
// among the flags can be read by every user of the machine. (AWS_ACCESS_KEY_ID and its like are
// those of clients, and often set where nobody thinks of a server.)
AccessKeySources access_keys_of_environment();

// The keys of `text`, a file of profiles as the AWS CLI and the SDKs keep them
// (~/.aws/credentials):
//
//   [name]
//   aws_access_key_id = …
//   aws_secret_access_key = …
//   aws_session_token = …        may be left out
//
// Other settings, profiles without keys, and lines that begin with '#' or ';' are passed over.
// Fails with one line that says what is wrong, without any secret. Source: "Configuration and
// credential file settings" in the User Guide of the AWS CLI.
boost::system::result<std::vector<AccessKey>, std::string> parse_credentials(std::string_view text);

// All keys of `sources`; none where they name none. Fails with one line that says what is wrong.
boost::system::result<std::vector<AccessKey>, std::string> load_access_keys(
    const AccessKeySources& sources);

}  // namespace pageturner
