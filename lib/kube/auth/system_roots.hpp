// Trusted certificate authorities named by SSL_CERT_FILE and SSL_CERT_DIR.
#pragma once
#include <string>

namespace kube {

// The authorities this machine trusts, as PEM, by Go's rules (crypto/x509, root_unix.go):
// SSL_CERT_FILE stands for the usual file, SSL_CERT_DIR for the usual folders; what one of them
// does not replace is read as well. Empty when neither is set: TLS then knows where to look. Throws
// base::Error(usage, "CertificatesUnreadable") when they are set and hold no certificate.
std::string system_roots(const std::string& file, const std::string& folders);

}  // namespace kube
