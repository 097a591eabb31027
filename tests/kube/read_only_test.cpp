// The transport that lets nothing but reading through.
#include "kube/http/read_only.hpp"

#include "base/error.hpp"
#include "catch.hpp"

using kube::Method;
using kube::Request;

namespace {

// Answers everything, and asks for more when it is told to.
class Echo : public kube::Transport {
 public:
  explicit Echo(std::vector<std::string>& sent) : sent_(sent) {}
  void run(std::vector<Request> batch, kube::Receiver& receiver) override {
    class Later : public kube::Queue {
     public:
      std::size_t add(Request request) override {
        more.push_back(std::move(request));
        return more.size();
      }
      std::vector<Request> more;
    } queue;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      sent_.push_back(batch[i].path);
      receiver.on_body(i, "so far", queue);
      receiver.on_response(i, kube::Response{.status = 200}, queue);
    }
    for (const Request& request : queue.more) sent_.push_back(request.path);
  }

 private:
  std::vector<std::string>& sent_;
};

// Asks for one more as soon as something comes.
class Curious : public kube::Receiver {
 public:
  explicit Curious(Request next, bool early) : next_(std::move(next)), early_(early) {}
  bool on_body(std::size_t, std::string_view, kube::Queue& queue) override {
    if (early_) queue.add(next_);
    return false;
  }
  void on_response(std::size_t, kube::Response&&, kube::Queue& queue) override {
    if (!early_) queue.add(next_);
  }

 private:
  Request next_;
  bool early_;
};

bool refused(const std::vector<Request>& batch, std::vector<std::string>& sent) {
  kube::ReadOnlyTransport transport(std::make_unique<Echo>(sent));
  try {
    transport.send(batch);
  } catch (const base::Error& error) {
    CHECK(error.fault == base::Fault::internal);
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a read-only transport sends GETs of what the API server has") {
  for (const char* path :
       {"/version", "/apis", "/api/v1/pods?limit=500", "/api/v1/namespaces/a/pods/b",
        "/api/v1/namespaces/a/pods/b/log?tailLines=9&container=proxy",
        "/apis/apps/v1/namespaces/proxy/deployments/exec", "/api/v1/namespaces/proxy/pods/exec",
        "/api/v1/namespaces/a/pods/proxy", "/api/v1/nodes/proxy",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode"}) {
    CAPTURE(path);
    std::vector<std::string> sent;
    CHECK_FALSE(refused({{.path = path}}, sent));
    CHECK(sent == std::vector<std::string>{path});
  }
}

TEST_CASE("a read-only transport throws on a write, and sends nothing of its batch") {
  for (const Method method : {Method::post, Method::put, Method::patch, Method::remove}) {
    for (const char* path : {"/api/v1/namespaces/a/pods", "/api/v1/namespaces/a/pods/b?dryRun=All",
                             "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"}) {
      CAPTURE(path, verb(method));
      std::vector<std::string> sent;
      CHECK(refused({{.path = "/version"}, {.path = path, .method = method}}, sent));
      CHECK(sent.empty());
    }
  }
}

TEST_CASE("a read-only transport throws on what the API server passes on to others") {
  for (const char* path :
       {"/api/v1/namespaces/a/pods/b/proxy/metrics", "/api/v1/namespaces/a/pods/b:8000/proxy/",
        "/api/v1/namespaces/a/services/b/proxy", "/api/v1/nodes/n/proxy/logs",
        "/api/v1/namespaces/a/pods/b/exec?command=sh", "/api/v1/namespaces/a/pods/b/attach",
        "/api/v1/namespaces/a/pods/b/portforward", "/api/v1/namespaces/a/pods/b%2Fproxy%2Fmetrics",
        "/api/v1/namespaces/a/pods/../services/b/proxy"}) {
    CAPTURE(path);
    std::vector<std::string> sent;
    CHECK(refused({{.path = path}}, sent));
    CHECK(sent.empty());
  }
}

TEST_CASE("a read-only transport looks also at requests that answers bring about") {
  for (const bool early : {true, false}) {
    CAPTURE(early);
    std::vector<std::string> sent;
    kube::ReadOnlyTransport transport(std::make_unique<Echo>(sent));
    Curious writes({.path = "/api/v1/pods", .method = Method::post}, early);
    CHECK_THROWS_AS(transport.run({{.path = "/version"}}, writes), base::Error);
    Curious reads({.path = "/api/v1/pods"}, early);
    sent.clear();
    transport.run({{.path = "/version"}}, reads);
    CHECK(sent == std::vector<std::string>{"/version", "/api/v1/pods"});
  }
}
