// The way of a request hop by hop, against the findings of the same run.
#include "checks/trace/trace.hpp"

#include <algorithm>
#include <iostream>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "checks/traced.hpp"
#include "kube/files/manifest.hpp"
#include "support/example.hpp"
#include "support/recorded.hpp"
#include "support/snapshot.hpp"

namespace {

using checks::Hop;
using checks::RequestPath;
using State = checks::Hop::State;

struct Expected {
  const char* cluster;
  const char* model;
  const char* strategy;  // hop and code where it breaks; empty: nowhere
  const char* route;
};

}  // namespace

TEST_CASE("recorded clusters: each way breaks where doctor's finding says, or nowhere") {
  for (const Expected& e :
       {Expected{"missing-grant", "qwen-coder-7b-instruct", "", "ReferenceGrant REF001"},
        Expected{"backend-not-found", "deepseek-r1-distill-llama-8b", "", "model's Service MDL010"},
        Expected{"no-ready-pods", "big-model", "pods MDL006", "pods MDL006"},
        Expected{"stormservice-no-strategy", "storm-chat", "", "HTTPRoute MDL020"},
        Expected{"lora-load-error", "broken-lora", "model LOR002", "model LOR002"},
        // Envoy Gateway is away, an error for who wants to delete; Envoy still serves.
        Expected{"gatewayclass-deleting", "llama-8b", "", ""},
        Expected{"merge-gateways", "llama-8b", "EnvoyPatchPolicy GW013", ""},
        Expected{"healthy-nodeport", "deepseek-r1-distill-llama-8b", "", ""},
        Expected{"fresh-install", "deepseek-r1-distill-llama-8b", "", ""},
        Expected{"healthy-nodeport", "deepseek-r1-distil-llama-8b", "model MDL001",
                 "model MDL001"}}) {
    const std::vector<std::string> names = support::Recording::names();
    if (names.empty()) {
      std::cout << "skipped: ../shared/testdata/clusters is not there\n";
      return;
    }
    const support::Recording recording(e.cluster);
    const Traced t(recording.snapshot(), e.model);
    INFO(e.cluster << ' ' << e.model << '\n' << t.states());
    CHECK(t.broken(RequestPath::strategy) == e.strategy);
    CHECK(t.broken(RequestPath::route) == e.route);
  }
}

