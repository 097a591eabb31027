// TLS certificates: what they say, and why one is not trusted.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace kube {

struct Certificate {
  std::string subject;  // "CN=kube-apiserver"
  std::string issuer;
  base::Time not_before{};
  base::Time not_after{};
  std::vector<std::string> names;  // subject alternative names: DNS names and IP addresses
};

// The first certificate of a PEM text; nothing when there is none.
std::optional<Certificate> read_certificate(std::string_view pem);

// Why a server's certificates (PEM, its own first) are not to be trusted for `host`, judged against
// the authorities of `ca_pem` (empty: the system's): expired, unknown issuer, other name, as one
// phrase that names the certificate. Empty when there is nothing wrong with them. Without a `now`
// none has expired.
std::string certificate_fault(std::string_view chain_pem, std::string_view ca_pem,
                              const std::string& host, std::optional<base::Time> now);

}  // namespace kube
