// Requests, answers and failures of HTTP, and the interface of what sends them.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace kube {

enum class Method { get, post, put, patch, remove };

std::string_view verb(Method method);  // "GET", …

struct Request {
  std::string path;  // below the server's URL, with the query: "/api/v1/pods?limit=500"
  Method method = Method::get;
  std::string accept = "application/json";
  std::string body = {};
  std::string content_type = {};
  std::size_t expected_bytes = 0;  // memory to set aside for the answer; 0: no idea
  bool watch_body = false;         // Receiver::on_body wants to see the body grow
  // A good answer is a stream of lines that may last: each goes to Receiver::on_line, none is kept,
  // and the limits on time are not for it. Not tried again.
  bool lines = false;
  // For requests that are not the API server's own (a service proxy, a gateway):
  std::vector<std::pair<std::string, std::string>> headers = {};  // more of them
  bool keep_headers = false;                                      // Response::headers is wanted
  bool once = false;                      // take the first answer, whatever it is: no second try
  std::size_t max_bytes = 0;              // of the answer, below what the transport allows; 0: that
  std::chrono::milliseconds patience{0};  // from start to end, below the transport's; 0: that
};

// Why there is no complete answer.
enum class Failure {
  none,
  dns,
  proxy,            // its name, its refusal (407), its TLS
  refused,          // nothing listens on the port
  unreachable,      // no route, host down
  connect_timeout,  // no connection in time
  timeout,          // connected, but no (complete) answer in time
  tls,              // the server's certificate or the handshake; detail says which and why
  identity,         // our own certificate, key, CA or token cannot be used
  reset,            // the connection was lost before an answer began
  cut_short,        // … or in the middle of one
  too_large,        // more than one answer, or all under way, may have; detail says which
  no_files,         // this process has too many files open
  not_http,         // something else answers on that port
};

struct Timing {
  std::chrono::microseconds connect{0};   // until the connection was ready, TLS included; 0: reused
  std::chrono::microseconds wait{0};      // from the request to the first byte of the answer
  std::chrono::microseconds transfer{0};  // from the first byte to the last
};

struct Response {
  int status = 0;  // 0: no answer
  Failure failure = Failure::none;
  std::string detail = {};  // about a failure or a 401, in words; no credentials in it
  std::string body = {};    // with capacity for a JSON reader's padding
  std::string content_type = {};
  std::string location = {};  // of a redirect: not followed
  std::string encoding = {};  // of the body on the line, in lower case: "gzip"; it is decoded here
  std::optional<base::Time> date = {};
  std::optional<std::chrono::seconds> retry_after = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case; when kept
  std::vector<std::string> warnings = {};  // as the header has them: 299 - "…"
  Timing timing = {};
  std::size_t bytes = 0;  // received, after TLS and HTTP/2, headers included
  int connections = 0;    // opened for this request
  int attempts = 1;

  bool ok() const { return failure == Failure::none && status >= 200 && status < 300; }
};

// Room behind a body that simdjson reads over.
inline constexpr std::size_t body_padding = 64;

// Where a Receiver asks for more. Requests are numbered in the order asked, the first batch first.
class Queue {
 public:
  virtual ~Queue() = default;
  virtual std::size_t add(Request request) = 0;
};

// Takes answers as they come; both functions may ask for more requests while others run.
class Receiver {
 public:
  virtual ~Receiver() = default;
  // A watched body has grown. False: seen enough, do not call again for this attempt. A retried
  // request starts over, and is reported from its beginning again.
  virtual bool on_body(std::size_t number, std::string_view so_far, Queue& queue);
  virtual void on_response(std::size_t number, Response&& response, Queue& queue) = 0;
  // A line of a stream, without its end. The first one is empty: the server has begun.
  virtual void on_line(std::size_t number, std::string_view line);
  // Looked at again and again while requests are under way (every 50 ms or more often).
  virtual void on_turn(Queue& queue);
};

// The one seam to the network.
class Transport {
 public:
  virtual ~Transport() = default;
  // Sends the batch and all that the receiver adds; returns when everything is answered. Failures
  // are answers; throws base::Error only when interrupted, when there is no login to be had, when
  // the time for reading is over, or when memory is.
  virtual void run(std::vector<Request> batch, Receiver& receiver) = 0;
  // How long all runs so far had nothing to do but wait for the network.
  virtual std::chrono::microseconds waited() const { return {}; }
  // How many requests of all runs so far had to follow each other: what is asked for because of an
  // answer, or of its beginning, comes a round later, as does every run.
  virtual std::size_t rounds() const { return 0; }
  // To the server and back, as far as the connection told; nothing: not known.
  virtual std::optional<std::chrono::microseconds> round_trip() const { return {}; }
  // Answers in the order asked.
  std::vector<Response> send(std::vector<Request> batch);
  // The same; when it throws, `answers` has those that came before.
  void send(std::vector<Request> batch, std::vector<std::optional<Response>>& answers);
};

}  // namespace kube
