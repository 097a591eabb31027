// What Kubernetes refuses of its own kinds and no schema says. Sources: pkg/apis/{core,autoscaling,
// networking,rbac}/validation. Those that run pods are in workload_rules.cpp.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <set>
#include <string>

#include "base/text.hpp"
#include "kube/quantity.hpp"
#include "kube/schema/tell.hpp"
#include "kube/schema/workload_rules.hpp"

namespace kube {
namespace {

using Look = void (*)(const Value& object, Teller& tell);

bool is_address(std::string_view text) {
  std::array<unsigned char, 16> bytes{};
  const std::string copy(text);
  return ::inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1;
}

struct AddressRange {
  int family = 0;
  std::array<unsigned char, 16> bytes{};
  unsigned bits = 0;

  bool strictly_holds(const AddressRange& other) const {
    if (family != other.family || bits >= other.bits) return false;
    for (unsigned bit = 0; bit < bits; ++bit) {
      const unsigned mask = 0x80U >> (bit % 8);
      if ((bytes.at(bit / 8) & mask) != (other.bytes.at(bit / 8) & mask)) return false;
    }
    return true;
  }
};

std::optional<AddressRange> parse_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  AddressRange out;
  out.family = text.find(':') == std::string_view::npos ? AF_INET : AF_INET6;
  const std::string address(text.substr(0, slash));
  if (::inet_pton(out.family, address.c_str(), out.bytes.data()) != 1) return std::nullopt;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.bits);
  const unsigned most = out.family == AF_INET ? 32 : 128;
  if (error != std::errc() || end != digits.data() + digits.size() || out.bits > most) {
    return std::nullopt;
  }
  return out;
}

void look_at_range(const Value& range, const std::string& path, Teller& tell) {
  const std::string_view text = range.text();
  if (parse_range(text) || text.empty() || is_filled_in_later(text)) return;
  tell.add(Mistake::malformed, path, range,
           "has " + Teller::shown(range) + " in " + path + ", which is no range of addresses",
           path + ": Invalid value: " + Teller::shown(range) +
               ": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
}

void look_at_service_ports(const Value& spec, Teller& tell) {
  const Value ports = spec["ports"];
  const std::string_view type = spec["type"].text("ClusterIP");
  std::set<std::string_view> names;
  std::set<std::string> numbers;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string at = item_path("spec.ports", i);
    const Value name = ports[i]["name"];
    if (ports.size() > 1 && name.text().empty()) tell.missing(at + ".name", ports[i]);
    if (!name.text().empty() && !names.insert(name.text()).second) tell.twice(at + ".name", name);
    const std::string key =
        std::string(ports[i]["protocol"].text("TCP")) + std::string(ports[i]["port"].scalar());
    if (ports[i]["port"].integer() && !numbers.insert(key).second) {
      tell.twice(at + ".port", ports[i]["port"]);
    }
    const Value node = ports[i]["nodePort"];
    if (node.integer_or(0) == 0) continue;
    if (type == "ClusterIP" || type == "ExternalName") {
      tell.broken(at + ".nodePort", node,
                  "has " + at + ".nodePort, which type " + base::printable(type) + " does not have",
                  "Forbidden: may not be used when `type` is '" + base::printable(type) + "'");
    } else if (*node.integer() > 0 && (*node.integer() < 30000 || *node.integer() > 32767)) {
      // --service-node-port-range of the API server can say otherwise.
      const auto usual = tell.as(Refuser::usual_server);
      tell.add(
          Mistake::out_of_range, at + ".nodePort", node,
          "has " + Teller::shown(node) + " in " + at + ".nodePort, which no node port usually is",
          at + ".nodePort: Invalid value: " + Teller::shown(node) +
              ": provided port is not in the valid range. The range of valid ports is "
              "30000-32767");
    }
  }
}

