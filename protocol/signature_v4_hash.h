// The hashes of AWS Signature Version 4. signature_v4_hash.cpp is the only file that knows
// OpenSSL's SHA-256.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace pageturner {

struct Sha256Digest {
  std::array<unsigned char, 32> bytes;

  // The bytes as a view into this digest.
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // The bytes as 64 hexadecimal digits in lower case.
  std::string hex() const;
};

Sha256Digest sha256(std::string_view text);

// HMAC-SHA256. Source: RFC 2104.
Sha256Digest hmac_sha256(std::string_view key, std::string_view text);

// Returns whether two texts are equal, in a time that depends on their sizes only.
bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace pageturner
