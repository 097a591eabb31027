// Certificate authorities and certificates, made for tests of TLS.
#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace support {

struct Identity {
  std::string certificate_pem;
  std::string key_pem;
};

struct CertificateWish {
  std::string name;  // common name
  std::string organization = {};
  std::vector<std::string> sans = {};  // "IP:127.0.0.1", "DNS:localhost"
  std::chrono::hours from{-1};         // relative to now
  std::chrono::hours until{24};
};

// P-256, so that making one takes no time.
Identity make_authority(const std::string& name);
Identity make_certificate(const Identity& authority, const CertificateWish& wish);

}  // namespace support
