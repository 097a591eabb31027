#pragma once
// The only file that includes curl.h: what the curl_*.cpp files share.
#include <curl/curl.h>

#include <array>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "kube/auth/access.hpp"
#include "kube/http/curl_transport.hpp"
#include "kube/http/transport.hpp"

namespace kube::curl {

struct EasyCleanup {
  using pointer = CURL*;
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiCleanup {
  using pointer = CURLM*;
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;
using Multi = std::unique_ptr<CURLM, MultiCleanup>;
using List = std::unique_ptr<curl_slist, ListCleanup>;

// curl_easy_setopt is variadic: an int where it reads a long is undefined. Only these types go in.
using DataFunction = std::size_t (*)(char*, std::size_t, std::size_t, void*);
void set(CURL* easy, CURLoption option, long value);
void set(CURL* easy, CURLoption option, const char* value);
void set(CURL* easy, CURLoption option, const std::string& value);
void set(CURL* easy, CURLoption option, void* value);
void set(CURL* easy, CURLoption option, curl_slist* value);
void set(CURL* easy, CURLoption option, DataFunction value);
void set_pem(CURL* easy, CURLoption option, const std::string& pem);  // copied
void append(List& list, const std::string& line);
// `value` as it is; throws when it holds a line break, which would let a kubeconfig or a token file
// add headers of its own.
const std::string& checked(const std::string& value, const char* what);

// Where the connection goes and what the other side is to prove.
struct Target {
  std::string base_url;     // what request paths are appended to
  std::string host;         // the name or address its certificate must be for
  std::string connect_to;   // CURLOPT_CONNECT_TO entry; empty: where base_url says
  std::string host_header;  // empty: as in base_url
  bool loopback = false;
};
// tls_server_name has no libcurl option: the URL gets that name, CONNECT_TO the real address, and
// the Host header (:authority) stays what kubectl would send. Throws for a URL that is none.
Target target_of(const Access& access);

// One request on its way, with the memory that libcurl borrows.
struct Transfer {
  std::size_t number = 0;
  Request request;
  Response response;
  Easy easy;
  List headers, connect_to;
  std::array<char, CURL_ERROR_SIZE> error{};
  unsigned login_used = 0;
  bool watching = false;
  bool too_large = false;
  std::chrono::steady_clock::time_point not_before{};
  Receiver* receiver = nullptr;
  Queue* queue = nullptr;
  std::exception_ptr* thrown = nullptr;  // by a callback; must not fly through libcurl
};

// What is the same for all requests: proxy, TLS, timeouts.
void set_connection(CURL* easy, const Target& target, List& connect_to, const Access& access,
                    const CurlOptions& options);
// Readies `transfer` for its next try.
void prepare(Transfer& transfer, const Target& target, const Access& access, const Login& login,
             const CurlOptions& options);
// Fills in the response of a transfer that is over, other than 401's detail and TLS faults.
void conclude(Transfer& transfer, CURLcode code, const Access& access);

// Why the handshake failed: shakes hands once more, without verifying and without showing any
// credential, and looks at the certificates that come. Empty: they explain nothing.
std::string diagnose_tls(const Target& target, const Access& access, const CurlOptions& options);
// The client certificate is out of date: says so. Else empty.
std::string client_certificate_fault(const Login& login, const base::Clock& now);

void check_stop(const CurlOptions& options);  // throws base::Error when the user wants to stop

}  // namespace kube::curl
