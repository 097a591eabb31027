// SVC007: model pods can be reached by the address family routing strategies use.
#include <algorithm>
#include <vector>

#include "aibrix/names.hpp"
#include "aibrix/policy.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr kube::Need own_ip_family_needs[] = {need::pods, need::envoy_patch_policies};
constexpr auto svc007_needs = with_gateway(own_ip_family_needs);

bool only_ipv6(const Object& pod) {
  const std::string_view first = pod.status()["podIP"].text();
  if (first.find(':') == std::string_view::npos) return false;
  const auto all = pod.status()["podIPs"].items();
  return std::all_of(all.begin(), all.end(), [](const kube::Value& ip) {
    return ip["ip"].text().find(':') != std::string_view::npos;
  });
}

void run_ip_family(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const aibrix::StrategyPatch patch = aibrix::strategy_patch(context.cluster);
  if (patch.policy.unknown()) {
    reporter.undetermined("EnvoyPatchPolicies of namespace aibrix-system were not read");
    return;
  }
  if (!patch.policy || !patch.v4_only) {
    reporter.not_applicable("no EnvoyPatchPolicy is limited to IPv4");
    return;
  }
  std::vector<std::string> models;
  const Object* example = nullptr;
  for (const aibrix::Model& model : context.cluster.models()) {
    const auto pod = std::find_if(model.pods.begin(), model.pods.end(),
                                  [](const Object* p) { return only_ipv6(*p); });
    if (pod == model.pods.end()) continue;
    models.push_back(model.name);
    if (example == nullptr) example = *pod;
  }
  if (models.empty()) return;
  Finding& f = reporter.warning(
      *patch.policy, "EnvoyPatchPolicy " + patch.policy->full_name() +
                         " resolves IPv4 addresses only, but model pods have only IPv6 addresses");
  f.with_consequence("Requests with a routing strategy may fail; requests without one work.")
      .at_field("spec.jsonPatches");
  f.with_evidence("dns_lookup_family", "V4_ONLY")
      .with_evidence("pod " + example->full_name(), std::string(example->status()["podIP"].text()));
  for (std::string& model : models) f.model(std::move(model));
  f.remedy(Confidence::manual,
           "send requests to these models without a routing strategy, or run a dual-stack cluster");
}

}  // namespace

constinit const Check registry::SVC007{
    codes::SVC007,
    Area::endpoint,
    "model pods have only IPv6 addresses, but routing strategies resolve IPv4 only",
    svc007_needs,
    run_ip_family,
    {"The Envoy cluster that AIBrix's EnvoyPatchPolicy adds for routing strategies resolves IPv4 "
     "addresses only (V4_ONLY). Pods with only an IPv6 address are reachable only through their "
     "HTTPRoute, that is, without a routing strategy.",
     "An IPv6-only Kubernetes cluster.",
     "Send requests without a routing strategy, or use a dual-stack cluster.", "every release"}};

}  // namespace checks
