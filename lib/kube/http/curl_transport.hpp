// The transport that goes over a real network, by libcurl.
#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/program.hpp"
#include "base/time.hpp"
#include "kube/auth/access.hpp"
#include "kube/http/bounds.hpp"
#include "kube/http/transport.hpp"

namespace kube {

// gzip. An API server compresses answers of 128 kB and more, at level 1 (k8s.io/apiserver,
// endpoints/handlers/responsewriters, v1.36). Over a line that pays many times over; on one machine
// with the server, what it costs there is saved in TLS and framing on both sides
// (bench/RESULTS.md). Automatic: on, unless the kubeconfig has disable-compression.
enum class Compression { automatic, on, off };

struct CurlOptions {
  std::string user_agent{base::program_name};
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds request_timeout{0};  // one request, from start to end; 0: none
  std::chrono::milliseconds run_timeout{0};      // everything of one run(); 0: none
  // Nothing comes for that long: of one request, while others are answered, or of all. As long as
  // the API server itself gives a request.
  std::chrono::milliseconds stall_timeout{60'000};
  // The same, before the server was ever heard.
  std::chrono::milliseconds first_answer_timeout{30'000};
  int max_connections = 8;  // HTTP/1.1; HTTP/2 needs one; 0: as many as there are requests
  bool http2 = true;        // ask for it; the server decides
  Compression compression = Compression::off;
  // The first request goes ahead until there is a connection, which tells how long the line is
  // (round_trip); the others could not have been sent before either.
  bool learn_line = false;
  // Not zero: the signal that ends the command (base::stopped_by). Looked at every 50 ms.
  const std::atomic<int>* stop = nullptr;
  base::Clock now = {};                 // says which certificates have expired
  std::shared_ptr<Bounds> bounds = {};  // of reading; none: only max_body_bytes
};

// Requests over libcurl: one HTTP/2 connection for all, or a few of HTTP/1.1, kept between runs.
// libcurl is started by the first run(), so that commands without a network do not pay for it.
class CurlTransport : public Transport {
 public:
  CurlTransport(Access access, CurlOptions options);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  // Adds to what transport.hpp says: tries again as retry.hpp says; answers a 401 by renewing the
  // login, once; follows no redirect. Where no connection can be had and none was before, or
  // nothing comes any more, the others that wait are answered with the same failure.
  void run(std::vector<Request> batch, Receiver& receiver) override;
  std::chrono::microseconds waited() const override;
  std::size_t rounds() const override;
  std::optional<std::chrono::microseconds> round_trip() const override;

 private:
  class Run;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kube
