#include "cluster_flags.hpp"

#include "catch.hpp"

TEST_CASE("printed commands carry the flags that chose the cluster, each kubectl in them") {
  cli::Global global;
  CHECK(cli::for_cluster("kubectl get pods", global) == "kubectl get pods");
  global.context = "prod b";
  CHECK(cli::for_cluster("kubectl -n a get pods", global) ==
        "kubectl --context 'prod b' -n a get pods");
  CHECK(cli::for_cluster("printf x | kubectl apply -f - && kubectl get pods", global) ==
        "printf x | kubectl --context 'prod b' apply -f - && kubectl --context 'prod b' get pods");
  global.kubeconfig = "/tmp/k";
  CHECK(cli::for_cluster("aibrixctl fix webhooks", global) ==
        "aibrixctl fix webhooks --kubeconfig /tmp/k --context 'prod b'");
  CHECK(cli::for_cluster("", global).empty());
  CHECK(cli::for_cluster("send the header to kubectl proxy", global) ==
        "send the header to kubectl proxy");
}
