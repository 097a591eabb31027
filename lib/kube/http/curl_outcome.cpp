// The reader of libcurl's results: failures told apart, TLS faults explained.
#include "kube/http/curl_outcome.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/http/certificate.hpp"
#include "kube/http/proxy.hpp"

namespace kube::curl {
namespace {

using std::chrono::microseconds;

template <typename T>
T info(CURL* easy, CURLINFO which) {
  T value{};
  curl_easy_getinfo(easy, which, &value);
  return value;
}

microseconds between(curl_off_t from, curl_off_t to) {
  return microseconds(std::max<curl_off_t>(to - from, 0));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Failure lost(const Transfer& transfer) {
  return transfer.response.status == 0 ? Failure::reset : Failure::cut_short;
}

// A load balancer takes the connection and drops it while the API server behind it is restarting:
// nothing is wrong with TLS, and another try may succeed. OpenSSL's and libcurl's words.
bool hung_up(std::string_view text) {
  return contains(text, "SSL_ERROR_SYSCALL") || contains(text, "unexpected eof") ||
         contains(text, "Connection reset by peer");
}

Failure connect_failure(CURL* easy) {
  return info<long>(easy, CURLINFO_OS_ERRNO) == ECONNREFUSED ? Failure::refused
                                                             : Failure::unreachable;
}

Failure timeout_failure(CURL* easy) {
  // Set once the connection is up and the request may go out.
  return info<curl_off_t>(easy, CURLINFO_PRETRANSFER_TIME_T) == 0 ? Failure::connect_timeout
                                                                  : Failure::timeout;
}

// There is a proxy, and it has not made a way to the server: what failed is on this side of it.
bool is_proxys(CURL* easy, const Access& access, Failure failure) {
  if (access.proxy_url.empty()) return false;
  switch (failure) {
    // We connect to nobody else.
    case Failure::refused:
    case Failure::unreachable:
    case Failure::connect_timeout: return true;
    // The tunnel was not there yet. Without one, as over SOCKS, it is the server's.
    case Failure::reset:
    case Failure::tls:
    case Failure::not_http:
      return base::lower(access.proxy_url).starts_with("http") &&
             info<curl_off_t>(easy, CURLINFO_PRETRANSFER_TIME_T) == 0 &&
             info<long>(easy, CURLINFO_HTTP_CONNECTCODE) == 0;
    default: return false;
  }
}

// What failed at the proxy, in our words where libcurl's are only about itself.
std::string proxy_fault(const Access& access, Failure failure, std::string_view text) {
  const std::string at = public_proxy(access.proxy_url) + ": ";
  if (failure == Failure::refused) return at + "connection refused";
  if (failure == Failure::connect_timeout) return at + "connection timed out";
  return at + base::printable(base::trim(text));
}

Failure failure_of(const Transfer& transfer, CURLcode code, std::string_view text) {
  CURL* easy = transfer.easy.get();
  if (transfer.stopped) return Failure::too_large;
  switch (code) {
    case CURLE_OK: return Failure::none;
    case CURLE_COULDNT_RESOLVE_HOST: return Failure::dns;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return Failure::proxy;
    case CURLE_COULDNT_CONNECT: return connect_failure(easy);
    case CURLE_OPERATION_TIMEDOUT: return timeout_failure(easy);
    case CURLE_SSL_CONNECT_ERROR: return hung_up(text) ? Failure::reset : Failure::tls;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR: return Failure::tls;
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE: return Failure::identity;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL: return Failure::not_http;
    case CURLE_PARTIAL_FILE: return Failure::cut_short;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      // A tunnel that the proxy refused; a server that refuses our certificate after TLS 1.3's
      // handshake is done for us.
      if (info<long>(easy, CURLINFO_HTTP_CONNECTCODE) >= 300) return Failure::proxy;
      return contains(text, " alert ") ? Failure::tls : lost(transfer);
    default: return lost(transfer);
  }
}

// OpenSSL's words for a server that answers a TLS handshake in plain HTTP.
std::string plainer(std::string_view text) {
  if (contains(text, "wrong version number") || contains(text, "packet length too long")) {
    return "the port does not use TLS";
  }
  return base::printable(base::trim(text));
}

}  // namespace

bool is_no_connection(Failure failure) {
  switch (failure) {
    case Failure::dns:
    case Failure::proxy:
    case Failure::refused:
    case Failure::unreachable:
    case Failure::connect_timeout:
    case Failure::tls:
    case Failure::identity:
    case Failure::reset:
    case Failure::no_files:
    case Failure::not_http: return true;
    default: return false;
  }
}

bool files_used_up() {
  const base::UniqueFd fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  return !fd && (errno == EMFILE || errno == ENFILE);
}

namespace {

void name_failure(Transfer& transfer, CURLcode code, const Access& access,
                  const CurlOptions& options) {
  Response& response = transfer.response;
  const std::string_view told = transfer.error.data();
  const std::string_view text = told.empty() ? std::string_view(curl_easy_strerror(code)) : told;
  Failure& failure = response.failure;
  failure = failure_of(transfer, code, text);
  if (failure == Failure::none || failure == Failure::too_large) return;  // which says why itself
  const int error = transfer.socket.error;
  if (error == EMFILE || error == ENFILE || (is_no_connection(failure) && files_used_up())) {
    failure = Failure::no_files;
    response.detail.clear();
  } else if (contains(text, "Too large response headers")) {  // of more than 300 kB
    failure = Failure::too_large;
    response.detail = "has headers that are too large";
  } else if (code == CURLE_OUT_OF_MEMORY) {
    // libcurl says the same of a header line of more than 100 kB.
    throw base::Error(base::Fault::unavailable, "OutOfMemory",
                      "out of memory, or a response header is larger than 100 kB");
  } else if (is_proxys(transfer.easy.get(), access, failure)) {
    response.detail = proxy_fault(access, failure, text);
    failure = Failure::proxy;
  } else if (failure == Failure::connect_timeout) {
    response.detail = "none within " + base::format_age(options.connect_timeout);
  } else {
    response.detail = plainer(text);
  }
}

}  // namespace

void conclude(Transfer& transfer, CURLcode code, const Access& access, const CurlOptions& options) {
  CURL* easy = transfer.easy.get();
  Response& response = transfer.response;
  response.status = static_cast<int>(info<long>(easy, CURLINFO_RESPONSE_CODE));
  const auto connected = info<curl_off_t>(easy, CURLINFO_APPCONNECT_TIME_T);
  const auto ready = info<curl_off_t>(easy, CURLINFO_PRETRANSFER_TIME_T);
  const auto first = info<curl_off_t>(easy, CURLINFO_STARTTRANSFER_TIME_T);
  const auto all = info<curl_off_t>(easy, CURLINFO_TOTAL_TIME_T);
  const auto opened = info<long>(easy, CURLINFO_NUM_CONNECTS);
  if (opened != 0) {
    const auto plain = info<curl_off_t>(easy, CURLINFO_CONNECT_TIME_T);
    response.timing.connect = microseconds(std::max(connected, plain));
  }
  response.timing.wait = between(ready, first);
  response.timing.transfer = between(first, all);
  response.connections += static_cast<int>(opened);
  response.bytes += static_cast<std::size_t>(info<curl_off_t>(easy, CURLINFO_SIZE_DOWNLOAD_T)) +
                    static_cast<std::size_t>(info<long>(easy, CURLINFO_HEADER_SIZE));
  name_failure(transfer, code, access, options);
}

std::optional<Handshake> handshake_of(const Transfer& transfer) {
  CURL* easy = transfer.easy.get();
  if (info<curl_off_t>(easy, CURLINFO_PRETRANSFER_TIME_T) == 0) return std::nullopt;
  const auto looked_up = info<curl_off_t>(easy, CURLINFO_NAMELOOKUP_TIME_T);
  const auto connected = info<curl_off_t>(easy, CURLINFO_CONNECT_TIME_T);
  const auto secured = info<curl_off_t>(easy, CURLINFO_APPCONNECT_TIME_T);
  return Handshake{between(looked_up, connected),
                   secured == 0 ? microseconds(0) : between(connected, secured)};
}

std::string client_certificate_fault(const Login& login, const base::Clock& now) {
  const auto certificate = read_certificate(login.certificate_pem);
  if (!certificate || !now || certificate->not_after >= now()) return {};
  return "the client certificate " + certificate->subject + " expired on " +
         base::format_time(certificate->not_after);
}

std::string diagnose_tls(const Target& target, const Access& access, const CurlOptions& options) {
  if (access.insecure_skip_tls_verify) return {};
  const Multi multi(curl_multi_init());
  const Easy easy(curl_easy_init());
  if (!multi || !easy) return {};
  List connect_to;
  set_connection(easy.get(), target, connect_to, access, options);
  set(easy.get(), CURLOPT_URL, target.base_url);
  set(easy.get(), CURLOPT_CONNECT_ONLY, 1L);
  set(easy.get(), CURLOPT_SSL_VERIFYPEER, 0L);
  set(easy.get(), CURLOPT_SSL_VERIFYHOST, 0L);
  set(easy.get(), CURLOPT_CERTINFO, 1L);
  set(easy.get(), CURLOPT_TIMEOUT_MS, 5000L);
  if (curl_multi_add_handle(multi.get(), easy.get()) != CURLM_OK) return {};
  int running = 1;
  while (curl_multi_perform(multi.get(), &running) == CURLM_OK && running != 0) {
    check_stop(options);
    curl_multi_poll(multi.get(), nullptr, 0, 50, nullptr);
  }
  std::string chain;
  const auto* certificates = info<const curl_certinfo*>(easy.get(), CURLINFO_CERTINFO);
  for (int i = 0; certificates != nullptr && i < certificates->num_of_certs; ++i) {
    for (const curl_slist* line = certificates->certinfo[i]; line != nullptr; line = line->next) {
      const std::string_view text(line->data);
      if (text.substr(0, 5) == "Cert:") chain.append(text.substr(5)).append("\n");
    }
  }
  curl_multi_remove_handle(multi.get(), easy.get());
  const auto now = options.now ? std::optional(options.now()) : std::nullopt;
  return certificate_fault(chain, authorities(access), target.host, now);
}

void check_stop(const CurlOptions& options) {
  const int signal = options.stop == nullptr ? 0 : options.stop->load(std::memory_order_relaxed);
  if (signal != 0) throw base::stopped_by(signal);
}

}  // namespace kube::curl
