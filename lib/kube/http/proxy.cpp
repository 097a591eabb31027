// The choice of a proxy by HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
#include "kube/http/proxy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/text.hpp"
#include "kube/http/curl_easy.hpp"

namespace kube {
namespace {

struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlCleanup>;

Url parse(const std::string& text) {
  Url url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    url.reset();
  return url;
}

std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

// An IP address as Go compares them: IPv4 as IPv4-mapped IPv6.
using Ip = std::array<std::uint8_t, 16>;

std::optional<Ip> parse_ip(std::string text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  Ip ip{};
  if (inet_pton(AF_INET6, text.c_str(), ip.data()) == 1) return ip;
  if (inet_pton(AF_INET, text.c_str(), ip.data() + 12) != 1) return std::nullopt;
  ip[10] = ip[11] = 0xff;
  return ip;
}

bool is_ipv4(const Ip& ip) {
  return std::all_of(ip.begin(), ip.begin() + 10, [](auto b) { return b == 0; }) &&
         ip[10] == 0xff && ip[11] == 0xff;
}

bool is_loopback(const Ip& ip) {
  if (is_ipv4(ip)) return ip[12] == 127;
  return std::all_of(ip.begin(), ip.end() - 1, [](auto b) { return b == 0; }) && ip.back() == 1;
}

// "10.0.0.0/8"; nothing when it is no CIDR. True: `ip` is in it.
std::optional<bool> in_cidr(std::string_view text, const std::optional<Ip>& ip) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto net = parse_ip(std::string(text.substr(0, slash)));
  const std::string_view length = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (!net || error != std::errc() || end != length.data() + length.size()) return std::nullopt;
  const bool v4 = is_ipv4(*net) && text.substr(0, slash).find(':') == std::string_view::npos;
  if (bits > (v4 ? 32U : 128U)) return std::nullopt;
  if (!ip || is_ipv4(*ip) != v4) return false;
  bits += v4 ? 96 : 0;
  for (std::size_t i = 0; i < 16; ++i) {
    const std::size_t here = std::clamp<std::size_t>(bits, 8 * i, 8 * i + 8) - 8 * i;
    const auto mask = static_cast<std::uint8_t>(0xff00U >> here);
    if (((*net)[i] & mask) != ((*ip)[i] & mask)) return false;
  }
  return true;
}

struct HostPort {
  std::string host, port;
};

// "host:port" or "[::1]:port"; nothing without a port, or with colons too many.
std::optional<HostPort> split_port(const std::string& text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string::npos || end + 1 >= text.size() || text[end + 1] != ':') return {};
    return HostPort{text.substr(1, end - 1), text.substr(end + 2)};
  }
  const auto colon = text.find(':');
  if (colon == std::string::npos || text.find(':', colon + 1) != std::string::npos) return {};
  return HostPort{text.substr(0, colon), text.substr(colon + 1)};
}

// One entry of NO_PROXY keeps this server from being reached through the proxy.
bool excludes(std::string_view entry, const HostPort& server, const std::optional<Ip>& ip) {
  std::string text = base::lower(base::trim(entry));
  if (text.empty()) return false;
  if (text == "*") return true;
  if (const auto inside = in_cidr(text, ip)) return *inside;
  std::string port;
  if (const auto both = split_port(text)) {
    text = both->host;
    port = both->port;
  }
  if (text.empty() || (!port.empty() && port != server.port)) return false;
  if (const auto own = parse_ip(text)) return ip && *own == *ip;
  if (text.starts_with("*.")) text.erase(0, 1);
  if (text.front() != '.') {
    if (server.host == text) return true;
    text.insert(0, 1, '.');
  }
  return server.host.ends_with(text);
}

bool is_direct(const HostPort& server, const std::string& no_proxy) {
  const auto ip = parse_ip(server.host);
  if (server.host == "localhost" || (ip && is_loopback(*ip))) return true;
  const auto entries = base::split(no_proxy, ',');
  return std::any_of(entries.begin(), entries.end(),
                     [&](std::string_view entry) { return excludes(entry, server, ip); });
}

// As Go's parseProxy: without a scheme it is an http proxy; what is no address is none at all.
std::string usable(const std::string& proxy) {
  if (proxy.empty()) return {};
  const bool full = proxy.find("://") != std::string::npos;
  const std::string url = full ? proxy : "http://" + proxy;
  return parse(url) ? url : std::string();
}

}  // namespace

std::string proxy_for(const std::string& url, const ProxyEnvironment& environment) {
  const Url parsed = parse(url);
  if (!parsed) return {};
  const std::string scheme = part(parsed, CURLUPART_SCHEME);
  const bool plain = scheme == "http";
  if (!plain && scheme != "https") return {};
  const std::string proxy = usable(plain ? environment.http : environment.https);
  // Go refuses such a run; no cluster is reached over plain http from within a CGI program.
  if (proxy.empty() || (plain && environment.cgi)) return {};
  std::string host = base::lower(part(parsed, CURLUPART_HOST));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const HostPort server{host, part(parsed, CURLUPART_PORT)};
  return is_direct(server, environment.no_proxy) ? std::string() : proxy;
}

std::string public_proxy(const std::string& proxy) {
  const Url url = parse(proxy);
  if (!url) return "the proxy";
  const std::string host = part(url, CURLUPART_HOST);
  const std::string port = part(url, CURLUPART_PORT);
  return base::printable(part(url, CURLUPART_SCHEME) + "://" + host +
                         (port.empty() ? std::string() : ':' + port));
}

}  // namespace kube
