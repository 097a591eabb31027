// SHA-256 by OpenSSL.
#include "base/sha256.hpp"

#include <openssl/sha.h>

#include "base/chars.hpp"

namespace base {

std::string sha256_hex(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string out;
  for (const unsigned char byte : digest) append_hex(out, byte);
  return out;
}

}  // namespace base
