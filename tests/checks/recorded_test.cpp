// What the checks say about clusters recorded from a real control plane; what is true of each is in
// the folder's README.
#include <algorithm>
#include <iostream>

#include "catch.hpp"
#include "support/recorded.hpp"
#include "support/snapshot.hpp"

namespace {

using support::Recording;

const std::vector<Recording>& recordings() {
  static const std::vector<Recording> all = [] {
    std::vector<Recording> out;
    for (const std::string& name : Recording::names()) out.emplace_back(name);
    return out;
  }();
  return all;
}

const Recording* recording(const std::string& name) {
  for (const Recording& r : recordings()) {
    if (r.name() == name) return &r;
  }
  std::cout << "skipped: ../shared/testdata/clusters/" << name << ".yaml is not there\n";
  return nullptr;
}

std::vector<std::string> errors_of(const checks::Outcomes& outcomes) {
  std::vector<std::string> out;
  for (const checks::Finding& f : outcomes.findings) {
    if (f.level == checks::Level::error) {
      out.push_back(f.code + ' ' + kube::to_string(f.subject.ref));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool has_also(const checks::Finding& f, const std::string& code, const std::string& object) {
  return std::any_of(f.symptoms.begin(), f.symptoms.end(), [&](const checks::Symptom& symptom) {
    return symptom.code == code && kube::to_string(symptom.subject.ref) == object;
  });
}

bool shows(const checks::Finding& f, const std::string& key, const std::string& part) {
  return std::any_of(f.evidence.begin(), f.evidence.end(), [&](const checks::Evidence& e) {
    return e.key == key && e.value.find(part) != std::string::npos;
  });
}

bool notes(const checks::Finding& f, const std::string& part) {
  return std::any_of(f.notes.begin(), f.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

std::size_t remedy_with(const checks::Finding& f, const std::string& part) {
  for (std::size_t i = 0; i < f.remedies.size(); ++i) {
    if (checks::to_shell(f.remedies[i].command).find(part) != std::string::npos) return i;
  }
  return f.remedies.size();
}

const std::string controller = "INS005 deployment/aibrix-system/aibrix-controller-manager";
const std::string missing_grant = "REF001 httproute/aibrix-system/qwen-coder-7b-instruct-router";
const std::string envoy_gateway = "GW001 deployment/envoy-gateway-system/envoy-gateway";

struct Expected {
  const char* name;
  std::vector<std::string> errors;  // or warnings
};

const std::vector<Expected>& expectations() {
  static const std::vector<Expected> table = {
      {"aibrix-namespace-stuck", {"FIN002 modeladapter/aibrix-system/faq-lora", envoy_gateway}},
      {"apiservice-down", {"NS004 apiservice/v1beta1.metrics.k8s.io"}},
      {"backend-not-found", {"MDL010 service/default/deepseek-r1-distill-llama-8b"}},
      {"fresh-install", {}},
      {"gatewayclass-deleting", {envoy_gateway}},
      {"healthy-nodeport", {}},
      {"lora-healthy", {}},
      {"lora-load-error", {"LOR002 modeladapter/default/broken-lora"}},
      {"merge-gateways", {"GW013 envoypatchpolicy/aibrix-system/aibrix-epp"}},
      {"missing-grant", {missing_grant}},
      {"no-ready-pods", {"MDL006 deployment/default/big-model"}},
      {"samples-applied",
       {"MDL010 service/default/deepseek-r1-distill-llama-8b",
        "RAY001 rayclusterfleet/default/qwen-coder-7b-instruct"}},
      {"stormservice-no-strategy", {}},
      {"stormservice-stuck", {controller}},
      {"stuck-namespace", {controller, missing_grant}},
      {"stuck-namespace-webhook", {controller, missing_grant}},
  };
  return table;
}

}  // namespace

TEST_CASE("every recorded cluster has exactly the errors its README tells of") {
  for (const Expected& expected : expectations()) {
    const Recording* r = recording(expected.name);
    if (r == nullptr) continue;
    const auto snapshot = r->snapshot();
    const auto out = support::run_on(snapshot);
    INFO(expected.name << '\n' << support::render(out));
    CHECK(errors_of(out) == expected.errors);
  }
}

TEST_CASE("every recorded cluster is in the table") {
  CHECK((recordings().empty() || recordings().size() == expectations().size()));
}

TEST_CASE("a recorded cluster gets only warnings that are true") {
  const std::vector<Expected> warnings = {
      {"healthy-nodeport", {"WH003"}},  // the recordings have no CA bundle
      {"lora-healthy", {"WH003"}},
      {"fresh-install", {"SVC002", "WH003"}},  // and here the load balancer is pending
      {"backend-not-found", {"WH003"}},
      {"lora-load-error", {"WH003"}},
      {"merge-gateways", {"WH003"}},
      {"no-ready-pods", {"WH003"}},
      {"apiservice-down", {"WH003"}},
      {"stormservice-no-strategy", {"MDL020", "WH003"}},
      // The fleet's Service selects head and worker, and its status counts no replica available.
      {"missing-grant", {"RAY001", "RAY002", "WH003"}},
      {"stuck-namespace", {"RAY001", "RAY002"}},
      {"stuck-namespace-webhook", {"RAY001", "RAY002"}},
      // The fleet's labels stand on its template only.
      {"samples-applied", {"RAY002", "REF002", "SVC002", "WH003"}},
      {"aibrix-namespace-stuck", {"WH002"}},
      {"gatewayclass-deleting", {"INS005", "MDL018"}},
      {"stormservice-stuck", {}},
  };
  for (const Expected& expected : warnings) {
    const Recording* r = recording(expected.name);
    if (r == nullptr) continue;
    const auto snapshot = r->snapshot();
    std::vector<std::string> codes;
    const auto outcomes = support::run_on(snapshot);
    for (const checks::Finding& f : outcomes.findings) {
      if (f.level == checks::Level::warning) codes.emplace_back(f.code.text());
    }
    std::sort(codes.begin(), codes.end());
    INFO(expected.name << '\n' << support::render(outcomes));
    CHECK(codes == expected.errors);
  }
}

TEST_CASE("stuck-namespace: one error names the controller, both adapters and both finalizers") {
  const Recording* r = recording("stuck-namespace");
  if (r == nullptr) return;
  const auto snapshot = r->snapshot();
  const auto f = support::finding(support::run_on(snapshot), "INS005");
  CHECK(checks::headline(f) ==
        "aibrix-controller-manager is scaled to 0 replicas. Namespace team-a is stuck in "
        "Terminating (2 ModelAdapters).");
  CHECK(has_also(f, "NS002", "namespace/team-a"));
  CHECK(has_also(f, "NS003", "namespace/team-a"));
  CHECK(has_also(f, "FIN002", "modeladapter/team-a/sql-lora"));
  CHECK(has_also(f, "FIN002", "modeladapter/team-a/chat-lora"));
  CHECK(has_also(f, "FIN012", "modeladapter/team-a/chat-lora"));
  CHECK(shows(f, "modeladapter/team-a/chat-lora",
              "adapter.model.aibrix.ai/finalizer, backup.example.com/archive"));
  CHECK(shows(f, "lease/aibrix-system/aibrix-controller-manager",
              "renewed 73s ago by pod "
              "aibrix-controller-manager-"));
  CHECK(notes(f, "the owner of backup.example.com must remove it, also after"));
  CHECK(remedy_with(f, "aibrixctl fix finalizers -n team-a") == 0);
  CHECK(remedy_with(f, "--replicas=1") == 1);
  CHECK(remedy_with(f, "patch modeladapters.model.aibrix.ai chat-lora") == 3);
  CHECK(remedy_with(f, "patch modeladapters.model.aibrix.ai sql-lora") == 4);
  CHECK(remedy_with(f, "archive") == f.remedies.size());  // never strips what is not AIBrix's
}

TEST_CASE("stuck-namespace-webhook: the fail-closed webhook and the order of repair are told") {
  const Recording* r = recording("stuck-namespace-webhook");
  if (r == nullptr) return;
  const auto snapshot = r->snapshot();
  const auto f = support::finding(support::run_on(snapshot), "INS005");
  CHECK(has_also(f, "WH001", "mutatingwebhookconfiguration/aibrix-mutating-webhook-configuration"));
  CHECK(has_also(f, "WH001",
                 "validatingwebhookconfiguration/aibrix-validating-webhook-configuration"));
  CHECK(notes(f, "repair order: bring aibrix-controller-manager back"));
  CHECK(notes(
      f, "rejects every patch of modeladapters: failed calling webhook \"mmodeladapter.kb.io\""));
  const std::size_t scale = remedy_with(f, "--replicas=1");
  const std::size_t ignore = remedy_with(f, R"("value":"Ignore")");
  const std::size_t strip = remedy_with(f, "patch modeladapters.model.aibrix.ai");
  CHECK(remedy_with(f, "aibrixctl fix finalizers") == 0);
  CHECK(scale == 1);
  CHECK(scale < remedy_with(f, "aibrixctl fix webhooks"));
  CHECK(remedy_with(f, "aibrixctl fix webhooks") < ignore);
  CHECK(ignore < strip);
  CHECK(strip < f.remedies.size());
}

TEST_CASE("aibrix-namespace-stuck: nobody can come back, so stripping is the one remedy") {
  const Recording* r = recording("aibrix-namespace-stuck");
  if (r == nullptr) return;
  const auto snapshot = r->snapshot();
  const auto f = support::finding(support::run_on(snapshot), "FIN002");
  CHECK(f.consequence == "Namespace aibrix-system is stuck in Terminating (1 ModelAdapter).");
  CHECK(has_also(f, "NS002", "namespace/aibrix-system"));
  CHECK(has_also(f, "INS005", "deployment/aibrix-system/aibrix-controller-manager"));
  CHECK(remedy_with(f, "aibrixctl fix finalizers -n aibrix-system") == 0);
  CHECK(remedy_with(f, "patch modeladapters.model.aibrix.ai faq-lora") == 1);
}

TEST_CASE("apiservice-down: the API and the Service behind it are named") {
  const Recording* r = recording("apiservice-down");
  if (r == nullptr) return;
  const auto snapshot = r->snapshot();
  const auto f = support::finding(support::run_on(snapshot), "NS004");
  CHECK(f.consequence == "Namespace old-team is stuck in Terminating.");
  CHECK(has_also(f, "NS005", "namespace/old-team"));
  CHECK(shows(f, "service/kube-system/metrics-server", "does not exist"));
  CHECK(remedy_with(f, "delete apiservice v1beta1.metrics.k8s.io") == 1);
}

TEST_CASE("stormservice-stuck: parents first, however young the deletion") {
  const Recording* r = recording("stormservice-stuck");
  if (r == nullptr) return;
  const auto snapshot = r->snapshot();
  const auto f = support::finding(support::run_on(snapshot), "INS005");
  CHECK(f.consequence == "StormService default/storm-chat is stuck in Terminating.");
  CHECK(shows(f, "roleset/default/storm-chat-roleset-p86lb", "not Terminating yet"));
  CHECK(remedy_with(f, "patch stormservices") < remedy_with(f, "patch rolesets"));
  CHECK(remedy_with(f, "patch rolesets") < f.remedies.size());
}

TEST_CASE("gatewayclass-deleting: Envoy Gateway is away, and a Gateway uses the class") {
  const Recording* r = recording("gatewayclass-deleting");
  if (r == nullptr) return;
  const auto snapshot = r->snapshot();
  const auto outcomes = support::run_on(snapshot);
  CHECK(support::outcome(outcomes, "FIN010") == "found");
  const bool told =
      std::any_of(outcomes.findings.begin(), outcomes.findings.end(), [](const checks::Finding& f) {
        return f.level == checks::Level::error && shows(f, "used by", "aibrix-system/aibrix-eg") &&
               shows(f, "gatewayclass/aibrix-eg", "gateway-exists-finalizer") &&
               remedy_with(f, "scale deployment/envoy-gateway --replicas=1") == 0;
      });
  CHECK(told);
}
