// The compression formats of export and import files and of request bodies.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pageturner {

// Returns `bytes` as a gzip file. Throws std::bad_alloc.
std::string gzip(std::string_view bytes);

enum class InflateStatus {
  ok,
  corrupt,    // another format, truncated, or a wrong checksum
  too_large,  // the result would exceed out_bytes_max
};

// The functions below decompress `bytes` into `out`, for which they use at most about twice
// `out_bytes_max` of memory. After a failure the contents of `out` are unspecified. They throw
// std::bad_alloc.

// The gzip format, RFC 1952: one member or several. Data after the last member that is no member is
// ignored, as by gzip, and by DynamoDB in requests.
InflateStatus gunzip(std::string_view bytes, std::size_t out_bytes_max, std::string& out);

// The zlib format, RFC 1950, which HTTP calls deflate.
InflateStatus inflate_zlib(std::string_view bytes, std::size_t out_bytes_max, std::string& out);

}  // namespace pageturner
