// GW004: the EnvoyProxy that the gateway refers to exists and is usable.
#include <array>
#include <utility>

#include "aibrix/names.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"
#include "kube/files/yaml_text.hpp"

namespace checks {
namespace {

constexpr kube::Need own_envoy_proxy_needs[] = {need::envoy_proxies};
constexpr auto gw004_needs = with_gateway(own_envoy_proxy_needs);

// Where the reference stands, for evidence.
std::string referrer(const Context& context) {
  const kube::Lookup gw = context.cluster.gateway();
  if (gw && gw->spec().at("infrastructure", "parametersRef").exists()) {
    return "Gateway " + gw->full_name() + " spec.infrastructure.parametersRef";
  }
  const kube::Lookup gc = context.cluster.gateway_class();
  return gc ? "GatewayClass " + std::string(gc->name()) + " spec.parametersRef" : "a parametersRef";
}

void report_missing(const Context& context, Reporter& reporter, const kube::ObjectRef& ref) {
  Finding& f = report(reporter, unless_serving(context), ref,
                      "EnvoyProxy " + ref.ns + "/" + ref.name + " does not exist");
  f.with_consequence("The object that references it is not accepted, and Envoy is not programmed.");
  f.with_evidence("referenced by", referrer(context));
  f.remedy(Confidence::review, "create it (AIBrix's core manifest or chart contains the full one)");
  f.remedies.back().manifest =
      "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyProxy\nmetadata:\n  name: " +
      kube::yaml_scalar(ref.name) + "\n  namespace: " + kube::yaml_scalar(ref.ns) +
      "\nspec:\n  provider:\n    type: Kubernetes\n";
  reapply_remedy(f, context, "core");
}

// Envoy Gateway selects Envoy's pods by labels it sets itself. A patch that changes one makes a
// Deployment whose selector does not match its template: the API server refuses it.
void check_labels(const Context& context, Reporter& reporter, const kube::Object& proxy) {
  constexpr auto fixed = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"app.kubernetes.io/name", "envoy"},
       {"app.kubernetes.io/component", "proxy"},
       {"app.kubernetes.io/managed-by", "envoy-gateway"}});
  const kube::Value labels = proxy.spec().at("provider", "kubernetes", "envoyDeployment", "patch",
                                             "value", "spec", "template", "metadata", "labels");
  std::vector<std::string> wrong;
  for (const auto& [key, value] : fixed) {
    const std::string_view set = labels[key].text(value);
    if (set != value) wrong.push_back(std::string(key) + "=" + std::string(set));
  }
  if (wrong.empty()) return;
  const bool up = context.cluster.component(aibrix::ComponentRole::envoy).up();
  Finding& f =
      report(reporter, up ? Level::warning : Level::error, proxy,
             "EnvoyProxy " + proxy.full_name() + " overrides labels that select Envoy's pods");
  f.with_consequence(
      up ? "The next change to Envoy's Deployment is rejected."
         : "Envoy's Deployment is rejected, because its selector does not match its template "
           "labels.");
  f.at_field("spec.provider.kubernetes.envoyDeployment.patch.value.spec.template.metadata.labels");
  for (const std::string& label : wrong) f.with_evidence("label", label);
  f.with_evidence("expected labels",
                  "app.kubernetes.io/name=envoy, app.kubernetes.io/component=proxy, "
                  "app.kubernetes.io/managed-by=envoy-gateway");
  f.remedy(Confidence::review, "remove these labels from the patch (as later charts do)",
           kubectl(proxy.ns(), "edit").on("envoyproxy", proxy.name()));
}

void run_envoy_proxy(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const auto ref = context.cluster.envoy_proxy_ref();
  if (!ref) {
    if (context.cluster.gateway_class().unknown()) {
      reporter.undetermined("the GatewayClass, which may reference an EnvoyProxy, was not read");
    } else {
      reporter.not_applicable("nothing references an EnvoyProxy");
    }
    return;
  }
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  if (proxy.missing()) return report_missing(context, reporter, *ref);
  if (proxy.unknown()) {
    reporter.undetermined("EnvoyProxy " + ref->ns + "/" + ref->name + " was not read");
    return;
  }
  if (proxy->deleting()) {
    reporter.not_applicable("EnvoyProxy " + proxy->full_name() + " is being deleted");
    return;
  }
  check_labels(context, reporter, *proxy);
  // Envoy Gateway v1.2 writes no status on EnvoyProxies, v1.9 does: none is no fault.
  const kube::Condition accepted =
      kube::find_condition(aibrix::ancestor_conditions(*proxy), "Accepted");
  if (accepted.is_false() && !settling(context, accepted)) {
    Finding& f = report(reporter, unless_serving(context), *proxy,
                        "EnvoyProxy " + proxy->full_name() + " is not accepted (" +
                            std::string(accepted.reason()) + ")");
    f.with_consequence("Its settings are not applied to Envoy.");
    show_condition(f, accepted);
    f.remedy(Confidence::manual, "fix what the condition's message names",
             kubectl(proxy->ns(), "edit").on("envoyproxy", proxy->name()));
  }
  reporter.measured("EnvoyProxy " + proxy->full_name());
}

}  // namespace

constinit const Check registry::GW004{
    codes::GW004,
    Area::gateway,
    "the EnvoyProxy that the gateway references is missing or not usable",
    gw004_needs,
    run_envoy_proxy,
    {"The EnvoyProxy referenced by GatewayClass aibrix-eg (spec.parametersRef) or by the Gateway "
     "(spec.infrastructure.parametersRef) does not exist, is not accepted, or results in an Envoy "
     "Deployment that the API server rejects.",
     "It was deleted manually or by a partial uninstall, or the chart's own labels were set on "
     "Envoy's pods, which then no longer match Envoy Gateway's selector (as in early charts).",
     "Re-create it (it is part of AIBrix's core manifest and chart), or remove the labels from its "
     "patch.",
     "v0.2.1 and later"}};

}  // namespace checks
