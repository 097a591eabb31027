// Whose finalizers are known, and which may be stripped.
#include "aibrix/finalizers.hpp"

#include "aibrix/foreign_finalizers.hpp"
#include "catch.hpp"
#include "support/release.hpp"

TEST_CASE("only AIBrix's own finalizers may be stripped") {
  CHECK(aibrix::is_aibrix_finalizer("adapter.model.aibrix.ai/finalizer"));
  CHECK(aibrix::is_aibrix_finalizer("modeladapter.aibrix.ai/finalizer"));
  CHECK(aibrix::is_aibrix_finalizer("orchestration.aibrix.ai/podset-finalizer"));
  CHECK_FALSE(aibrix::is_aibrix_finalizer("foregroundDeletion"));
  CHECK_FALSE(aibrix::is_aibrix_finalizer("ray.io/rayjob-finalizer"));
  CHECK_FALSE(aibrix::is_aibrix_finalizer("backup.example.com/archive"));
  CHECK_FALSE(aibrix::is_aibrix_finalizer("adapter.model.aibrix.ai/finalizer2"));
}

TEST_CASE("a foreign finalizer is known by its domain alone") {
  CHECK(aibrix::find_finalizer("backup.example.com/archive") == nullptr);
  CHECK(aibrix::finalizer_domain("backup.example.com/archive") == "backup.example.com");
  CHECK(aibrix::finalizer_domain("orphan") == "orphan");
}

TEST_CASE("how engines are asked to unload a LoRA depends on the release") {
  const auto of = [](const char* version) {
    return aibrix::unload_behaviour(support::release(version));
  };
  CHECK_FALSE(of("v0.4.1")->timeout);
  CHECK_FALSE(of("v0.4.1")->every_instance);
  CHECK_FALSE(of("v0.5.0")->timeout);
  CHECK(of("v0.5.0")->every_instance);
  CHECK(of("v0.6.0")->timeout);
  CHECK(of("nightly")->timeout);
  CHECK_FALSE(aibrix::unload_behaviour({}).has_value());
}

TEST_CASE("foreign finalizers are known by their whole name, their beginning or their domain") {
  const auto owner = [](const char* name) {
    return std::string(aibrix::finalizer_advice(name).owner);
  };
  CHECK(owner("finalizer.keda.sh") == "KEDA");
  CHECK(owner("workflows.argoproj.io/artifact-gc") == "Argo Workflows");
  CHECK(owner("post-delete-finalizer.argocd.argoproj.io/cleanup") == "Argo CD");
  CHECK(owner("fleet.cattle.io/bundle") == "Rancher Fleet");
  CHECK(owner("svccontroller.k3s.cattle.io/daemonset") == "k3s (ServiceLB)");
  CHECK(owner("controller.cattle.io/namespace-auth") == "Rancher");
  CHECK(owner("external-attacher/ebs-csi-aws-com") == "the CSI driver's external-attacher");
  CHECK(owner("redisFinalizer") == "the Redis operator (OpsTree)");
  CHECK(owner("backup.example.com/archive").empty());
  CHECK(owner("notcattle.io/x").empty());
  CHECK(owner("myredisFinalizer").empty());
}

TEST_CASE("who must remove a finalizer is told without inventing a name") {
  CHECK(aibrix::finalizer_owner("finalizers.fluxcd.io") ==
        "the owner of finalizers.fluxcd.io (Flux)");
  CHECK(aibrix::finalizer_owner("backup.example.com/archive") == "the owner of backup.example.com");
  CHECK(aibrix::finalizer_owner("holdIt") == "the program that set holdIt");
  CHECK(aibrix::finalizer_owner("kubernetes.io/pvc-protection") == "Kubernetes");
}

TEST_CASE("every cloud's load balancer and every snapshot's volume is known as one") {
  using aibrix::Protects;
  const auto protects = [](const char* name) { return aibrix::finalizer_advice(name).protects; };
  for (const char* name :
       {"service.kubernetes.io/load-balancer-cleanup", "service.k8s.aws/resources",
        "networking.gke.io/l4-netlb-v1", "networking.gke.io/l4-netlb-v2",
        "gke.networking.io/l4-ilb-v1", "service.k8s.alibaba/resources", "service.k8s.alibaba/nlb",
        "svccontroller.k3s.cattle.io/daemonset"}) {
    CAPTURE(name);
    CHECK(protects(name) == Protects::load_balancer);
  }
  for (const char* name :
       {"kubernetes.io/pvc-protection", "provisioner.storage.kubernetes.io/cloning-protection",
        "snapshot.storage.kubernetes.io/pvc-as-source-protection"}) {
    CAPTURE(name);
    CHECK(protects(name) == Protects::volume);
  }
  CHECK(protects("kueue.x-k8s.io/managed") == Protects::something);
}
