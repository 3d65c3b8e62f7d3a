// The compression formats of export and import files and of request bodies.
#pragma once

#include <absl/functional/function_ref.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;  // of zlib

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

// Decompresses a file in the gzip format that arrives in pieces, by the rules of gunzip(). Also
// checks the checksum of a header that has one. Takes about 300 KB of memory.
class GunzipStream {
 public:
  // Receives a piece of the result, valid during the call.
  using Sink = absl::FunctionRef<void(std::string_view text)>;

  // Throws std::bad_alloc.
  GunzipStream();

  // Decompresses the next piece of the file. Returns false if the file is corrupt; what was
  // decompressed before has been passed to `sink`, and no further piece may be added. Throws
  // std::bad_alloc.
  bool add(std::string_view bytes, Sink sink);

  // Whether the file may end here: after one member or several.
  bool is_complete() const { return has_member_ && !is_in_member_; }

 private:
  bool inflate_part(std::string_view& bytes, Sink sink);

  std::unique_ptr<z_stream_s, void (*)(z_stream_s*)> stream_;
  std::string space_;  // receives the result
  std::size_t magic_matched_ = 0;
  bool is_in_member_ = false;
  bool has_member_ = false;  // a complete one
  bool is_over_ = false;     // data follows that is no member
};

}  // namespace pageturner
