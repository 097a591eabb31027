#include "kube/http/curl_outcome.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/http/certificate.hpp"

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

Failure connect_failure(CURL* easy, const Access& access) {
  if (!access.proxy_url.empty()) return Failure::proxy;
  return info<long>(easy, CURLINFO_OS_ERRNO) == ECONNREFUSED ? Failure::refused
                                                             : Failure::unreachable;
}

Failure timeout_failure(CURL* easy) {
  // Set once the connection is up and the request may go out.
  return info<curl_off_t>(easy, CURLINFO_PRETRANSFER_TIME_T) == 0 ? Failure::connect_timeout
                                                                  : Failure::timeout;
}

Failure failure_of(const Transfer& transfer, CURLcode code, const Access& access,
                   std::string_view text) {
  CURL* easy = transfer.easy.get();
  if (transfer.too_large) return Failure::too_large;
  switch (code) {
    case CURLE_OK: return Failure::none;
    case CURLE_COULDNT_RESOLVE_HOST: return Failure::dns;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return Failure::proxy;
    case CURLE_COULDNT_CONNECT: return connect_failure(easy, access);
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
    return "no TLS is spoken on that port";
  }
  return base::printable(base::trim(text));
}

}  // namespace

void conclude(Transfer& transfer, CURLcode code, const Access& access) {
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
  const std::string_view told = transfer.error.data();
  const std::string_view text = told.empty() ? std::string_view(curl_easy_strerror(code)) : told;
  response.failure = failure_of(transfer, code, access, text);
  if (response.failure != Failure::none) response.detail = plainer(text);
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
  return certificate_fault(chain, access.ca_pem, target.host, now);
}

void check_stop(const CurlOptions& options) {
  const int signal = options.stop == nullptr ? 0 : options.stop->load(std::memory_order_relaxed);
  if (signal != 0) throw base::stopped_by(signal);
}

}  // namespace kube::curl