void look_at_service(const Value& object, Teller& tell) {
  const Value spec = object["spec"];
  if (!spec.is_object()) return;
  const std::string_view type = spec["type"].text("ClusterIP");
  const Value outside = spec["externalName"];
  if (type == "ExternalName") {
    const std::string_view host = outside.text();
    if (host.empty()) {
      tell.missing("spec.externalName", spec);
    } else if (!is_subdomain(host.substr(0, host.size() - (host.ends_with('.') ? 1 : 0)))) {
      tell.add(Mistake::malformed, "spec.externalName", outside,
               "has " + Teller::shown(outside) + " in spec.externalName, which is no host name",
               "spec.externalName: Invalid value: " + Teller::shown(outside));
    }
  } else if (spec["ports"].empty() && spec["clusterIP"].text() != "None") {
    tell.missing("spec.ports", spec);
  }
  look_at_service_ports(spec, tell);
  const bool outer = type == "NodePort" || type == "LoadBalancer" || !spec["externalIPs"].empty();
  const Value policy = spec["externalTrafficPolicy"];
  if (!policy.text().empty() && !outer) {
    tell.broken(
        "spec.externalTrafficPolicy", policy,
        "has spec.externalTrafficPolicy, which type " + base::printable(type) + " does not have",
        "may only be set for externally-accessible services");
  }
  if (spec["clusterIP"].text() == "None" && (type == "NodePort" || type == "LoadBalancer")) {
    tell.broken("spec.clusterIP", spec["clusterIP"],
                "has no cluster IP, which type " + base::printable(type) + " must have",
                "may not be set to 'None' for " + base::printable(type) + " services");
  }
  const Value address = spec["clusterIP"];
  if (!address.text().empty() && address.text() != "None" && !is_address(address.text()) &&
      !is_filled_in_later(address.text())) {
    tell.add(Mistake::malformed, "spec.clusterIP", address,
             "has " + Teller::shown(address) + " in spec.clusterIP, which is no address",
             "spec.clusterIP: Invalid value: " + Teller::shown(address) +
                 ": must be None, empty, or a valid IP address");
  }
  for (std::size_t i = 0; i < spec["loadBalancerSourceRanges"].size(); ++i) {
    look_at_range(spec["loadBalancerSourceRanges"][i],
                  item_path("spec.loadBalancerSourceRanges", i), tell);
  }
  if (!spec["loadBalancerSourceRanges"].empty() && type != "LoadBalancer") {
    tell.broken(
        "spec.loadBalancerSourceRanges", spec["loadBalancerSourceRanges"],
        "has spec.loadBalancerSourceRanges, which type " + base::printable(type) + " does not have",
        "Forbidden: may only be used when `type` is 'LoadBalancer'");
  }
}

// The settings of each type of metric stand in a field of their own.
std::string metric_field(std::string_view type) {
  std::string out(type);
  if (!out.empty()) out[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[0])));
  return out;
}

void look_at_metric(const Value& metric, const std::string& at, Teller& tell) {
  const std::string field = metric_field(metric["type"].text());
  if (field.empty()) return;
  const std::string path = at + '.' + field;
  if (!metric[field].is_object()) {
    constexpr std::array<std::string_view, 5> known = {"resource", "pods", "object", "external",
                                                       "containerResource"};
    if (std::ranges::find(known, field) != known.end()) {
      tell.missing(path, metric, "must populate information for the given metric source");
    }
    return;
  }
  const Value target = metric[field]["target"];
  if (!target.is_object()) return;
  const auto there = [&](std::string_view name) {
    return target[name].exists() && !target[name].is_null();
  };
  const bool any = there("averageUtilization") || there("averageValue") || there("value");
  const bool pods = field == "pods" && !there("averageValue");
  if (any && !pods) return;
  tell.missing(path + ".target." + (field == "pods" ? "averageValue" : "averageUtilization"),
               target, "must set either a target raw value or a target utilization");
}

void look_at_autoscaler(const Value& object, Teller& tell) {
  const Value spec = object["spec"];
  const auto least = spec["minReplicas"].integer();
  const auto most = spec["maxReplicas"].integer();
  if (least.value_or(1) > most.value_or(1'000'000)) {
    tell.broken("spec.maxReplicas", spec["maxReplicas"], "has fewer maxReplicas than minReplicas",
                "must be greater than or equal to `minReplicas`");
  }
  const bool to_none = std::ranges::any_of(spec["metrics"].items(), [](const Value& metric) {
    return metric["type"].text() == "Object" || metric["type"].text() == "External";
  });
  if (least == 0 && !to_none) {
    tell.add(Mistake::out_of_range, "spec.minReplicas", spec["minReplicas"],
             "has 0 in spec.minReplicas, which only Object and External metrics can scale up from",
             "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1");
  }
  const Value target = spec["scaleTargetRef"];
  if (target.is_object() && target["apiVersion"].text().find('/') == std::string_view::npos &&
      target["kind"].text() != "ReplicationController") {
    tell.broken("spec.scaleTargetRef.apiVersion", target,
                "has no group in spec.scaleTargetRef.apiVersion",
                "apiVersion must specify API group");
  }
  for (std::size_t i = 0; i < spec["metrics"].size(); ++i) {
    look_at_metric(spec["metrics"][i], item_path("spec.metrics", i), tell);
  }
}

