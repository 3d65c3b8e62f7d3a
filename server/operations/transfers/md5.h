// The MD5 digest, which S3 uses for ETags and DynamoDB for the checksums of exports.
#pragma once

#include <string>
#include <string_view>

namespace pageturner {

// Returns the 16 bytes of the MD5 digest of `bytes`.
std::string md5(std::string_view bytes);

}  // namespace pageturner
