// Printed commands mean the cluster that was looked at.
#include "cluster_flags.hpp"

#include "catch.hpp"
#include "checks/core/command.hpp"

using checks::aibrixctl;
using checks::kubectl;

namespace {

std::string shown(const checks::Command& command, const cli::Global& global) {
  return checks::to_shell(cli::for_cluster(command, global));
}

}  // namespace

TEST_CASE("printed commands carry the flags that chose the cluster, each kubectl in them") {
  cli::Global global;
  CHECK(shown(kubectl("", "get", "pods"), global) == "kubectl get pods");
  global.context = "prod b";
  CHECK(shown(kubectl("a", "get", "pods"), global) == "kubectl --context 'prod b' -n a get pods");
  checks::Command apply = checks::apply_from_stdin();
  apply.input = "x";
  CHECK(
      shown(apply.and_then(kubectl("", "get", "pods")), global) ==
      "printf '%s\\n' x | kubectl --context 'prod b' apply -f - && kubectl --context 'prod b' get "
      "pods");
  global.kubeconfig = "/tmp/k";
  CHECK(shown(aibrixctl("fix", "webhooks"), global) ==
        "aibrixctl fix webhooks --kubeconfig /tmp/k --context 'prod b'");
  CHECK(shown({}, global).empty());
  // Other programs know nothing of clusters.
  CHECK(shown(checks::Command("curl", {"-sS", "http://localhost"}), global) ==
        "curl -sS http://localhost");
}
