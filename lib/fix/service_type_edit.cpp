// The editor of the EnvoyProxy behind the gateway's Service.
#include "fix/service_type_edit.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "fix/common.hpp"
#include "fix/service_type.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
namespace names = aibrix::names;
using kube::Object;
using kube::Value;
using Json = nlohmann::ordered_json;

constexpr std::string_view service_folder = "/spec/provider/kubernetes/envoyService";
constexpr std::string_view own_proxy = "aibrixctl-envoy-proxy";

// One field to set, as a path in the EnvoyProxy and its JSON value.
struct Field {
  std::string path;
  std::string value;
};

class Editor {
 public:
  Editor(const checks::Context& context, const Options& options, Plan& plan)
      : context_(context), options_(options), plan_(plan) {}

  void run() {
    const std::vector<Field> fields = wanted_fields();
    if (plan_.blockers.empty()) edit(fields);
  }

 private:
  std::vector<Field> wanted_fields() {
    const std::string folder(service_folder);
    std::vector<Field> out;
    const kube::Lookup proxy = context_.cluster.envoy_proxy();
    const Value spec = proxy ? proxy->spec() : Value();
    const bool by_patch =
        proxy && aibrix::wanted_service(spec).path.ends_with("patch.value.spec.type");
    out.push_back({by_patch ? folder + "/patch/value/spec/type" : folder + "/type",
                   json_string(options_[option::to])});
    const std::string policy = options_[option::external_traffic_policy];
    if (!policy.empty()) out.push_back({folder + "/externalTrafficPolicy", json_string(policy)});
    for (const auto& [key, value] : options_[option::annotations]) {
      out.push_back({folder + "/annotations/" + pointer_step(key), json_string(value)});
    }
    if (!options_[option::node_port].empty()) add_node_port(spec, out);
    return out;
  }

  // EnvoyProxy has no field for it: it goes through envoyService.patch, merged by port.
  void add_node_port(const Value& spec, std::vector<Field>& out) {
    const std::string folder = std::string(service_folder) + "/patch";
    const Value patch = spec.at("provider", "kubernetes", "envoyService", "patch");
    const auto services = context_.cluster.gateway_services();
    const Value ports = services.empty() ? Value() : services.front()->spec()["ports"];
    if (ports.size() != 1 || patch.at("value", "spec", "ports").exists()) {
      plan_.blockers.push_back(
          {ports.size() != 1
               ? "--node-port: the Service does not have exactly one port"
               : "--node-port: the EnvoyProxy already patches spec.ports; edit it there"});
      return;
    }
    const Value& port = ports[std::size_t{0}];
    if (!patch["type"].exists()) out.push_back({folder + "/type", "\"StrategicMerge\""});
    const Json value = Json::array({{{"name", std::string(port["name"].text())},
                                     {"port", port["port"].integer_or(80)},
                                     {"protocol", std::string(port["protocol"].text("TCP"))},
                                     {"nodePort", std::stoi(options_[option::node_port])}}});
    out.push_back({folder + "/value/spec/ports", value.dump()});
  }

  void edit(const std::vector<Field>& fields) {
    const auto ref = context_.cluster.envoy_proxy_ref();
    const kube::Lookup proxy = context_.cluster.envoy_proxy();
    if (proxy) return patch_proxy(*proxy, fields);
    if (ref && proxy.unknown()) {
      plan_.blockers.push_back({"EnvoyProxy " + ref->ns + '/' + ref->name + " was not read", {}});
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
    if (needs_provider(proxy.root()))
      fields.insert(fields.begin(), {"/spec/provider/type", "\"Kubernetes\""});
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
    step.what = "set the type of the gateway Service to " + options_[option::to];
    plan_.steps.push_back(std::move(step));
  }

  // Tests what is there now (null: nothing), then adds; above it empty objects where they are
  // missing.
  static void patch_field(Json& live, const Field& field, Step& step,
                          std::vector<std::string>& made) {
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

  void create_proxy(const std::string& ns, const std::string& name,
                    const std::vector<Field>& fields) {
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
    step.what = "create the EnvoyProxy that determines the Service type";
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
    step.what = "reference that EnvoyProxy";
    step.diff_path = "spec.parametersRef";
    step.diff = {
        {'+', "EnvoyProxy " + std::string(names::system_namespace) + '/' + std::string(own_proxy),
         ""}};
    plan_.steps.push_back(std::move(step));
  }

  const checks::Context& context_;
  const Options& options_;
  Plan& plan_;
};

}  // namespace

void edit_proxy(const checks::Context& context, const Options& options, Plan& plan) {
  Editor(context, options, plan).run();
}

}  // namespace fix
