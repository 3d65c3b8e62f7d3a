#include "protocol/md5.h"

// Allows the functions of a single hash, which OpenSSL 3 deprecates in favour of EVP_Digest(). The
// EVP_ functions look an algorithm up by its name in every call, which takes longer than hashing a
// key, and link all other algorithms into a static binary: 3 MB.
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/md5.h>

#include <algorithm>
#include <cstring>

namespace pageturner {
namespace {

// The end of a message: a byte 80, zeros, and the number of bits in the last 8 bytes of a block.
constexpr std::size_t size_offset = 56;

// Writes `word`, least significant byte first. Without a loop, so that it is compiled to one store.
void write_word(char* at, std::uint32_t word) {
  at[0] = static_cast<char>(word);
  at[1] = static_cast<char>(word >> 8);
  at[2] = static_cast<char>(word >> 16);
  at[3] = static_cast<char>(word >> 24);
}

}  // namespace

// MD5_Transform and not MD5_Update and MD5_Final: these erase their memory, as passwords need it,
// and take half as long again for a key, which is one block.
void Md5::add_block(const char* block) {
  MD5_CTX context;
  context.A = state_[0];
  context.B = state_[1];
  context.C = state_[2];
  context.D = state_[3];
  MD5_Transform(&context, reinterpret_cast<const unsigned char*>(block));
  state_ = {context.A, context.B, context.C, context.D};
}

void Md5::add(std::string_view bytes) {
  std::size_t used = size_bytes_ % block_.size();
  size_bytes_ += bytes.size();
  if (used > 0 && used + bytes.size() >= block_.size()) {
    const std::size_t part = block_.size() - used;
    std::memcpy(block_.data() + used, bytes.data(), part);
    add_block(block_.data());
    bytes.remove_prefix(part);
    used = 0;
  }
  for (; bytes.size() >= block_.size(); bytes.remove_prefix(block_.size())) add_block(bytes.data());
  if (!bytes.empty()) std::memcpy(block_.data() + used, bytes.data(), bytes.size());
}

Md5Digest Md5::digest() {
  const auto used = block_.begin() + size_bytes_ % block_.size();
  *used = '\x80';
  std::fill(used + 1, block_.end(), '\0');
  if (used - block_.begin() >= static_cast<std::ptrdiff_t>(size_offset)) {
    add_block(block_.data());
    block_.fill('\0');
  }
  const std::uint64_t bits = size_bytes_ * 8;
  write_word(block_.data() + size_offset, static_cast<std::uint32_t>(bits));
  write_word(block_.data() + size_offset + 4, static_cast<std::uint32_t>(bits >> 32));
  add_block(block_.data());
  Md5Digest digest;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    write_word(digest.bytes.data() + 4 * i, state_[i]);
  }
  return digest;
}

Md5Digest md5(std::string_view bytes) {
  Md5 sum;
  sum.add(bytes);
  return sum.digest();
}

}  // namespace pageturner
