// fix service-type: changes the type of the gateway's Service by its EnvoyProxy.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/envoy_nodes.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/exposure.hpp"
#include "fix/common.hpp"
#include "fix/service_type.hpp"
#include "fix/service_type_edit.hpp"
#include "fix/service_type_verify.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
namespace core = kube::resources;
using kube::Object;
using kube::Value;

int reach(std::string_view type) {
  return type == "LoadBalancer" ? 2 : type == "NodePort" ? 1 : 0;
}

class ServiceTypePlanner {
 public:
  ServiceTypePlanner(const checks::Context& context, const Options& options)
      : context_(context), options_(options), to_(options[option::to]) {}

  Plan make() {
    if (!can_plan()) return std::move(plan_);
    const auto services = context_.cluster.gateway_services();
    for (const Object* service : services) report_service(*service);
    edit_proxy(context_, options_, plan_);
    if (!plan_.steps.empty()) {
      judge_exposure(services);
      judge_danger(services);
      report_owner();
      add_watch(services);
    }
    plan_.summary =
        base::plural(services.size(), "gateway Service") + " and the EnvoyProxy checked: " +
        (plan_.steps.empty() && plan_.blockers.empty() ? "nothing to change" : "to become " + to_);
    return std::move(plan_);
  }

 private:
  bool can_plan() {
    if (aibrix::gateway_mode(context_.cluster) == aibrix::GatewayMode::side_car) {
      plan_.blockers.push_back(
          {"Envoy runs as a sidecar of the gateway plugin: its Service belongs to the chart, and "
           "no EnvoyProxy determines its type",
           {}});
      return false;
    }
    for (const kube::Resource* kind :
         {&kinds::gateways, &kinds::gateway_classes, &kinds::envoy_proxies, &core::services}) {
      const std::string why = not_read(context_.snapshot, *kind);
      if (!why.empty()) plan_.blockers.push_back({why, {}});
    }
    if (!plan_.blockers.empty()) return false;
    if (!context_.cluster.gateway_class()) {
      plan_.blockers.push_back(
          {"there is no GatewayClass aibrix-eg: AIBrix's gateway is not installed",
           checks::aibrixctl("doctor", "--only", "GW*")});
      return false;
    }
    return true;
  }

  void report_service(const Object& service) {
    plan_.facts.push_back("before: Service " + service.full_name() + " is " + live_type(service) +
                          ", cluster IP " + std::string(service.spec()["clusterIP"].text("none")) +
                          ", load balancer " + addresses(service) + ", node port " +
                          std::to_string(aibrix::node_port(service)) + ", externalTrafficPolicy " +
                          std::string(service.spec()["externalTrafficPolicy"].text("none")));
  }

  bool guarded() const {
    return checks::bearer_token(context_) == checks::Token::set || checks::guarded(context_);
  }

  bool public_nodes() const {
    const auto nodes = context_.snapshot.list(core::nodes);
    return std::any_of(nodes.begin(), nodes.end(), [](const Object& node) {
      const auto list = node.status()["addresses"].items();
      return std::any_of(list.begin(), list.end(),
                         [](const Value& a) { return a["type"].text() == "ExternalIP"; });
    });
  }

  // A gateway that asks for no token is not made reachable by more people without being asked to.
  void judge_exposure(const std::vector<const Object*>& services) {
    int now = 0;
    for (const Object* service : services) {
      const bool waiting = live_type(*service) == "LoadBalancer" &&
                           service->status()["loadBalancer"]["ingress"].empty();
      now = std::max(now, waiting ? 1 : reach(live_type(*service)));
    }
    const int then = reach(to_);
    const bool opens = then == 2 ? now < 2 : then == 1 && now < 1 && public_nodes();
    if (!opens || guarded()) return;
    const std::string who = then == 2 ? "a load balancer, public in most clouds"
                                      : "node ports, and nodes have external addresses";
    if (options_[option::expose]) {
      plan_.remaining.push_back("the gateway is unauthenticated: anyone who can reach it (" + who +
                                ") can use every model");
    } else {
      plan_.blockers.push_back(
          {"the gateway is unauthenticated, and this would expose it through " + who,
           fix_command("service-type", options_, {"--to", to_, "--expose", "--apply"})});
    }
  }

