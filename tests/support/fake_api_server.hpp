// A Kubernetes API server inside the test process, and what it was asked.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kube/auth/access.hpp"
#include "kube/resource.hpp"
#include "support/certificates.hpp"

namespace support {

// An answer that takes the place of the real one.
struct Script {
  std::string target;     // requests whose path and query contain this …
  int times = 1;          // … so often; 0: always
  int status = 0;         // 0: the real answer, late or cut
  std::string body = {};  // empty: a Status object that fits
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::chrono::milliseconds delay{0};
  double cut = 0;  // 0.5: close the connection after half of the body
};

struct SeenRequest {
  std::string method;
  std::string target;  // path and query, as sent
  std::string accept;
  std::string body;
  std::multimap<std::string, std::string> headers;  // names in lower case
  int peer_port = 0;                                // tells connections apart
  std::string server_name = {};                     // that TLS asked for (SNI)
};

struct ServerOptions {
  std::string version = "v1.36.3";
  enum class Discovery { v2, v2beta1, classic, none } discovery = Discovery::v2;
  std::string token = {};  // wanted of every client; empty: none
  bool tls = true;
  std::string date = "Sat, 22 Aug 2026 15:00:18 GMT";  // the server's clock
  Identity identity = {};          // empty: a good one for 127.0.0.1 and localhost
  std::string host = "127.0.0.1";  // or ::1
  std::size_t threads = 48;        // one for each connection
};

// A Kubernetes API server over a map, in this process: lists with limit and continue, metadata
// only, discovery old and new, permissions, guarded writes, and whatever a script puts in the way.
class FakeApiServer {
 public:
  explicit FakeApiServer(ServerOptions options = {});
  ~FakeApiServer();
  FakeApiServer(const FakeApiServer&) = delete;
  FakeApiServer& operator=(const FakeApiServer&) = delete;

  // Serves a kind, so that it is listed even without objects. The core kinds are there already.
  void serve(const kube::Resource& resource);
  void serve(std::string_view group, std::string_view version, std::string_view plural,
             std::string_view kind, bool namespaced = true);
  void stop_serving(std::string_view group, std::string_view plural);
  // One object; its kind is served from then on, under a plural made from the kind's name.
  void add(const std::string& json);
  void add_namespace(const std::string& name, const std::string& uid);
  void add_pods(int count, const std::string& ns, std::size_t padding = 0);
  // What a kubectl dump, a manifest or a folder of them holds, as `-f` reads it.
  void load(const std::string& path);

  // As a client reads it; empty when there is none.
  std::string object(std::string_view plural, const std::string& ns, const std::string& name) const;
  void erase(std::string_view plural, const std::string& ns, const std::string& name);
  // Nobody may change objects of this kind.
  void forbid_writes(const std::string& plural);
  // Every change of this kind fails, because this webhook cannot be called.
  void refuse_by_webhook(const std::string& plural, const std::string& webhook);
  // The log of a container ("team-a/chat-0"); `previous`: of the run before. All of it is sent for
  // as many lines as are asked for. A container without one has ended before it said anything.
  void add_log(const std::string& pod, const std::string& container, const std::string& text,
               bool previous = false);
  // What a pod answers to a GET by way of pods/proxy; what has no answer refuses the connection.
  void add_answer(const std::string& pod, int port, const std::string& path, int status,
                  const std::string& body);
  // Called in the server's thread before each request is answered, outside of its lock.
  void before_each(std::function<void(const SeenRequest&)> hook);

  // From the first call on, everybody may only do what was allowed. `ns` empty: in all namespaces.
  // "pods/log" and "pods/proxy" are such rights too; forbid() takes one away and leaves the rest.
  void allow_list(std::string_view plural, std::string_view ns = {});
  void forbid(const std::string& subresource);
  void script(Script script);
  // Nobody may watch this kind.
  void forbid_watch(const std::string& plural);
  // What becomes of the watches that are open now: they end as their time is over, are cut off, or
  // are told that their past is forgotten (410), or get a bookmark.
  enum class WatchEnd { over, cut, expired, bookmark };
  void end_watches(WatchEnd how, std::string_view plural = {});
  std::size_t watches() const;  // open now
  // The APIService of this group has no backend: 503, and discovery calls it stale.
  void break_group(const std::string& group);

  int port() const;
  std::string url() const;
  const Identity& authority() const;
  const Identity& identity() const;
  kube::Access access() const;  // with the token the server wants, for url()
  std::string kubeconfig() const { return kubeconfig(url()); }  // the same as a file's text
  std::string kubeconfig(const std::string& url) const;         // by way of a proxy
  std::vector<SeenRequest> log() const;
  std::size_t requests(std::string_view target_contains = {}) const;
  std::size_t connections() const;
  void clear_log();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A login that never changes.
class FixedLogin : public kube::CredentialSource {
 public:
  explicit FixedLogin(kube::Login login) : login_(std::move(login)) {}
  kube::Login login() override { return login_; }
  bool renew() override { return false; }
  std::string describe() const override { return "the token of the test"; }

 private:
  kube::Login login_;
};

}  // namespace support
