// Access to the API server from inside a pod.
#include "base/error.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "kube/auth/kubeconfig.hpp"

using kube::Access;
using kube::load_access;

namespace {

constexpr const char* ca_pem = "-----BEGIN CERTIFICATE-----\nca\n";

// A pod without a kubeconfig.
struct Pod {
  TempFolder folder;
  kube::KubeconfigFlags flags;
  kube::Environment environment;

  Pod() {
    folder.write("token", "first\n");
    folder.write("ca.crt", ca_pem);
    folder.write("namespace", "team-a");
    environment.home = folder.file("home");
    environment.service_host = "10.96.0.1";
    environment.service_port = "443";
    environment.service_account_folder = folder.path();
  }
  Access access() const { return load_access(flags, environment); }
};

}  // namespace

TEST_CASE("a pod without a kubeconfig uses its service account") {
  const Pod pod;
  const Access access = pod.access();
  CHECK(access.server == "https://10.96.0.1:443");
  CHECK(access.ca_pem == ca_pem);
  CHECK(access.ns == "team-a");
  CHECK(access.context.empty());
  CHECK(access.credentials->login().token == "first");
}

TEST_CASE("a service account token is read again once it was rotated") {
  const Pod pod;
  const Access access = pod.access();
  CHECK(access.credentials->login().token == "first");
  CHECK_FALSE(access.credentials->renew());
  pod.folder.write("token", "second\n");
  CHECK(access.credentials->renew());
  CHECK(access.credentials->login().token == "second");
  CHECK_FALSE(access.credentials->renew());
}

TEST_CASE("in a pod, flags say another server, namespace or token") {
  Pod pod;
  pod.environment.service_host = "fd00::1";
  CHECK(pod.access().server == "https://[fd00::1]:443");
  pod.environment.pod_namespace = "from-downward-api";
  CHECK(pod.access().ns == "from-downward-api");
  pod.flags.server = "https://h";
  pod.flags.ns = "flag";
  pod.flags.token = "mine";
  pod.flags.as_user = "joe";
  CHECK(pod.access().server == "https://h");
  CHECK(pod.access().ns == "flag");
  CHECK(pod.access().as_user == "joe");
  CHECK(pod.access().credentials->login().token == "mine");
}

TEST_CASE("a pod's token does not go out over plain http") {
  Pod pod;
  pod.flags.server = "http://h";
  CHECK(pod.access().credentials->login().token.empty());
}

TEST_CASE("a kubeconfig that selects a context beats the service account") {
  Pod pod;
  pod.environment.kubeconfig =
      pod.folder.write("config",
                       "current-context: c\ncontexts:\n- name: c\n  context: {cluster: k}\n"
                       "clusters:\n- name: k\n  cluster: {server: \"https://k\"}\n");
  CHECK(pod.access().server == "https://k");
  pod.environment.kubeconfig = pod.folder.write("config", "clusters: []\n");
  CHECK(pod.access().server == "https://10.96.0.1:443");
}

TEST_CASE("a pod without a token says so") {
  const Pod pod;
  std::filesystem::remove(pod.folder.file("token"));
  CHECK_THROWS_WITH(pod.access(), "no kubeconfig found: " + pod.folder.file("home/.kube/config") +
                                      " does not exist and this pod has no service account token "
                                      "in " +
                                      pod.folder.path());
}
