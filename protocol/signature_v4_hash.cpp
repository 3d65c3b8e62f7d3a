#include "protocol/signature_v4_hash.h"

// Allows the functions of a single hash, which OpenSSL 3 deprecates in favour of EVP_Digest(). The
// EVP_ functions look an algorithm up by its name in every call, which takes longer than hashing
// texts as short as these, and link all other algorithms into a static binary: 3 MB.
#define OPENSSL_API_COMPAT 0x10100000L

#include <absl/strings/escaping.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <initializer_list>

namespace pageturner {
namespace {

Sha256Digest sha256_of_parts(std::initializer_list<std::string_view> parts) {
  SHA256_CTX context;
  SHA256_Init(&context);
  for (const std::string_view part : parts) SHA256_Update(&context, part.data(), part.size());
  Sha256Digest digest;
  SHA256_Final(digest.bytes.data(), &context);
  return digest;
}

}  // namespace

std::string Sha256Digest::hex() const {
  return absl::BytesToHexString({view().data(), view().size()});
}

Sha256Digest sha256(std::string_view text) { return sha256_of_parts({text}); }

Sha256Digest hmac_sha256(std::string_view key, std::string_view text) {
  constexpr std::size_t block_bytes = SHA256_CBLOCK;
  Sha256Digest hashed_key;
  if (key.size() > block_bytes) {
    hashed_key = sha256(key);
    key = hashed_key.view();
  }
  std::string inner(block_bytes, '\x36');
  std::string outer(block_bytes, '\x5C');
  for (std::size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  const Sha256Digest inner_digest = sha256_of_parts({inner, text});
  return sha256_of_parts({outer, inner_digest.view()});
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace pageturner
