#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "aibrix/cluster.hpp"
#include "aibrix/envoy_gateway.hpp"
#include "aibrix/envoy_nodes.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "checks/endpoint/exposure.hpp"
#include "fix/common.hpp"
#include "fix/fix.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
namespace names = aibrix::names;
namespace core = kube::resources;
using kube::Object;
using kube::Value;
using Json = nlohmann::ordered_json;
using State = Watched::State;

constexpr std::string_view service_folder = "/spec/provider/kubernetes/envoyService";
constexpr std::string_view own_proxy = "aibrixctl-envoy-proxy";

// One field to set, as a path below the EnvoyProxy and its JSON value.
struct Field {
  std::string path;
  std::string value;
};

int reach(std::string_view type) { return type == "LoadBalancer" ? 2 : type == "NodePort" ? 1 : 0; }

std::string live_type(const Object& service) {
  return std::string(service.spec()["type"].text("ClusterIP"));
}

std::string addresses(const Object& service) {
  std::vector<std::string> out;
  for (const Value& ingress : service.status()["loadBalancer"]["ingress"].items()) {
    out.emplace_back(ingress["ip"].text(ingress["hostname"].text()));
  }
  return out.empty() ? "none" : base::join(out, ", ");
}

class Planner {
 public:
  Planner(const checks::Context& context, const Options& options)
      : context_(context), options_(options) {}

  Plan make() {
    if (!can_plan()) return std::move(plan_);
    const auto services = context_.cluster.gateway_services();
    for (const Object* service : services) tell_service(*service);
    const std::vector<Field> fields = wanted_fields();
    if (plan_.blockers.empty()) edit(fields);
    if (!plan_.steps.empty()) {
      judge_exposure(services);
      judge_danger(services);
      tell_owner();
      add_watch(services);
    }
    plan_.looked = "looked at the gateway's " + base::plural(services.size(), "Service") +
                   " and the EnvoyProxy behind it: " +
                   (plan_.steps.empty() && plan_.blockers.empty() ? "nothing to change"
                                                                   : "to become " + options_.to);
    return std::move(plan_);
  }

 private:
  bool can_plan() {
    if (aibrix::gateway_mode(context_.cluster) == aibrix::GatewayMode::side_car) {
      plan_.blockers.push_back({"Envoy runs beside the gateway plugin here: its Service belongs to the "
                                "chart, no EnvoyProxy decides its type",
                                ""});
      return false;
    }
    for (const kube::Resource* kind :
         {&kinds::gateways, &kinds::gateway_classes, &kinds::envoy_proxies, &core::services}) {
      const std::string why = not_read(context_.snapshot, *kind);
      if (!why.empty()) plan_.blockers.push_back({why, ""});
    }
    if (!plan_.blockers.empty()) return false;
    if (!context_.cluster.gateway_class()) {
      plan_.blockers.push_back({"there is no GatewayClass aibrix-eg: AIBrix's gateway is not installed",
                                "aibrixctl doctor --only 'GW*'"});
      return false;
    }
    return true;
  }

  void tell_service(const Object& service) {
    plan_.facts.push_back("before: Service " + service.full_name() + " is " + live_type(service) +
                          ", cluster IP " + std::string(service.spec()["clusterIP"].text("none")) +
                          ", load balancer " + addresses(service) + ", node port " +
                          std::to_string(aibrix::node_port(service)) + ", externalTrafficPolicy " +
                          std::string(service.spec()["externalTrafficPolicy"].text("none")));
  }

  std::vector<Field> wanted_fields() {
    const std::string folder(service_folder);
    std::vector<Field> out;
    const kube::Lookup proxy = context_.cluster.envoy_proxy();
    const Value spec = proxy ? proxy->spec() : Value();
    const bool by_patch = proxy && aibrix::wanted_service(spec).path.ends_with("patch.value.spec.type");
    out.push_back({by_patch ? folder + "/patch/value/spec/type" : folder + "/type",
                   json_string(options_.to)});
    if (!options_.external_traffic_policy.empty()) {
      out.push_back({folder + "/externalTrafficPolicy", json_string(options_.external_traffic_policy)});
    }
    for (const auto& [key, value] : options_.annotations) {
      out.push_back({folder + "/annotations/" + pointer_step(key), json_string(value)});
    }
    if (!options_.node_port.empty()) add_node_port(spec, out);
    return out;
  }

