// The choice of a proxy, by Go's rules.
#include "kube/http/proxy.hpp"

#include "catch.hpp"

using kube::proxy_for;
using kube::ProxyEnvironment;

namespace {

// With https://proxy:3128 for both schemes and this NO_PROXY: is the server reached directly?
bool direct(const std::string& no_proxy, const std::string& url) {
  return proxy_for(url, {"http://proxy:3128", "http://proxy:3128", no_proxy}).empty();
}

}  // namespace

TEST_CASE("a proxy is chosen by the server's scheme, as Go does") {
  const ProxyEnvironment both{"http://plain:1", "secure:2", ""};
  CHECK(proxy_for("https://api.example.com:6443", both) == "http://secure:2");
  CHECK(proxy_for("http://api.example.com", both) == "http://plain:1");
  CHECK(proxy_for("http://api.example.com", {"", "http://secure:2", ""}).empty());
  CHECK(proxy_for("https://api.example.com", {"http://plain:1", "", ""}).empty());
  CHECK(proxy_for("https://api.example.com", {"", "socks5://s:1080", ""}) == "socks5://s:1080");
  // Whoever sends a request to a CGI program chooses HTTP_PROXY by a header of that name.
  CHECK(proxy_for("http://api.example.com", {"http://plain:1", "", "", true}).empty());
}

TEST_CASE("an address that is none is no proxy, and none is ever shown with its password") {
  CHECK(proxy_for("https://api.example.com", {"", "http://u:KCANARY@[bad", ""}).empty());
  CHECK(kube::public_proxy("http://u:KCANARY@proxy:3128") == "http://proxy:3128");
  CHECK(kube::public_proxy("http://u:KCANARY@[bad") == "the proxy");
}

TEST_CASE("the loopback is never reached through a proxy") {
  for (const char* url :
       {"https://127.0.0.1:6443", "https://localhost", "https://[::1]:6443", "http://127.3.4.5"}) {
    INFO(url);
    CHECK(direct("", url));
  }
}

TEST_CASE("NO_PROXY is read by Go's rules") {
  struct Row {
    const char* no_proxy;
    const char* url;
    bool direct;
  };
  const Row rows[] = {
      {"", "https://api.example.com", false},
      {"*", "https://api.example.com", true},
      {"example.com", "https://api.example.com", true},
      {"example.com", "https://example.com", true},
      {"example.com", "https://notexample.com", false},
      {".example.com", "https://api.example.com", true},
      {".example.com", "https://example.com", false},
      {"*.example.com", "https://api.example.com", true},
      {"*.example.com", "https://example.com", false},
      {"Example.COM", "https://API.example.com", true},
      {"other.net, example.com ,", "https://api.example.com", true},
      {"example.com:6443", "https://api.example.com:6443", true},
      {"example.com:6443", "https://api.example.com", false},
      {"example.com:443", "https://api.example.com", true},
      {"10.0.0.0/8", "https://10.96.0.1:443", true},
      {"10.0.0.0/8", "https://11.96.0.1:443", false},
      {"10.96.0.0/12", "https://10.111.1.1", true},
      {"10.96.0.0/12", "https://10.112.1.1", false},
      {"fd00::/8", "https://[fd00::1]:6443", true},
      {"fd00::/8", "https://[fe00::1]:6443", false},
      {"fd00::/8", "https://10.0.0.1", false},
      {"10.96.0.1", "https://10.96.0.1", true},
      {"10.96.0.1:443", "https://10.96.0.1", true},
      {"10.96.0.1:6443", "https://10.96.0.1", false},
      {"[fd00::1]:6443", "https://[fd00::1]:6443", true},
      {"fd00::1", "https://[fd00::1]:6443", true},
      {"0.1", "https://10.96.0.1", true},  // a suffix of what is no name: Go looks no closer
      {"10.0.0.0/99", "https://10.0.0.1", false},
  };
  for (const Row& row : rows) {
    INFO(row.no_proxy << " for " << row.url);
    CHECK(direct(row.no_proxy, row.url) == row.direct);
  }
}
