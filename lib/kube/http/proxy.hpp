// Whether the API server is reached through a proxy, and which.
#pragma once
#include <string>

namespace kube {

// What the environment says about proxies.
struct ProxyEnvironment {
  std::string http;      // HTTP_PROXY, else http_proxy
  std::string https;     // HTTPS_PROXY, else https_proxy
  std::string no_proxy;  // NO_PROXY, else no_proxy
  bool cgi = false;      // REQUEST_METHOD is set: whoever sent the request wrote HTTP_PROXY
};

// The proxy for a server's URL as Go's net/http (golang.org/x/net/http/httpproxy), and so kubectl,
// chooses it; empty: none. ALL_PROXY is not for Go. The loopback is never asked for through one.
std::string proxy_for(const std::string& url, const ProxyEnvironment& environment);

// A proxy's address without user and password.
std::string public_proxy(const std::string& proxy);

}  // namespace kube