  void judge_danger(const std::vector<const Object*>& services) {
    for (const Object* service : services) {
      const bool has_address = !service->status()["loadBalancer"]["ingress"].empty();
      if (live_type(*service) != "LoadBalancer" || to_ == "LoadBalancer" || !has_address) continue;
      for (Step& step : plan_.steps) step.reversibility = Reversibility::permanent;
      plan_.steps.front().cost.push_back("the load balancer's address " + addresses(*service) +
                                         " is released; a new one may differ");
    }
    plan_.steps.front().cost.push_back("clients have to switch to the new address");
  }

  void report_owner() {
    const kube::Lookup proxy = context_.cluster.envoy_proxy();
    if (context_.cluster.merged_gateways()) {
      plan_.remaining.push_back(
          "gateways are merged: the Service is shared, so it changes for all of them");
    }
    if (!proxy) return;
    if (!proxy->annotation("meta.helm.sh/release-name").empty()) {
      plan_.remaining.push_back(
          "Helm release " + std::string(proxy->annotation("meta.helm.sh/release-name")) +
          " owns this EnvoyProxy: its next upgrade reverts the change unless its values set "
          "gateway.envoyProxy.service.type: " +
          to_);
    }
    for (const char* label : {"argocd.argoproj.io/instance", "kustomize.toolkit.fluxcd.io/name"}) {
      if (proxy->label(label).empty()) continue;
      plan_.remaining.push_back("a GitOps tool owns this EnvoyProxy (label " + std::string(label) +
                                "): change it there as well");
    }
  }

  void add_watch(const std::vector<const Object*>& services) {
    for (const Object* service : services) {
      Watch watch;
      watch.resource = &core::services;
      watch.object = service->ref();
      watch.uid = service->uid();
      watch.type = to_;
      watch.external_traffic_policy = options_[option::external_traffic_policy];
      watch.node_port = options_[option::node_port];
      plan_.watch.push_back(std::move(watch));
    }
    Watch gateway;
    gateway.resource = &kinds::gateways;
    gateway.object = aibrix::gateway_ref();
    plan_.watch.push_back(std::move(gateway));
    plan_.facts.push_back(
        "after: " + to_ +
        (to_ == "LoadBalancer" ? ", once something in this cluster assigns an address"
         : to_ == "NodePort"   ? ", on the nodes that run Envoy if externalTrafficPolicy is Local"
                               : ", reachable only inside the cluster"));
  }

  const checks::Context& context_;
  const Options& options_;
  const std::string to_;
  Plan plan_;
};

Plan plan_service_type(const checks::Context& context, const Options& options) {
  return ServiceTypePlanner(context, options).make();
}

constexpr aibrix::CodePattern service_codes[] = {SVC001, SVC002, SVC003, SVC008};
constexpr std::string_view proxy_fields[] = {"/spec",
                                             "/spec/provider",
                                             "/spec/provider/type",
                                             "/spec/provider/kubernetes",
                                             "/spec/provider/kubernetes/envoyService",
                                             "/spec/provider/kubernetes/envoyService/**"};
constexpr std::string_view class_fields[] = {"/spec/parametersRef"};
constexpr WriteRight service_rights[] = {
    {&kinds::envoy_proxies, "patch", kube::Scope::workloads, proxy_fields},
    {&kinds::envoy_proxies, "create"},
    {&kinds::envoy_proxies, "delete"},
    {&kinds::gateway_classes, "patch", kube::Scope::workloads, class_fields}};
constexpr kube::Need service_needs[] = {{&core::nodes, kube::Scope::everywhere, false},
                                        {&core::endpointslices, kube::Scope::workloads, false}};

}  // namespace

extern const Fix service_type{.name = "service-type",
                              .summary = "Change the gateway's Service type",
                              .options = option::of_service_type,
                              .codes = service_codes,
                              .more_needs = service_needs,
                              .rights = service_rights,
                              .plan = plan_service_type,
                              .verify = verify_service_type};

}  // namespace fix
