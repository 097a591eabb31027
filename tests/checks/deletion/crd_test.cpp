// FIN011: CRDs of AIBrix's that are being deleted.
#include <algorithm>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/stuck.hpp"
#include "support/snapshot.hpp"

using support::Cluster;
using support::finding;
using support::outcome;
using support::run;

namespace {

std::string crd(const std::string& name, const std::string& at) {
  return stuck::object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", name, at,
                       "customresourcecleanup.apiextensions.k8s.io");
}

}  // namespace

// Field case 2062: kubectl delete -f of the core manifest up to v0.6 takes the CRDs, and so every
// object, with it; the controller goes first, so that finalizers hold the last ones.
TEST_CASE(
    "a deleted core manifest leaves CRDs that wait for adapters that wait for the controller") {
  Cluster cluster;
  cluster.yaml(crd("modeladapters.model.aibrix.ai", "2026-01-01T00:59:50Z"))
      .yaml(stuck::adapter("default", "sql-lora", "2026-01-01T00:59:50Z"))
      .yaml(stuck::adapter("default", "chat-lora", "2026-01-01T00:59:50Z"))
      .complete()
      .at(stuck::now);
  const auto out = run({"FIN*", "INS005"}, cluster);
  INFO(support::render(out));
  const auto f = finding(out, "INS005");
  CHECK(f.level == checks::Level::error);
  CHECK(checks::headline(f) ==
        "aibrix-controller-manager is not installed. CustomResourceDefinition "
        "modeladapters.model.aibrix.ai is stuck in Terminating.");
  CHECK(std::any_of(f.symptoms.begin(), f.symptoms.end(),
                    [](const checks::Symptom& symptom) { return symptom.code == "FIN011"; }));
  CHECK(std::any_of(f.remedies.begin(), f.remedies.end(), [](const checks::Remedy& r) {
    return checks::to_shell(r.command) ==
           "kubectl get modeladapters.model.aibrix.ai -A -o yaml > "
           "modeladapters.model.aibrix.ai.yaml";
  }));
  CHECK(std::any_of(f.notes.begin(), f.notes.end(), [](const std::string& note) {
    return note.find("core manifest contains the CRDs up to v0.6") != std::string::npos;
  }));
}

TEST_CASE("CRDs that may not be listed cannot be judged, nor one whose objects were not read") {
  Cluster forbidden;
  forbidden.forbid(kube::resources::crds);
  CHECK(outcome(run("FIN011", forbidden), "FIN011") == "skipped");
  Cluster alone;
  alone.yaml(crd("modeladapters.model.aibrix.ai", "2026-01-01T00:59:58Z")).at(stuck::now);
  CHECK(outcome(run("FIN011", alone), "FIN011") == "undetermined");
}
