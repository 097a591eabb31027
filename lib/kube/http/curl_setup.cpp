// The setting of libcurl's options: URL, proxy, TLS, login.
#include "kube/http/curl_setup.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/system.hpp"
#include "base/text.hpp"

namespace kube::curl {
namespace {

using base::Error;
using base::Fault;

struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlCleanup>;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

// No other program that we start has our connections. `user`: a SocketOwner, or nullptr.
curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  const int fd = base::open_socket(address->family, address->socktype, address->protocol);
  auto* owner = static_cast<SocketOwner*>(user);
  if (fd >= 0 && owner != nullptr && owner->watchdog != nullptr) owner->watchdog->opened(fd);
  if (fd >= 0) return fd;
  if (owner != nullptr) owner->error = errno;
  return CURL_SOCKET_BAD;
}

int close_socket(void* user, curl_socket_t fd) {
  static_cast<Watchdog*>(user)->closed(fd);
  return ::close(fd);
}

// Go leaves it to a socks5 proxy to look the name up; libcurl calls that socks5h.
std::string curl_proxy(const std::string& url) {
  constexpr std::string_view socks = "socks5://";
  if (base::lower(url.substr(0, socks.size())) != socks) return url;
  return "socks5h://" + url.substr(socks.size());
}

}  // namespace

void set(CURL* easy, CURLoption option, long value) {
  curl_easy_setopt(easy, option, value);
}
void set(CURL* easy, CURLoption option, const char* value) {
  curl_easy_setopt(easy, option, value);
}
void set(CURL* easy, CURLoption option, const std::string& value) {
  curl_easy_setopt(easy, option, value.c_str());
}
void set(CURL* easy, CURLoption option, void* value) {
  curl_easy_setopt(easy, option, value);
}
void set(CURL* easy, CURLoption option, curl_slist* value) {
  curl_easy_setopt(easy, option, value);
}
void set(CURL* easy, CURLoption option, DataFunction value) {
  curl_easy_setopt(easy, option, value);
}

void set(CURL* easy, CURLoption option, ProgressFunction value) {
  curl_easy_setopt(easy, option, value);
}
void set(CURL* easy, CURLoption option, SocketFunction value) {
  curl_easy_setopt(easy, option, value);
}
void set(CURL* easy, CURLoption option, CloseFunction value) {
  curl_easy_setopt(easy, option, value);
}

void watch_sockets(CURL* easy, SocketOwner& owner) {
  set(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&owner));
  if (owner.watchdog == nullptr) return;
  set(easy, CURLOPT_CLOSESOCKETFUNCTION, &close_socket);
  set(easy, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(owner.watchdog));
}

void set_pem(CURL* easy, CURLoption option, const std::string& pem) {
  curl_blob blob{};
  blob.data = const_cast<char*>(pem.data());
  blob.len = pem.size();
  blob.flags = CURL_BLOB_COPY;
  curl_easy_setopt(easy, option, &blob);
}

void append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();  // it is part of the longer one
  list.reset(longer);
}

const std::string& checked(const std::string& value, const char* what) {
  const auto bad = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(value.begin(), value.end(), bad)) {
    throw Error(Fault::usage, "CredentialInvalid",
                std::string(what) + " contains a control character or a line break",
                "check the kubeconfig's user entry, or the token file that it references");
  }
  return value;
}

Target target_of(const Access& access) {
  const Url url(curl_url());
  const bool parsed = curl_url_set(url.get(), CURLUPART_URL, access.server.c_str(), 0) == CURLUE_OK;
  const std::string scheme = part(url.get(), CURLUPART_SCHEME);
  if (!parsed || (scheme != "https" && scheme != "http")) {
    throw Error(Fault::usage, "ServerInvalid",
                "the cluster's server is not an http(s) URL: " + base::printable(access.server),
                "check clusters[].cluster.server of the kubeconfig, or --server");
  }
  Target target;
  std::string host = part(url.get(), CURLUPART_HOST);
  const std::string port = part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  curl_url_set(url.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(url.get(), CURLUPART_PASSWORD, nullptr, 0);
  if (!access.tls_server_name.empty() && scheme == "https") {
    const std::string& name = checked(access.tls_server_name, "tls-server-name");
    target.connect_to = name + ':' + port + ':' + host + ':' + port;
    target.host_header = port == "443" ? host : host + ':' + port;
    curl_url_set(url.get(), CURLUPART_HOST, name.c_str(), 0);
  }
  target.base_url = part(url.get(), CURLUPART_URL);
  while (target.base_url.ends_with('/')) target.base_url.pop_back();
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  target.host = target.connect_to.empty() ? host : access.tls_server_name;
  return target;
}

const std::string& authorities(const Access& access) {
  return access.ca_pem.empty() ? access.system_roots_pem : access.ca_pem;
}

void set_connection(CURL* easy, const Target& target, List& connect_to, const Access& access,
                    const CurlOptions& options) {
  if (!target.connect_to.empty()) {
    append(connect_to, target.connect_to);
    set(easy, CURLOPT_CONNECT_TO, connect_to.get());
  }
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_QUICK_EXIT, 1L);  // do not wait for a resolver thread when stopped
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  if (!access.system_roots_pem.empty()) {
    set_pem(easy, CURLOPT_PROXY_CAINFO_BLOB, access.system_roots_pem);
    set(easy, CURLOPT_PROXY_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!authorities(access).empty()) {
    set_pem(easy, CURLOPT_CAINFO_BLOB, authorities(access));
    set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // these authorities and no other
  }
  if (access.insecure_skip_tls_verify) {
    set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  // Empty: none. Either way libcurl, which reads the environment by other rules than Go, does not.
  set(easy, CURLOPT_PROXY, curl_proxy(access.proxy_url));
  set(easy, CURLOPT_NOPROXY, "");
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));  // no token to a proxy
}

}  // namespace kube::curl
