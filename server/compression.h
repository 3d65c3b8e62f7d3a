// What files of exports and imports and the bodies of requests are compressed in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pageturner {

// `bytes` as a gzip file.
std::string gzip(std::string_view bytes);

enum class InflateStatus {
  ok,
  corrupt,    // no such format, or cut off, or with another checksum
  too_large,  // more than was asked for
};

// Puts into `out` what `bytes` hold, and takes no more memory for it than about twice
// `out_bytes_max`. Where that fails, `out` holds anything.

// The gzip format, RFC 1952: one member or several. What behind the last one is none is passed
// over, as gzip does, and DynamoDB with requests.
InflateStatus gunzip(std::string_view bytes, std::size_t out_bytes_max, std::string& out);

// The zlib format, RFC 1950, which HTTP calls deflate.
InflateStatus inflate_zlib(std::string_view bytes, std::size_t out_bytes_max, std::string& out);

}  // namespace pageturner
