// The MD5 sum, of which S3 makes its ETags and DynamoDB the sums of its exports.
#pragma once

#include <string>
#include <string_view>

namespace pageturner {

// The 16 bytes of the MD5 sum of `bytes`.
std::string md5(std::string_view bytes);

}  // namespace pageturner
