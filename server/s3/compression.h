// Gzip and MD5, which the files of exports and imports need.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ddb {

// `bytes` as a gzip file.
std::string gzip(std::string_view bytes);

// What the gzip file `bytes` holds, which may be several one behind another. Nothing where it is no
// such file.
std::optional<std::string> gunzip(std::string_view bytes);

// The 16 bytes of the MD5 sum of `bytes`.
std::string md5(std::string_view bytes);

}  // namespace ddb
