#include "server/compression.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <new>

namespace pageturner {
namespace {

using Decompressor = std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)>;

Decompressor make_decompressor() {
  Decompressor decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (decompressor == nullptr) throw std::bad_alloc();
  return decompressor;
}

// Calls `decompress(space, space_bytes, &made)`, which starts from the beginning each time, with
// more and more space after the first `used` bytes of `out`, until the result fits. Increases
// `used` by the size of the result.
template <class Decompress>
InflateStatus inflate(Decompress decompress, std::size_t guess, std::size_t out_bytes_max,
                      std::size_t& used, std::string& out) {
  for (std::size_t space = guess;; space = 2 * (out.size() - used)) {
    const std::size_t wanted = std::min(space, out_bytes_max - used);
    if (out.size() < used + wanted) out.resize(used + wanted);
    std::size_t made = 0;
    const libdeflate_result result = decompress(out.data() + used, out.size() - used, &made);
    if (result == LIBDEFLATE_SUCCESS) {
      used += made;
      return InflateStatus::ok;
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) return InflateStatus::corrupt;
    if (out.size() == out_bytes_max) return InflateStatus::too_large;
  }
}

// The usual size of decompressed JSON, so that one pass suffices most of the time.
std::size_t guess_size(std::string_view bytes) {
  return std::max<std::size_t>(4 * bytes.size(), 64 * 1024);
}

constexpr std::string_view gzip_magic = "\x1f\x8b";

bool is_gzip_member(std::string_view bytes) { return bytes.starts_with(gzip_magic); }

// libdeflate, which is faster, decompresses only what is in memory as a whole.
z_stream* make_gunzip_stream() {
  constexpr int gzip_format = 16;  // zlib's manual, inflateInit2
  auto stream = std::make_unique<z_stream>();
  if (inflateInit2(stream.get(), gzip_format + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  return stream.release();
}

void delete_gunzip_stream(z_stream* stream) {
  inflateEnd(stream);
  delete stream;
}

}  // namespace

std::string gzip(std::string_view bytes) {
  constexpr int level = 6;  // the default of gzip
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(level), libdeflate_free_compressor);
  if (compressor == nullptr) throw std::bad_alloc();
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

InflateStatus gunzip(std::string_view bytes, std::size_t out_bytes_max, std::string& out) {
  const Decompressor decompressor = make_decompressor();
  out.clear();
  std::size_t used = 0;
  do {
    std::size_t taken = 0;
    const InflateStatus ended = inflate(
        [&](char* space, std::size_t space_bytes, std::size_t* made) {
          return libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data(), bytes.size(),
                                               space, space_bytes, &taken, made);
        },
        guess_size(bytes), out_bytes_max, used, out);
    if (ended != InflateStatus::ok) return ended;
    bytes.remove_prefix(taken);
  } while (is_gzip_member(bytes));
  out.resize(used);
  return InflateStatus::ok;
}

InflateStatus inflate_zlib(std::string_view bytes, std::size_t out_bytes_max, std::string& out) {
  const Decompressor decompressor = make_decompressor();
  out.clear();
  std::size_t used = 0;
  const InflateStatus ended = inflate(
      [&](char* space, std::size_t space_bytes, std::size_t* made) {
        std::size_t taken = 0;
        return libdeflate_zlib_decompress_ex(decompressor.get(), bytes.data(), bytes.size(), space,
                                             space_bytes, &taken, made);
      },
      guess_size(bytes), out_bytes_max, used, out);
  out.resize(used);
  return ended;
}

GunzipStream::GunzipStream()
    : stream_(make_gunzip_stream(), delete_gunzip_stream), space_(256 * 1024, '\0') {}

bool GunzipStream::add(std::string_view bytes, Sink sink) {
  while (!bytes.empty() && !is_over_) {
    if (is_in_member_) {
      if (!inflate_part(bytes, sink)) return false;
    } else if (bytes.front() != gzip_magic[magic_matched_]) {
      if (!has_member_) return false;
      is_over_ = true;
    } else {
      bytes.remove_prefix(1);
      if (++magic_matched_ < gzip_magic.size()) continue;
      magic_matched_ = 0;
      is_in_member_ = true;
      inflateReset(stream_.get());
      std::string_view magic = gzip_magic;
      if (!inflate_part(magic, sink)) return false;
    }
  }
  return true;
}

// Decompresses `bytes` up to the end of the member. Removes what it read.
bool GunzipStream::inflate_part(std::string_view& bytes, Sink sink) {
  z_stream& stream = *stream_;
  // zlib does not write its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  int status = Z_OK;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(space_.data());
    stream.avail_out = static_cast<uInt>(space_.size());
    status = ::inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = space_.size() - stream.avail_out;
    if (made > 0) sink(std::string_view(space_).substr(0, made));
  } while (status == Z_OK && stream.avail_out == 0);
  bytes.remove_prefix(bytes.size() - stream.avail_in);
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  if (status == Z_STREAM_END) {
    is_in_member_ = false;
    has_member_ = true;
  }
  // Z_BUF_ERROR: there was nothing left to do.
  return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
}

}  // namespace pageturner
