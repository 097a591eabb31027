// Options of a transfer, and where its connection goes.
#pragma once
#include <string>

#include "kube/auth/access.hpp"
#include "kube/http/curl_easy.hpp"
#include "kube/http/curl_transport.hpp"
#include "kube/http/watchdog.hpp"

namespace kube::curl {

// curl_easy_setopt is variadic: an int where it reads a long is undefined. Only these types go in.
using DataFunction = std::size_t (*)(char*, std::size_t, std::size_t, void*);
void set(CURL* easy, CURLoption option, long value);
void set(CURL* easy, CURLoption option, const char* value);
void set(CURL* easy, CURLoption option, const std::string& value);
void set(CURL* easy, CURLoption option, void* value);
void set(CURL* easy, CURLoption option, curl_slist* value);
void set(CURL* easy, CURLoption option, DataFunction value);
using ProgressFunction = int (*)(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
void set(CURL* easy, CURLoption option, ProgressFunction value);
using SocketFunction = curl_socket_t (*)(void*, curlsocktype, curl_sockaddr*);
void set(CURL* easy, CURLoption option, SocketFunction value);
using CloseFunction = int (*)(void*, curl_socket_t);
void set(CURL* easy, CURLoption option, CloseFunction value);
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
};
// tls_server_name has no libcurl option: the URL gets that name, CONNECT_TO the real address, and
// the Host header (:authority) stays what kubectl would send. Throws for a URL that is none.
Target target_of(const Access& access);

// Whose a socket is: who hears of its opening and closing, and of the errno where it cannot be had.
struct SocketOwner {
  Watchdog* watchdog = nullptr;  // outlives the connection
  int error = 0;
};
void watch_sockets(CURL* easy, SocketOwner& owner);

// The authorities a server's certificate is judged by; empty: libcurl's own.
const std::string& authorities(const Access& access);

// What is the same for all requests: proxy, TLS, timeouts. The environment decides nothing.
void set_connection(CURL* easy, const Target& target, List& connect_to, const Access& access,
                    const CurlOptions& options);

}  // namespace kube::curl
