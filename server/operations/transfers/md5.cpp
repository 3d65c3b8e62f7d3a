#include "server/operations/transfers/md5.h"

// The functions of one hash, which newer versions would have us leave for EVP_Digest(). That knows
// all that the library can do, and a static binary with it is twice as large.
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/md5.h>

namespace pageturner {

std::string md5(std::string_view bytes) {
  std::string sum(MD5_DIGEST_LENGTH, '\0');
  MD5(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
      reinterpret_cast<unsigned char*>(sum.data()));
  return sum;
}

}  // namespace pageturner
