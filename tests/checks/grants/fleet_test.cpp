// REF002, REF003, RAY001, RAY002: what fleets lack.
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "support/builders/routed.hpp"

namespace {

using namespace routed;
using checks::Finding;
using checks::Level;
using support::Cluster;
using support::finding;
using support::outcome;

const std::string label = "model.aibrix.ai/name: llama";
const std::string head_labels = label + ", ray.io/node-type: head";
const std::string worker_labels = label + ", ray.io/node-type: worker";

// As samples/distributed/fleet-two-node.yaml; `own` goes into its metadata.
std::string fleet(const std::string& own = "", const std::string& created = long_ago,
                  const std::string& status = "{replicas: 1, availableReplicas: 1}") {
  return "---\napiVersion: orchestration.aibrix.ai/v1alpha1\nkind: RayClusterFleet\nmetadata: " +
         meta("llama", "team", own, created) +
         "\nspec:\n  replicas: 1\n  template:\n    metadata: "
         "{labels: {" +
         label + "}}\n    spec:\n      headGroupSpec: {template: {metadata: {labels: {" + label +
         "}}}}\n      workerGroupSpecs:\n      - {groupName: g, replicas: 1, template: "
         "{metadata: {labels: {" +
         label + "}}}}\nstatus: " + status + "\n";
}
const std::string labelled = ", labels: {" + label + "}";
const std::string pods = pod("head", "team", head_labels) + pod("worker", "team", worker_labels);

std::string ray_cluster(const std::string& status) {
  return "---\napiVersion: ray.io/v1\nkind: RayCluster\nmetadata: " +
         meta("llama-1-a", "team",
              ", ownerReferences: [{apiVersion: x/v1, kind: "
              "RayClusterReplicaSet, name: llama-1, uid: r, controller: true}]") +
         "\nspec: {}\n" + status;
}

Cluster cluster(const std::string& yaml) {
  return Cluster().yaml(install() + service() + yaml).complete().at(now);
}

// Reports 1489 and 1504: 503 RefNotPermitted on a multi-node model, port-forward works.
TEST_CASE("a fleet labelled on its template only is the deeper reason of the missing grant") {
  const auto out =
      run_all({"REF*", "MDL01*"}, cluster(fleet() + pods + route(accepted + ", " + refused())));
  REQUIRE(out.findings.size() == 1);
  const Finding& f = out.findings[0];
  CHECK(f.code == "REF001");
  REQUIRE(f.symptoms.size() == 2);
  CHECK(f.symptoms[0].code == "MDL014");
  CHECK(f.symptoms[1].code == "REF002");
  CHECK(f.symptoms[1].level == Level::warning);
  CHECK(evidence(f, "metadata.labels") == "no model.aibrix.ai/name");
  REQUIRE(f.remedies.size() == 4);
  CHECK(checks::to_shell(f.remedies[2].command) ==
        "kubectl -n team label rayclusterfleets.orchestration.aibrix.ai/llama "
        "model.aibrix.ai/name=llama");
  CHECK(checks::to_shell(f.remedies[3].command) ==
        "kubectl -n aibrix-system rollout restart deployment/aibrix-controller-manager");
}

TEST_CASE("a labelled fleet with its route and grant is fine") {
  const auto out = run_all(
      {"REF*", "RAY001", "MDL01*"},
      cluster(fleet(labelled) + pods + controller_grant() + route(accepted + ", " + resolved)));
  CHECK(support::render(out).empty());
  CHECK(outcome(out, "REF002") == "ok");
}

TEST_CASE("a controller that knows no fleets is not asked for their routes") {  // 827, v0.2.0
  Cluster c =
      Cluster().yaml(install("v0.2.0") + service() + fleet(labelled) + pods).complete().at(now);
  CHECK(outcome(support::run("MDL013", c), "MDL013") == "ok");
  Cluster newer =
      Cluster().yaml(install("v0.2.1") + service() + fleet(labelled) + pods).complete().at(now);
  CHECK(finding(support::run("MDL013", newer), "MDL013").level == Level::error);
}

TEST_CASE("an annotation names the model for main, not for releases") {
  const std::string annotated = fleet(", annotations: {" + label + "}");
  const auto with = [&](const std::string& release) {
    return outcome(support::run("REF002", Cluster().yaml(install(release) + annotated).complete()),
                   "REF002");
  };
  CHECK(with("v0.7.0") == "found");
  CHECK(with("nightly") == "ok");
}

TEST_CASE("the label defect shows in the manifest alone") {
  std::string manifest = fleet();
  manifest.erase(manifest.find("\nstatus"));
  for (const char* drop :
       {", uid: u-team-llama, generation: 1, creationTimestamp: '2026-03-01T10:00:00Z'"}) {
    manifest.erase(manifest.find(drop), std::string(drop).size());
  }
  const auto out = support::run("REF002", Cluster().yaml(manifest));
  const Finding f = finding(out, "REF002");
  CHECK(f.level == Level::warning);
  CHECK(f.remedies.at(0).command.empty());  // nothing to run: it is not in a cluster
}

TEST_CASE("fleets that are no model's, or are not recorded, are not judged") {
  const std::string plain =
      "apiVersion: orchestration.aibrix.ai/v1alpha1\nkind: RayClusterFleet\nmetadata: " +
      meta("batch", "team") + "\nspec: {template: {spec: {headGroupSpec: {template: {}}}}}\n";
  CHECK(outcome(support::run("REF002", Cluster().yaml(plain).complete()), "REF002") == "skipped");
  CHECK(outcome(support::run("REF002", Cluster().yaml(plain)), "REF002") == "undetermined");
  CHECK(outcome(support::run("REF002", Cluster().yaml(service())), "REF002") == "skipped");
}

// Report 1504: the last model Deployment went, and the grant with it.
TEST_CASE("a grant the controller has deleted is told under the missing grant") {
  const auto out = run_all({"REF*", "MDL014"},
                           cluster(fleet(labelled) + pods + route(accepted + ", " + refused())));
  REQUIRE(out.findings.size() == 1);
  const Finding& f = out.findings[0];
  CHECK(f.code == "REF001");
  CHECK(f.symptoms.back().code == "REF003");
  CHECK(f.symptoms.back().subject.ref.name == "aibrix-system-reserved-referencegrant-in-team");
  bool told = false;
  for (const std::string& note : f.notes) {
    told =
        told || note.find("with the last model Deployment of the namespace") != std::string::npos;
  }
  CHECK(told);
}

TEST_CASE("a namespace that another grant serves misses nothing") {
  const auto out = support::run(
      "REF003", cluster(fleet(labelled) + pods + grant("faq") + route(accepted + ", " + resolved)));
  CHECK(outcome(out, "REF003") == "ok");
  Cluster c = cluster(fleet(labelled) + pods + route(accepted + ", " + refused()));
  c.forbid(aibrix::resources::reference_grants);
  CHECK(outcome(support::run("REF003", c), "REF003") == "skipped");
}

TEST_CASE("a fleet just made may still be starting, unless KubeRay is down") {
  const std::string young = fleet("", "2026-03-01T11:59:50Z", "{replicas: 1}") + ray_cluster("");
  CHECK(outcome(support::run("RAY001", cluster(young)), "RAY001") == "undetermined");
  const std::string down =
      running("aibrix-kuberay-operator", "aibrix-system", 0, "kuberay/operator:1.2");
  const Finding f = finding(support::run("RAY001", cluster(young + down)), "RAY001");
  CHECK(f.level == Level::error);
  REQUIRE_FALSE(f.causes.empty());
  CHECK(f.causes[0].code == "INS015");
  CHECK(f.causes[0].object.name == "aibrix-kuberay-operator");
}

TEST_CASE("workers that do not start are what a waiting head waits for") {
  const std::string waiting =
      pod("head", "team", head_labels, false) + pod("worker", "team", worker_labels, false);
  const Finding f = finding(
      support::run("RAY001", cluster(fleet("", long_ago, "{replicas: 1}") + waiting)), "RAY001");
  CHECK(f.level == Level::error);
  CHECK(f.title == "the Ray workers of RayClusterFleet team/llama are unready (NotReady)");
  // Ready workers: the head's own trouble is for MDL006.
  const std::string lame_head =
      pod("head", "team", head_labels, false) + pod("worker", "team", worker_labels);
  CHECK(outcome(support::run("RAY001", cluster(fleet("", long_ago, "{replicas: 1}") + lame_head)),
                "RAY001") == "ok");
}

TEST_CASE("a fleet that takes requests though it reports itself unavailable is a warning") {
  const Finding f = finding(
      support::run("RAY001", cluster(fleet("", long_ago, "{replicas: 1}") + pods)), "RAY001");
  CHECK(f.level == Level::warning);
  CHECK(f.consequence == "Its head still receives requests.");
  CHECK(outcome(support::run("RAY001", cluster(fleet() + pods)), "RAY001") == "ok");
}

TEST_CASE("the worker template tells before there are pods") {
  CHECK(outcome(support::run("RAY002", Cluster().yaml(fleet() + service())), "RAY002") == "found");
  const std::string no_workers = [] {
    std::string yaml = fleet();
    const std::string replicas = "groupName: g, replicas: 1";
    yaml.replace(yaml.find(replicas), replicas.size(), "groupName: g, replicas: 0");
    return yaml;
  }();
  CHECK(outcome(support::run("RAY002", Cluster().yaml(no_workers + service())), "RAY002") == "ok");
}

TEST_CASE("a Service that selects the head alone is fine") {
  const std::string head_only = service("llama", "team", head_labels);
  CHECK(outcome(support::run("RAY002", cluster(fleet() + pods + head_only)), "RAY002") == "ok");
  CHECK(outcome(support::run("RAY002", Cluster().yaml(fleet())), "RAY002") == "skipped");
}

}  // namespace
