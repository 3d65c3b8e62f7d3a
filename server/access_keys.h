// The access keys of the process: those of a credentials file, and a single one.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "pageturner/access_key.h"

namespace pageturner {

// Returns the keys in `text`, a credentials file of the AWS CLI and the SDKs (~/.aws/credentials):
//
//   [name]
//   aws_access_key_id = …
//   aws_secret_access_key = …
//   aws_session_token = …        optional
//
// Other settings, profiles without keys, and lines that begin with '#' or ';' are ignored. Errors:
// one line, which never contains a secret. Source: "Configuration and credential file settings" in
// the User Guide of the AWS CLI.
boost::system::result<std::vector<AccessKey>, std::string> parse_credentials(std::string_view text);

// Returns the keys of the file `path`. Errors: the file cannot be read or has no key; the text
// continues a sentence that names the file.
boost::system::result<std::vector<AccessKey>, std::string> read_credentials_file(
    const std::string& path);

// Adds `key` to `keys` unless all its members are empty. Returns an empty string, or one line with
// the error, which never contains the secret.
std::string add_access_key(AccessKey key, std::vector<AccessKey>& keys);

}  // namespace pageturner
