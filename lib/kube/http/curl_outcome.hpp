// What became of a transfer, and why.
#pragma once
#include <optional>
#include <string>

#include "base/time.hpp"
#include "kube/http/curl_request.hpp"
#include "kube/http/line.hpp"

namespace kube::curl {

// Fills in the response of a transfer that is over, other than 401's detail and TLS faults. Throws
// base::Error(unavailable, "OutOfMemory").
void conclude(Transfer& transfer, CURLcode code, const Access& access, const CurlOptions& options);

// Of a request that is on its way over a connection that it opened itself; else nothing.
std::optional<Handshake> handshake_of(const Transfer& transfer);

// Nobody could be spoken to: what would be so for every other request as well.
bool is_no_connection(Failure failure);
// No file can be opened any more.
bool files_used_up();

// Why the handshake failed: shakes hands once more, without verifying and without showing any
// credential, and looks at the certificates that come. Empty: they explain nothing.
std::string diagnose_tls(const Target& target, const Access& access, const CurlOptions& options);
// The client certificate is out of date: says so. Else empty.
std::string client_certificate_fault(const Login& login, const base::Clock& now);

void check_stop(const CurlOptions& options);  // throws base::Error when the user wants to stop

}  // namespace kube::curl
