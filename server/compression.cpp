#include "server/compression.h"

#include <libdeflate.h>

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

bool is_gzip_member(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

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

}  // namespace pageturner
