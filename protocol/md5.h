// The MD5 digest: of partition keys, for the order of a Scan, and of the files of exports.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pageturner {

struct Md5Digest {
  std::array<char, 16> bytes;

  // Valid as long as the digest.
  std::string_view view() const { return {bytes.data(), bytes.size()}; }
};

// Computes the digest of bytes that are added in parts.
class Md5 {
 public:
  void add(std::string_view bytes);

  // Returns the digest of all that was added. Requires: called once, after the last add.
  Md5Digest digest();

 private:
  void add_block(const char* block);

  // The state before the first block. Source: RFC 1321, section 3.3.
  std::array<std::uint32_t, 4> state_ = {0x6745'2301, 0xEFCD'AB89, 0x98BA'DCFE, 0x1032'5476};
  std::array<char, 64> block_;  // the bytes of the last block, which is not full
  std::uint64_t size_bytes_ = 0;
};

// Returns the digest of `bytes`.
Md5Digest md5(std::string_view bytes);

}  // namespace pageturner
