// The way of a request hop by hop, against the findings of the same run.
#include "checks/trace.hpp"

#include <iostream>

#include "aibrix/cluster.hpp"
#include "catch.hpp"
#include "support/recorded.hpp"
#include "support/snapshot.hpp"

namespace {

using checks::Hop;
using checks::Way;
using State = checks::Hop::State;

// Everything a trace needs, alive as long as it.
struct Traced {
  kube::Snapshot snapshot;
  std::unique_ptr<aibrix::Cluster> cluster;
  checks::Outcomes outcomes;
  std::vector<std::string> models;
  checks::Trace trace;

  Traced(kube::Snapshot s, const std::string& model) : snapshot(std::move(s)), models{model} {
    cluster = std::make_unique<aibrix::Cluster>(snapshot);
    const checks::Context context{snapshot, *cluster, models};
    outcomes = checks::run(checks::all(), context);
    trace = checks::trace_model(context, outcomes, model);
  }

  const Hop& hop(std::string_view name) const {
    for (const Hop& h : trace.hops) {
      if (h.name == name) return h;
    }
    throw std::runtime_error("no such hop");
  }
  std::string broken(Way way) const {
    const Hop* h = trace.broken(way);
    return h == nullptr ? "" : h->name + ' ' + h->finding->code;
  }
  std::string states() const {
    std::string out;
    for (const Hop& h : trace.hops) out += h.name + " " + std::string(to_string(h.state)) + ": " + h.reason + '\n';
    return out;
  }
};

struct Expected {
  const char* cluster;
  const char* model;
  const char* strategy;  // hop and code where it breaks; empty: nowhere
  const char* route;
};

}  // namespace

TEST_CASE("recorded clusters: each way breaks where doctor's finding says, or nowhere") {
  for (const Expected& e : {
           Expected{"missing-grant", "qwen-coder-7b-instruct", "", "ReferenceGrant REF001"},
           Expected{"backend-not-found", "deepseek-r1-distill-llama-8b", "", "model's Service MDL010"},
           Expected{"no-ready-pods", "big-model", "pods MDL006", "pods MDL006"},
           Expected{"stormservice-no-strategy", "storm-chat", "", "HTTPRoute MDL020"},
           Expected{"lora-load-error", "broken-lora", "model LOR002", "model LOR002"},
           Expected{"merge-gateways", "llama-8b", "EnvoyPatchPolicy GW013", ""},
           Expected{"healthy-nodeport", "deepseek-r1-distill-llama-8b", "", ""},
           Expected{"fresh-install", "deepseek-r1-distill-llama-8b", "", ""},
           Expected{"healthy-nodeport", "deepseek-r1-distil-llama-8b", "model MDL001", "model MDL001"}}) {
    const std::vector<std::string> names = support::Recording::names();
    if (names.empty()) {
      std::cout << "skipped: ../shared/testdata/clusters is not there\n";
      return;
    }
    const support::Recording recording(e.cluster);
    const Traced t(recording.snapshot(), e.model);
    INFO(e.cluster << ' ' << e.model << '\n' << t.states());
    CHECK(t.broken(Way::strategy) == e.strategy);
    CHECK(t.broken(Way::route) == e.route);
  }
}

TEST_CASE("recorded clusters: a broken hop has a finding of the run, and an error about a model breaks a hop") {
  for (const std::string& name : support::Recording::names()) {
    const support::Recording recording(name);
    const kube::Snapshot snapshot = recording.snapshot();
    const aibrix::Cluster cluster(snapshot);
    for (const aibrix::Model& model : cluster.models()) {
      const Traced t(snapshot, model.name);
      INFO(name << ' ' << model.name << '\n' << t.states());
      for (const Hop& hop : t.trace.hops) {
        if (hop.state != State::broken) continue;
        REQUIRE(hop.finding != nullptr);
        CHECK_FALSE(checks::fingerprint(*hop.finding).empty());
      }
      for (const checks::Finding& f : t.outcomes.findings) {
        const bool about = std::find(f.models.begin(), f.models.end(), model.name) != f.models.end();
        const checks::Check* check = checks::find(f.code);
        if (!about || f.level != checks::Level::error || check->area == checks::Area::deletion ||
            check->area == checks::Area::install) {
          continue;
        }
        CAPTURE(f.code);
        CHECK((t.trace.broken(Way::strategy) != nullptr || t.trace.broken(Way::route) != nullptr));
      }
    }
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
  CHECK_FALSE(t.trace.works(Way::route));
}

TEST_CASE("a model nobody serves breaks at the model, whatever the rest") {
  support::Cluster world;
  world.yaml("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: default, uid: u, "
             "labels: {model.aibrix.ai/name: llama}}\n").complete().ask_for("lama");
  const Traced t(world.snapshot(), "lama");
  INFO(t.states());
  CHECK(t.hop("model").state == State::broken);
  REQUIRE(t.hop("model").finding != nullptr);
  CHECK(t.hop("model").finding->code == "MDL001");
  CHECK(t.hop("pods").state == State::unknown);
}