  // EnvoyProxy has no field for it: it goes through envoyService.patch, merged by port.
  void add_node_port(const Value& spec, std::vector<Field>& out) {
    const std::string folder = std::string(service_folder) + "/patch";
    const Value patch = spec.at("provider", "kubernetes", "envoyService", "patch");
    const auto services = context_.cluster.gateway_services();
    const Value ports = services.empty() ? Value() : services.front()->spec()["ports"];
    if (ports.size() != 1 || patch.at("value", "spec", "ports").exists()) {
      plan_.blockers.push_back({ports.size() != 1
                                    ? "--node-port: the Service has not exactly one port"
                                    : "--node-port: the EnvoyProxy already patches spec.ports; edit it there",
                                ""});
      return;
    }
    const Value& port = ports[std::size_t{0}];
    if (!patch["type"].exists()) out.push_back({folder + "/type", "\"StrategicMerge\""});
    const Json value = Json::array({{{"name", std::string(port["name"].text())},
                                     {"port", port["port"].integer_or(80)},
                                     {"protocol", std::string(port["protocol"].text("TCP"))},
                                     {"nodePort", std::stoi(options_.node_port)}}});
    out.push_back({folder + "/value/spec/ports", value.dump()});
  }

  void edit(const std::vector<Field>& fields) {
    const auto ref = context_.cluster.envoy_proxy_ref();
    const kube::Lookup proxy = context_.cluster.envoy_proxy();
    if (proxy) return patch_proxy(*proxy, fields);
    if (ref && proxy.unknown()) {
      plan_.blockers.push_back({"EnvoyProxy " + ref->ns + '/' + ref->name + " was not read", ""});
      return;
    }
    create_proxy(ref ? ref->ns : std::string(names::system_namespace),
                 ref ? ref->name : std::string(own_proxy), fields);
    if (!ref) reference_proxy();
  }

  // Sets one field of a JSON document, making what is missing above it.
  static void set(Json& root, const Field& field) {
    root[Json::json_pointer(field.path)] = Json::parse(field.value);
  }

  static bool needs_provider(const Value& root) {
    return root.at("spec", "provider", "type").text() != "Kubernetes";
  }

  void patch_proxy(const Object& proxy, std::vector<Field> fields) {
    if (needs_provider(proxy.root())) fields.insert(fields.begin(), {"/spec/provider/type", "\"Kubernetes\""});
    Step step = step_on(context_.snapshot, proxy);
    step.patch = {test("/metadata/uid", json_string(proxy.uid()))};
    step.undo = step.patch;
    Json live = Json::parse(kube::to_json(proxy.root()));
    std::vector<std::string> made;
    for (const Field& field : fields) patch_field(live, field, step, made);
    // Newest first, so that what was made above a field goes after it.
    for (auto it = made.rbegin(); it != made.rend(); ++it) {
      step.undo.push_back(test(*it, "{}"));
      step.undo.push_back(remove(*it));
    }
    if (step.patch.size() == 1) return;
    step.diff_path = "spec.provider.kubernetes.envoyService";
    step.what = "have Envoy Gateway make the Service a " + options_.to;
    plan_.steps.push_back(std::move(step));
  }

  // Tests what is there now (null: nothing), then adds; above it empty objects where they are missing.
  static void patch_field(Json& live, const Field& field, Step& step, std::vector<std::string>& made) {
    const Json::json_pointer pointer(field.path);
    const Json wanted = Json::parse(field.value);
    const bool there = live.contains(pointer);
    if (there && live.at(pointer) == wanted) return;
    const std::string label = field.path.substr(service_folder.size() < field.path.size() &&
                                                        field.path.starts_with(service_folder)
                                                    ? service_folder.size() + 1
                                                    : 1);
    if (there) {
      const std::string before = live.at(pointer).dump();
      step.patch.push_back(test(field.path, before));
      step.patch.push_back(replace(field.path, field.value));
      step.undo.push_back(test(field.path, field.value));
      step.undo.push_back(replace(field.path, before));
      step.diff.push_back({'-', label + ": " + before, ""});
    } else {
      bool first = true;
      for (std::size_t at = field.path.find('/', 1); at != std::string::npos;
           at = field.path.find('/', at + 1)) {
        const std::string above = field.path.substr(0, at);
        if (live.contains(Json::json_pointer(above))) continue;
        if (first) step.patch.push_back(test(above, "null"));
        first = false;
        step.patch.push_back(add(above, "{}"));
        made.push_back(above);
        live[Json::json_pointer(above)] = Json::object();
      }
      if (first) step.patch.push_back(test(field.path, "null"));
      step.patch.push_back(add(field.path, field.value));
      step.undo.push_back(test(field.path, field.value));
      step.undo.push_back(remove(field.path));
    }
    step.diff.push_back({'+', label + ": " + field.value, ""});
    live[pointer] = wanted;
  }