namespace {

bool names(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// What doctor says of requests; whether something can be deleted, or changed, is not on their way.
bool about_requests(std::string_view code) {
  const checks::Area area = checks::find(code)->area;
  return area != checks::Area::deletion && area != checks::Area::webhooks &&
         area != checks::Area::install;
}

// The finding, or one folded into it, is an error about requests for this model.
bool fails_requests(const checks::Finding& f, const std::string& model) {
  const auto fails = [&](std::string_view code, checks::Level level,
                         const std::vector<std::string>& models) {
    if (level != checks::Level::error || !about_requests(code)) return false;
    const checks::Area area = checks::find(code)->area;
    const bool everyone = area == checks::Area::gateway || area == checks::Area::endpoint;
    return models.empty() ? everyone : names(models, model);
  };
  if (fails(f.code, f.level_before_fold(), f.models_before_fold())) return true;
  return std::any_of(f.symptoms.begin(), f.symptoms.end(), [&](const checks::Symptom& symptom) {
    return fails(symptom.code, symptom.level, symptom.models);
  });
}

bool breaks_a_hop(const checks::Trace& trace, const checks::Finding& f) {
  return std::any_of(trace.hops.begin(), trace.hops.end(), [&](const Hop& hop) {
    const bool told =
        hop.finding == &f || std::find(hop.more.begin(), hop.more.end(), &f) != hop.more.end();
    return told && hop.state == State::broken;
  });
}

// The one rule: what doctor calls an error breaks a hop, with its fingerprint, and nothing that
// doctor does not tell of breaks one.
void agrees(const kube::Snapshot& snapshot, const std::string& what) {
  const aibrix::Cluster cluster(snapshot);
  const checks::Context context{snapshot, cluster, {}};
  const checks::Outcomes outcomes = checks::run(checks::all(), context);
  for (const aibrix::Model& model : cluster.models()) {
    const checks::Trace trace = checks::trace_model(context, outcomes, model.name);
    INFO(what << ", model " << model.name << '\n' << states_of(trace) << support::render(outcomes));
    for (const Hop& hop : trace.hops) {
      const bool of_the_run =
          std::any_of(outcomes.findings.begin(), outcomes.findings.end(),
                      [&](const checks::Finding& f) { return hop.finding == &f; });
      CHECK((of_the_run || hop.finding == nullptr));
      if (hop.state == State::broken) CHECK(of_the_run);
    }
    for (const checks::Finding& f : outcomes.findings) {
      if (!fails_requests(f, model.name)) continue;
      CAPTURE(f.code, kube::to_string(f.subject.ref), checks::fingerprint(f));
      CHECK(breaks_a_hop(trace, f));
    }
  }
}

kube::Snapshot example(const std::string& name) {
  kube::ManifestOptions options;
  options.paths = {SOURCE_DIR "/examples/" + name};
  options.whole_cluster = true;
  return kube::read_manifests(std::move(options), aibrix::resources::all());
}

}  // namespace

TEST_CASE("recorded clusters: trace breaks what doctor calls an error, and nothing else") {
  if (support::Recording::names().empty())
    std::cout << "skipped: ../shared/testdata/clusters is not there\n";
  for (const std::string& name : support::Recording::names()) {
    const support::Recording recording(name);
    agrees(recording.snapshot(), name);
  }
}

TEST_CASE("the examples: trace breaks what doctor calls an error, and nothing else") {
  agrees(example("broken-cluster"), "broken-cluster");
  agrees(example("healthy-cluster"), "healthy-cluster");
}

TEST_CASE("whichever object is taken away, trace and doctor say the same") {
  for (const std::string& object : support::Example().objects()) {
    agrees(support::Example().drop(object).snapshot(), "without " + object);
  }
}

TEST_CASE("in the healthy example every hop of every model holds") {
  const kube::Snapshot snapshot = example("healthy-cluster");
  const aibrix::Cluster cluster(snapshot);
  CHECK(cluster.models().size() > 1);
  for (const aibrix::Model& model : cluster.models()) {
    const Traced t(snapshot, model.name);
    INFO(model.name << '\n' << t.states());
    CHECK(t.trace.works(RequestPath::strategy));
    CHECK(t.trace.works(RequestPath::route));
  }
}

TEST_CASE("a pending load balancer limits who has an address, and breaks nothing") {
  if (support::Recording::names().empty()) return;
  const support::Recording recording("fresh-install");
  const Traced t(recording.snapshot(), "deepseek-r1-distill-llama-8b");
  const Hop& address = t.hop("address");
  CHECK(address.state == State::limited);
  REQUIRE(address.finding != nullptr);
  CHECK(address.finding->code == "SVC002");
}

TEST_CASE("what was not read is unknown, never broken and never well") {
  if (support::Recording::names().empty()) return;
  const support::Recording recording("missing-grant");
  const auto snapshot = recording.snapshot([](const kube::Resource& r, kube::List& list) {
    if (r.plural != "referencegrants" && r.plural != "endpointslices") return;
    list = {};
    list.state = kube::ListState::forbidden;
  });
  const Traced t(snapshot, "qwen-coder-7b-instruct");
  INFO(t.states());
  CHECK(t.hop("endpoints").state == State::unknown);
  CHECK_FALSE(t.trace.works(RequestPath::route));
}

TEST_CASE("a model nobody serves breaks at the model, whatever the rest") {
  support::Cluster world;
  world
      .yaml(
          "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: default, uid: u, "
          "labels: {model.aibrix.ai/name: llama}}\n")
      .complete()
      .ask_for("lama");
  const Traced t(world.snapshot(), "lama");
  INFO(t.states());
  CHECK(t.hop("model").state == State::broken);
  REQUIRE(t.hop("model").finding != nullptr);
  CHECK(t.hop("model").finding->code == "MDL001");
  CHECK(t.hop("pods").state == State::unknown);
}
