// The access keys of the process: of a credentials file, and one given alone.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "pageturner/access_key.h"

namespace pageturner {

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

// The keys of the file `path`, which has to hold one. Fails with what is wrong, in words to put
// behind the file's name.
boost::system::result<std::vector<AccessKey>, std::string> read_credentials_file(
    const std::string& path);

// Adds `key` to `keys`, unless nothing of it is set. Returns what is wrong with it, without its
// secret, or nothing.
std::string add_access_key(AccessKey key, std::vector<AccessKey>& keys);

}  // namespace pageturner