  void create_proxy(const std::string& ns, const std::string& name, const std::vector<Field>& fields) {
    Step step;
    step.verb = Step::Verb::create;
    step.resource = &kinds::envoy_proxies;
    step.version = request_version(context_.snapshot, kinds::envoy_proxies);
    step.object = {std::string(kinds::envoy_proxies.group), "EnvoyProxy", ns, name};
    Json body = {{"apiVersion", kube::api_version(kinds::envoy_proxies, step.version)},
                 {"kind", "EnvoyProxy"},
                 {"metadata",
                  {{"name", name},
                   {"namespace", ns},
                   {"labels", {{"app.kubernetes.io/managed-by", "aibrixctl"}}}}},
                 {"spec", {{"provider", {{"type", "Kubernetes"}}}}}};
    for (const Field& field : fields) {
      set(body, field);
      step.diff.push_back({'+', field.path.substr(1) + ": " + field.value, ""});
    }
    step.body = body.dump();
    step.diff_path = "spec";
    step.what = "create the EnvoyProxy that decides the Service's type";
    plan_.steps.push_back(std::move(step));
  }

  void reference_proxy() {
    const Object& gateway_class = *context_.cluster.gateway_class();
    Step step = step_on(context_.snapshot, gateway_class);
    const Json ref = {{"group", std::string(kinds::envoy_proxies.group)},
                      {"kind", "EnvoyProxy"},
                      {"name", std::string(own_proxy)},
                      {"namespace", std::string(names::system_namespace)}};
    const std::string uid = json_string(gateway_class.uid());
    step.patch = {test("/metadata/uid", uid), test("/spec/parametersRef", "null"),
                  add("/spec/parametersRef", ref.dump())};
    step.undo = {test("/metadata/uid", uid), test("/spec/parametersRef", ref.dump()),
                 remove("/spec/parametersRef")};
    step.wave = 1;
    step.what = "have it use that EnvoyProxy";
    step.diff_path = "spec.parametersRef";
    step.diff = {{'+', "EnvoyProxy " + std::string(names::system_namespace) + '/' + std::string(own_proxy), ""}};
    plan_.steps.push_back(std::move(step));
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
    const int then = reach(options_.to);
    const bool opens = then == 2 ? now < 2 : then == 1 && now < 1 && public_nodes();
    if (!opens || guarded()) return;
    const std::string who = then == 2 ? "a load balancer, public in most clouds"
                                      : "node ports, and nodes have external addresses";
    if (options_.expose) {
      plan_.after.push_back("the gateway asks for no token: anyone who reaches it (" + who +
                            ") can use every model");
    } else {
      plan_.blockers.push_back(
          {"the gateway asks for no token, and this would open it by " + who,
           fix_command("service-type", options_, "--to " + options_.to + " --expose --apply")});
    }
  }

  void judge_danger(const std::vector<const Object*>& services) {
    for (const Object* service : services) {
      const bool has_address = !service->status()["loadBalancer"]["ingress"].empty();
      if (live_type(*service) != "LoadBalancer" || options_.to == "LoadBalancer" || !has_address) continue;
      for (Step& step : plan_.steps) step.danger = Danger::permanent;
      plan_.steps.front().cost.push_back("the load balancer's address " + addresses(*service) +
                                         " is given up; a new one may be another");
    }
    plan_.steps.front().cost.push_back("clients that use the address of before must change to the new one");
  }

  void tell_owner() {
    const kube::Lookup proxy = context_.cluster.envoy_proxy();
    if (context_.cluster.merged_gateways()) {
      plan_.after.push_back("gateways are merged: the one Service of the class changes for all of them");
    }
    if (!proxy) return;
    if (!proxy->annotation("meta.helm.sh/release-name").empty()) {
      plan_.after.push_back("Helm release " + std::string(proxy->annotation("meta.helm.sh/release-name")) +
                            " owns this EnvoyProxy: its next upgrade takes the change back unless its "
                            "values say gateway.envoyProxy.service.type: " + options_.to);
    }
    for (const char* label : {"argocd.argoproj.io/instance", "kustomize.toolkit.fluxcd.io/name"}) {
      if (proxy->label(label).empty()) continue;
      plan_.after.push_back("a GitOps tool owns this EnvoyProxy (label " + std::string(label) +
                            "): change it there too");
    }
  }

