#include "server/s3/compression.h"

#include <libdeflate.h>
// The functions of one hash, which newer versions would have us leave for EVP_Digest(). That knows
// all that the library can do, and a static binary with it is twice as large.
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/md5.h>

#include <algorithm>
#include <memory>
#include <new>

namespace ddb {

std::string gzip(std::string_view bytes) {
  constexpr int level = 6;  // gzip's own
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(level), libdeflate_free_compressor);
  if (compressor == nullptr) throw std::bad_alloc();
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

std::optional<std::string> gunzip(std::string_view bytes) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (decompressor == nullptr) throw std::bad_alloc();
  std::string out;
  std::size_t used = 0;
  std::size_t room = std::max<std::size_t>(4 * bytes.size(), 64 * 1024);
  do {
    if (out.size() < used + room) out.resize(used + room);
    std::size_t taken = 0;
    std::size_t made = 0;
    const libdeflate_result result =
        libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data(), bytes.size(),
                                      out.data() + used, out.size() - used, &taken, &made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      room = 2 * (out.size() - used);
      continue;
    }
    if (result != LIBDEFLATE_SUCCESS) return std::nullopt;
    used += made;
    room = 64 * 1024;
    bytes.remove_prefix(taken);
  } while (!bytes.empty());
  out.resize(used);
  return out;
}

std::string md5(std::string_view bytes) {
  std::string sum(MD5_DIGEST_LENGTH, '\0');
  MD5(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
      reinterpret_cast<unsigned char*>(sum.data()));
  return sum;
}

}  // namespace ddb