// The name of another object in a field of spec.
void look_at_class(const Value& spec, std::string_view field, Teller& tell) {
  const Value name = spec[field];
  if (name.text().empty() || is_subdomain(name.text()) || is_filled_in_later(name.text())) return;
  const std::string path = "spec." + std::string(field);
  tell.add(Mistake::bad_name, path, name,
           "has " + Teller::shown(name) + " in " + path + ", which is no name",
           path + ": Invalid value: " + Teller::shown(name));
}

void look_at_claim(const Value& object, Teller& tell) {
  const Value spec = object["spec"];
  const Value storage = spec.at("resources", "requests", "storage");
  if (storage.scalar().empty()) {
    tell.missing("spec.resources.requests.storage", spec);
  } else if (const auto size = parse_quantity(storage.scalar()); size && *size <= 0) {
    tell.add(Mistake::out_of_range, "spec.resources.requests.storage", storage,
             "asks for no storage in spec.resources.requests.storage",
             "spec.resources[storage]: Invalid value: must be greater than zero");
  }
  look_at_class(spec, "storageClassName", tell);
}

void look_at_volume(const Value& object, Teller& tell) {
  const Value spec = object["spec"];
  if (!spec.is_object()) return;
  constexpr std::array<std::string_view, 9> others = {"accessModes",
                                                      "capacity",
                                                      "claimRef",
                                                      "mountOptions",
                                                      "nodeAffinity",
                                                      "storageClassName",
                                                      "volumeMode",
                                                      "persistentVolumeReclaimPolicy",
                                                      "volumeAttributesClassName"};
  const bool source = std::ranges::any_of(spec.members(), [&](const Member& member) {
    return !member.value.is_null() && std::ranges::find(others, member.key) == others.end();
  });
  if (!source) tell.missing("spec", spec, "must specify a volume type");
  if (spec.at("capacity", "storage").scalar().empty()) tell.missing("spec.capacity.storage", spec);
}

void look_at_role(const Value& object, Teller& tell) {
  for (std::size_t i = 0; i < object["rules"].size(); ++i) {
    const Value rule = object["rules"][i];
    const std::string at = item_path("rules", i);
    if (!rule["nonResourceURLs"].empty()) {
      if (object["kind"].text() != "Role") continue;
      tell.broken(at + ".nonResourceURLs", rule["nonResourceURLs"],
                  "has " + at + ".nonResourceURLs, which only ClusterRoles have",
                  "namespaced rules cannot apply to non-resource URLs");
      continue;
    }
    if (rule["apiGroups"].empty()) {
      tell.missing(at + ".apiGroups", rule, "resource rules must supply at least one api group");
    }
    if (rule["resources"].empty()) {
      tell.missing(at + ".resources", rule, "resource rules must supply at least one resource");
    }
  }
}