  void add_watch(const std::vector<const Object*>& services) {
    for (const Object* service : services) {
      Watch watch;
      watch.resource = &core::services;
      watch.object = service->ref();
      watch.uid = service->uid();
      watch.values = {options_.to, options_.external_traffic_policy, options_.node_port};
      plan_.watch.push_back(std::move(watch));
    }
    Watch gateway;
    gateway.resource = &kinds::gateways;
    gateway.object = aibrix::gateway_ref();
    plan_.watch.push_back(std::move(gateway));
    plan_.facts.push_back("after: " + options_.to +
                          (options_.to == "LoadBalancer" ? ", once something in this cluster assigns an address"
                           : options_.to == "NodePort"   ? ", on the nodes that run Envoy when externalTrafficPolicy is Local"
                                                         : ", reachable inside the cluster only"));
  }

  const checks::Context& context_;
  const Options& options_;
  Plan plan_;
};

Plan plan_service_type(const checks::Context& context, const Options& options) {
  return Planner(context, options).make();
}

std::string endpoint(const checks::Context& context, const Object& service) {
  const std::string type = live_type(service);
  const std::string port(service.spec()["ports"][std::size_t{0}]["port"].scalar());
  if (type == "ClusterIP") return "http://" + std::string(service.spec()["clusterIP"].text()) + ':' + port;
  if (type == "LoadBalancer") {
    const std::string address = addresses(service);
    return address == "none" ? "" : "http://" + address + ':' + port;
  }
  const auto nodes = aibrix::port_nodes(context.cluster, service);
  if (!nodes || nodes->answering.empty()) return {};
  return "http://" + aibrix::node_address(*nodes->answering.front()) + ':' +
         std::to_string(aibrix::node_port(service));
}

Watched look_at_service(const checks::Context& context, const Watch& watch) {
  Watched out;
  out.object = watch.object;
  // A renamed or made anew Service is found as the gateway's, not by its old name.
  const auto services = context.cluster.gateway_services();
  if (services.empty()) {
    out.text = "not there yet";
    return out;
  }
  const Object& service = *services.front();
  const std::string type = live_type(service);
  const std::string policy(service.spec()["externalTrafficPolicy"].text());
  const std::string port = std::to_string(aibrix::node_port(service));
  if (type != watch.values[0]) {
    out.text = "still of type " + type;
  } else if (!watch.values[1].empty() && policy != watch.values[1]) {
    out.text = "externalTrafficPolicy is still " + policy;
  } else if (!watch.values[2].empty() && port != watch.values[2]) {
    out.text = "its node port is still " + port;
  } else if (type == "LoadBalancer" && addresses(service) == "none") {
    out.text = "LoadBalancer, no address yet";
  } else {
    out.state = State::done;
    const std::string url = endpoint(context, service);
    out.text = type + (url.empty() ? "" : ", " + url);
  }
  return out;
}

Watched look_at_gateway(const checks::Context& context, const Watch& watch) {
  Watched out;
  out.object = watch.object;
  const kube::Lookup gateway = context.cluster.gateway();
  const kube::Condition programmed = gateway ? gateway->condition("Programmed") : kube::Condition();
  out.state = programmed.is_true() ? State::done : State::waiting;
  out.text = programmed.exists() ? programmed.summary() : "no condition Programmed";
  return out;
}

std::vector<Watched> verify_service_type(const Plan& plan, const checks::Context& context) {
  std::vector<Watched> out;
  for (const Watch& watch : plan.watch) {
    out.push_back(watch.resource == &kinds::gateways ? look_at_gateway(context, watch)
                                                     : look_at_service(context, watch));
  }
  return out;
}

constexpr std::string_view codes[] = {"SVC001", "SVC002", "SVC003", "SVC008"};
constexpr Right rights[] = {{&kinds::envoy_proxies, "patch"},
                            {&kinds::envoy_proxies, "create"},
                            {&kinds::envoy_proxies, "delete"},
                            {&kinds::gateway_classes, "patch"}};
constexpr kube::Need more_needs[] = {{&core::nodes, kube::Scope::everywhere, false},
                                     {&core::endpointslices, kube::Scope::workloads, false}};

}  // namespace

extern const Fix service_type{"service-type",
                              "change how the gateway is reached: NodePort, LoadBalancer or ClusterIP",
                              codes,
                              more_needs,
                              rights,
                              plan_service_type,
                              verify_service_type};

}  // namespace fix