void look_at_binding(const Value& object, Teller& tell) {
  const Value kind = object.at("roleRef", "kind");
  if (object["kind"].text() == "ClusterRoleBinding" && kind.text() == "Role") {
    tell.add(Mistake::not_a_choice, "roleRef.kind", kind,
             "has \"Role\" in roleRef.kind, which a ClusterRoleBinding cannot bind",
             "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"");
  }
  for (std::size_t i = 0; i < object["subjects"].size(); ++i) {
    const Value subject = object["subjects"][i];
    const std::string at = item_path("subjects", i);
    if (subject["kind"].text() != "ServiceAccount") {
      const Value ns = subject["namespace"];
      if (!ns.text().empty()) {
        tell.broken(at + ".namespace", ns, "has " + at + ".namespace, which only accounts have",
                    "Forbidden: must not be set for users and groups");
      }
      continue;
    }
    // A RoleBinding fills in its own.
    if (object["kind"].text() == "ClusterRoleBinding" && subject["namespace"].text().empty()) {
      tell.missing(at + ".namespace", subject);
    }
    const Value name = subject["name"];
    if (name.text().empty() || is_subdomain(name.text()) || is_filled_in_later(name.text()))
      continue;
    tell.add(Mistake::bad_name, at + ".name", name,
             "has " + Teller::shown(name) + " in " + at + ".name, which is no name of an account",
             at + ".name: Invalid value: " + Teller::shown(name));
  }
}

void look_at_backend(const Value& backend, const std::string& at, const Value& holder,
                     Teller& tell) {
  const Value service = backend["service"];
  if (!service.is_object() && !backend["resource"].is_object()) {
    return tell.missing(at, holder, "resource or service backend is required");
  }
  const Value port = service["port"];
  if (service.is_object() && port["name"].text().empty() && port["number"].integer_or(0) == 0) {
    tell.missing(at + ".service.port", backend, "port name or number is required");
  }
}

void look_at_ingress(const Value& object, Teller& tell) {
  const Value spec = object["spec"];
  if (spec["rules"].empty() && !spec["defaultBackend"].is_object()) {
    tell.missing("spec.rules", spec, "either `defaultBackend` or `rules` must be specified");
  }
  for (std::size_t i = 0; i < spec["rules"].size(); ++i) {
    const Value host = spec["rules"][i]["host"];
    const std::string_view name = host.text();
    if (!name.empty() && !is_filled_in_later(name) &&
        !is_subdomain(name.starts_with("*.") ? name.substr(2) : name)) {
      const std::string at = item_path("spec.rules", i) + ".host";
      tell.add(Mistake::malformed, at, host,
               "has " + Teller::shown(host) + " in " + at + ", which is no host name",
               at + ": Invalid value: " + Teller::shown(host) +
                   ": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                   "characters, '-' or '.'");
    }
    const Value paths = spec["rules"][i].at("http", "paths");
    for (std::size_t k = 0; k < paths.size(); ++k) {
      const std::string at = item_path(item_path("spec.rules", i) + ".http.paths", k);
      const Value path = paths[k]["path"];
      const bool loose = paths[k]["pathType"].text() == "ImplementationSpecific";
      if (!path.text().starts_with('/') && !(loose && path.text().empty())) {
        tell.add(
            Mistake::malformed, at + ".path", path.exists() ? path : paths[k],
            "has no absolute path in " + at + ".path",
            at + ".path: Invalid value: " + Teller::shown(path) + ": must be an absolute path");
      }
      look_at_backend(paths[k]["backend"], at + ".backend", paths[k], tell);
    }
  }
  look_at_class(spec, "ingressClassName", tell);
}

// What a NetworkPolicy leaves out of a range of addresses.
void look_at_exceptions(const Value& block, const std::string& path, Teller& tell) {
  const auto whole = parse_range(block["cidr"].text());
  for (std::size_t i = 0; i < block["except"].size(); ++i) {
    const Value one = block["except"][i];
    const std::string at = item_path(path + ".except", i);
    look_at_range(one, at, tell);
    const auto part = parse_range(one.text());
    if (!whole || !part || whole->strictly_holds(*part)) continue;
    tell.broken(at, one,
                "has " + Teller::shown(one) + " in " + at + ", which is no smaller range within " +
                    Teller::shown(block["cidr"]),
                "must be a strict subset of `cidr`");
  }
}

void look_at_network_policy(const Value& object, Teller& tell) {
  constexpr std::array<std::array<std::string_view, 2>, 2> sides = {
      {{"ingress", "from"}, {"egress", "to"}}};
  for (const auto& [side, who] : sides) {
    const Value rules = object.at("spec", side);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const Value peers = rules[i][who];
      const std::string at = item_path("spec." + std::string(side), i) + '.' + std::string(who);
      for (std::size_t k = 0; k < peers.size(); ++k) {
        const bool any = peers[k]["podSelector"].is_object() ||
                         peers[k]["namespaceSelector"].is_object() ||
                         peers[k]["ipBlock"].is_object();
        if (!any) tell.missing(item_path(at, k), rules[i], "must specify a peer");
        look_at_range(peers[k].at("ipBlock", "cidr"), item_path(at, k) + ".ipBlock.cidr", tell);
        look_at_exceptions(peers[k]["ipBlock"], item_path(at, k) + ".ipBlock", tell);
      }
    }
  }
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= 253 && key != "." && key != ".." && !key.starts_with("..") &&
         std::ranges::all_of(key, [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ||
                  c == '.';
         });
}

void look_at_keys(const Value& object, Teller& tell) {
  for (const std::string_view field : {"data", "binaryData", "stringData"}) {
    for (const Member& one : object[field].members()) {
      if (is_key(one.key) || is_filled_in_later(one.key)) continue;
      const std::string at = member_path(std::string(field), one.key);
      tell.add(
          Mistake::bad_name, at, one.value,
          "has \"" + base::printable(one.key) + "\" in " + std::string(field) + ", which is no key",
          std::string(field) + "[" + base::printable(one.key) +
              "]: Invalid value: a valid config key must consist of alphanumeric characters, "
              "'-', '_' or '.'");
    }
  }
}

// Amounts under names that nothing counts.
void look_at_limits(const Value& object, Teller& tell) {
  for (std::size_t i = 0; i < object.at("spec", "limits").size(); ++i) {
    const Value limit = object.at("spec", "limits")[i];
    if (limit["type"].text() != "Container") continue;
    for (const std::string_view field : {"default", "defaultRequest", "max", "min"}) {
      for (const Member& one : limit[field].members()) {
        if (is_resource_name(one.key) || is_filled_in_later(one.key)) continue;
        const std::string at =
            member_path(item_path("spec.limits", i) + '.' + std::string(field), one.key);
        tell.add(Mistake::bad_name, at, one.value, "has " + at + ", which is no resource",
                 at + ": Invalid value: must be a standard resource type or fully qualified");
      }
    }
  }
}

struct Row {
  std::string_view kind;
  Look look;
};
constexpr Row rows[] = {
    {"Deployment", look_at_deployment},
    {"ReplicaSet", look_at_daemon_set},
    {"DaemonSet", look_at_daemon_set},
    {"StatefulSet", look_at_stateful_set},
    {"Job", look_at_job},
    {"CronJob", look_at_cron_job},
    {"Pod", look_at_bare_pod},
    {"Service", look_at_service},
    {"HorizontalPodAutoscaler", look_at_autoscaler},
    {"PodDisruptionBudget", look_at_budget},
    {"PersistentVolumeClaim", look_at_claim},
    {"PersistentVolume", look_at_volume},
    {"Role", look_at_role},
    {"ClusterRole", look_at_role},
    {"RoleBinding", look_at_binding},
    {"ClusterRoleBinding", look_at_binding},
    {"Ingress", look_at_ingress},
    {"NetworkPolicy", look_at_network_policy},
    {"LimitRange", look_at_limits},
    {"ConfigMap", look_at_keys},
    {"Secret", look_at_keys},
};

}  // namespace

std::string Teller::shown(const Value& value) {
  return '"' + base::printable(base::shorten(value.scalar(), 80)) + '"';
}

std::string item_path(const std::string& path, std::size_t index) {
  return path + '[' + std::to_string(index) + ']';
}

bool is_placeholder(std::string_view text) {
  return text.find("${") != std::string_view::npos || text.find("{{") != std::string_view::npos;
}
bool is_filled_in_later(std::string_view text) {
  return is_placeholder(text) || text.find("$(") != std::string_view::npos;
}

std::vector<Violation> validate_core(const Value& object) {
  Teller tell;
  const std::string_view kind = object["kind"].text();
  for (const Row& row : rows) {
    if (row.kind == kind) row.look(object, tell);
  }
  return tell.take();
}

std::vector<Violation> validate_scale(const Value& object) {
  Teller tell;
  const Value replicas = object.at("spec", "replicas");
  if (replicas.integer_or(0) < 0) {
    tell.add(Mistake::out_of_range, "spec.replicas", replicas,
             "has " + Teller::shown(replicas) + " in spec.replicas",
             ".spec.replicas: Invalid value: " + std::string(replicas.scalar()) +
                 ": should be a non-negative integer");
  }
  return tell.take();
}

}  // namespace kube
