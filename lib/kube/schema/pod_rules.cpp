// What Kubernetes refuses of a pod and no schema says. Source:
// pkg/apis/core/validation/validation.go.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/text.hpp"
#include "kube/quantity.hpp"
#include "kube/schema/tell.hpp"

namespace kube {
namespace {

template <std::size_t N>
bool is_one(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

// Of these fields, those that are there.
template <std::size_t N>
std::size_t count_of(const Value& value, const std::array<std::string_view, N>& names) {
  return static_cast<std::size_t>(std::ranges::count_if(names, [&](std::string_view name) {
    return value[name].exists() && !value[name].is_null();
  }));
}

constexpr std::array<std::string_view, 4> handlers = {"exec", "grpc", "httpGet", "tcpSocket"};
constexpr std::array<std::string_view, 4> hooks = {"exec", "httpGet", "sleep", "tcpSocket"};
constexpr std::array<std::string_view, 5> value_sources = {
    "configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"};

class Pod {
 public:
  Pod(const Value& spec, std::string path, Teller& tell)
      : spec_(spec), path_(std::move(path)), tell_(tell) {}

  void look(const Value& claims) {
    look_at_volumes();
    for (const Value& claim : claims.items()) {
      volumes_.insert(claim.at("metadata", "name").text());
    }
    for (const std::string_view list : {"initContainers", "containers"}) {
      const std::string at = path_ + '.' + std::string(list);
      for (std::size_t i = 0; i < spec_[list].size(); ++i) {
        look_at_container(spec_[list][i], item_path(at, i), list == "containers");
      }
    }
    for (std::size_t i = 0; i < spec_["tolerations"].size(); ++i) {
      look_at_toleration(spec_["tolerations"][i], item_path(path_ + ".tolerations", i));
    }
    look_at_names();
    look_at_affinity();
    if (spec_["dnsPolicy"].text() == "None" && spec_.at("dnsConfig", "nameservers").empty()) {
      tell_.missing(path_ + ".dnsConfig", spec_,
                    "must provide `dnsConfig` when `dnsPolicy` is None");
    }
  }

 private:
  void look_at_names() {
    for (const std::string_view field : {"serviceAccountName", "priorityClassName"}) {
      const Value name = spec_[field];
      if (name.text().empty() || is_subdomain(name.text()) || is_filled_in_later(name.text())) {
        continue;
      }
      tell_.add(Mistake::bad_name, path_ + '.' + std::string(field), name,
                "has " + Teller::shown(name) + " in " + path_ + '.' + std::string(field) +
                    ", which is no name",
                path_ + '.' + std::string(field) + ": Invalid value: " + Teller::shown(name));
    }
    for (const Member& label : spec_["nodeSelector"].members()) {
      if (is_qualified_name(label.key) && is_label_value(label.value.text())) continue;
      if (is_filled_in_later(label.value.text())) continue;
      const std::string at = member_path(path_ + ".nodeSelector", label.key);
      tell_.add(
          Mistake::bad_label, at, label.value,
          "has " + Teller::shown(label.value) + " in " + at + ", which no label of a node can be",
          at + ": Invalid value: " + Teller::shown(label.value));
    }
  }

  void look_at_volumes() {
    for (std::size_t i = 0; i < spec_["volumes"].size(); ++i) {
      const Value volume = spec_["volumes"][i];
      const std::string at = item_path(path_ + ".volumes", i);
      if (!volume.is_object()) continue;
      const Value name = volume["name"];
      if (!name.text().empty() && !volumes_.insert(name.text()).second) {
        tell_.twice(at + ".name", name);
      }
      std::size_t sources = 0;
      for (const Member& member : volume.members()) {
        if (member.key != "name" && !member.value.is_null()) ++sources;
      }
      if (sources > 1) {
        tell_.broken(at, volume, "has two kinds of volume in " + at,
                     "may not specify more than 1 volume type");
      }
    }
  }

  void look_at_container(const Value& container, const std::string& at, bool main) {
    const Value name = container["name"];
    if (!name.text().empty() && !names_.insert(name.text()).second) {
      tell_.twice(at + ".name", name);
    }
    look_at_ports(container["ports"], at + ".ports");
    look_at_mounts(container["volumeMounts"], at + ".volumeMounts");
    for (std::size_t i = 0; i < container["env"].size(); ++i) {
      look_at_variable(container["env"][i], item_path(at + ".env", i));
    }
    for (std::size_t i = 0; i < container["envFrom"].size(); ++i) {
      const Value from = container["envFrom"][i];
      look_at_sources(from, item_path(at + ".envFrom", i),
                      std::array<std::string_view, 2>{"configMapRef", "secretRef"});
    }
    look_at_resources(container["resources"], at + ".resources");
    look_at_probes(container, at, main);
  }

  void look_at_probes(const Value& container, const std::string& at, bool main) {
    const bool restarts = container["restartPolicy"].text() == "Always";
    for (const std::string_view name : {"livenessProbe", "readinessProbe", "startupProbe"}) {
      const Value probe = container[name];
      if (!probe.is_object()) continue;
      const std::string here = at + '.' + std::string(name);
      if (!main && !restarts) {
        tell_.broken(here, probe, "has " + here + ", which an init container may not have",
                     "must not be set for init containers without restartPolicy=Always");
        continue;
      }
      look_at_handler(probe, here, handlers);
      const Value successes = probe["successThreshold"];
      if (name != "readinessProbe" && successes.integer_or(1) > 1) {
        tell_.add(Mistake::out_of_range, here + ".successThreshold", successes,
                  "has " + Teller::shown(successes) + " in " + here + ".successThreshold",
                  here + ".successThreshold: Invalid value: must be 1");
      }
    }
    for (const std::string_view hook : {"postStart", "preStop"}) {
      const Value handler = container.at("lifecycle", hook);
      if (!handler.is_object()) continue;
      look_at_handler(handler, at + ".lifecycle." + std::string(hook), hooks);
    }
  }

  void look_at_handler(const Value& value, const std::string& at,
                       const std::array<std::string_view, 4>& known) {
    const std::size_t count = count_of(value, known);
    if (count == 0) tell_.missing(at, value, "must specify a handler type");
    if (count > 1) {
      tell_.broken(at, value, "has two handlers in " + at,
                   "may not specify more than 1 handler type");
    }
  }

  template <std::size_t N>
  void look_at_sources(const Value& value, const std::string& at,
                       const std::array<std::string_view, N>& known) {
    if (!value.is_object()) return;
    const std::size_t count = count_of(value, known);
    std::vector<std::string> all(known.begin(), known.end());
    const std::string list = base::join(all, ", ");
    if (count == 0) {
      tell_.broken(at, value, "has no source in " + at, "must specify one of: " + list);
    } else if (count > 1) {
      tell_.broken(at, value, "has two sources in " + at,
                   "may not have more than one field specified at a time");
    }
  }

  void look_at_variable(const Value& variable, const std::string& at) {
    const Value name = variable["name"];
    if (name.text().find('=') != std::string_view::npos) {
      tell_.add(Mistake::bad_name, at + ".name", name,
                "has " + Teller::shown(name) + " in " + at + ".name, which names no variable",
                at + ".name: Invalid value: " + Teller::shown(name));
    }
    const Value from = variable["valueFrom"];
    if (!from.is_object()) return;
    if (!variable["value"].text().empty()) {
      tell_.broken(at + ".valueFrom", from, "has both value and valueFrom in " + at,
                   "may not be specified when `value` is not empty");
    }
    look_at_sources(from, at + ".valueFrom", value_sources);
    const Value path = from.at("fieldRef", "fieldPath");
    if (!path.text().empty() && !is_pod_field(path.text())) {
      tell_.add(Mistake::not_a_choice, at + ".valueFrom.fieldRef.fieldPath", path,
                "has " + Teller::shown(path) + " in " + at +
                    ".valueFrom.fieldRef.fieldPath, which a pod does not have",
                at + ".valueFrom.fieldRef.fieldPath: Invalid value: " + Teller::shown(path) +
                    ": error converting fieldPath: field label not supported");
    }
  }

  static bool is_pod_field(std::string_view path) {
    if (path.starts_with("metadata.labels['") || path.starts_with("metadata.annotations['")) {
      return path.ends_with("']");
    }
    constexpr std::array<std::string_view, 9> fields = {
        "metadata.name",           "metadata.namespace", "metadata.uid",
        "spec.nodeName",           "status.hostIP",      "status.hostIPs",
        "spec.serviceAccountName", "status.podIP",       "status.podIPs"};
    return is_one(path, fields) || path.starts_with("$");
  }

  void look_at_ports(const Value& ports, const std::string& path) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < ports.size(); ++i) {
      const std::string at = item_path(path, i);
      const Value name = ports[i]["name"];
      if (!name.text().empty() && !names.insert(name.text()).second)
        tell_.twice(at + ".name", name);
      const Value host = ports[i]["hostPort"];
      const auto inner = ports[i]["containerPort"].integer();
      if (spec_["hostNetwork"].is_true() && host.integer_or(0) != 0 && inner &&
          host.integer() != inner) {
        tell_.broken(at + ".hostPort", host, "has another hostPort than containerPort in " + at,
                     "must match `containerPort` when `hostNetwork` is true");
      }
    }
  }

  void look_at_mounts(const Value& mounts, const std::string& path) {
    std::set<std::string_view> places;
    for (std::size_t i = 0; i < mounts.size(); ++i) {
      const std::string at = item_path(path, i);
      const Value name = mounts[i]["name"];
      if (!name.text().empty() && !is_filled_in_later(name.text()) &&
          volumes_.count(name.text()) == 0) {
        tell_.broken(
            at + ".name", name,
            "mounts the volume " + Teller::shown(name) + ", which is not in " + path_ + ".volumes",
            "Not found: " + Teller::shown(name));
      }
      const Value place = mounts[i]["mountPath"];
      if (!place.text().empty() && !places.insert(place.text()).second) {
        tell_.broken(at + ".mountPath", place,
                     "mounts two volumes at " + Teller::shown(place) + " in " + path,
                     Teller::shown(place) + ": must be unique");
      }
      const std::string_view part = mounts[i]["subPath"].text();
      if (part.starts_with('/') || part.find("..") != std::string_view::npos) {
        tell_.broken(at + ".subPath", mounts[i]["subPath"],
                     "has " + Teller::shown(mounts[i]["subPath"]) + " in " + at +
                         ".subPath, which leads out of the volume",
                     "must be a relative path");
      }
    }
  }

  // A device: it is given whole, and to one container.
  static bool is_device(std::string_view name) {
    const std::size_t slash = name.find('/');
    return slash != std::string_view::npos &&
           name.substr(0, slash).find("kubernetes.io") == std::string_view::npos;
  }

  void look_at_resources(const Value& resources, const std::string& at) {
    for (const std::string_view list : {"requests", "limits"}) {
      for (const Member& one : resources[list].members()) {
        look_at_amount(one, at + '.' + std::string(list));
      }
    }
    const Value limits = resources["limits"];
    for (const Member& request : resources["requests"].members()) {
      const std::string path = member_path(at + ".requests", request.key);
      const Value limit = limits[request.key];
      const auto wanted = amount(request.value);
      const auto most = amount(limit);
      if (!limit.exists() && is_device(request.key) && wanted) {
        tell_.broken(path, request.value,
                     "has " + path + " without a limit, which a device must have",
                     "Limit must be set for non overcommitable resources");
      }
      if (!wanted || !most) continue;
      if (*wanted > *most) {
        tell_.broken(path, request.value, "asks for more than its limit in " + path,
                     Teller::shown(request.value) + ": must be less than or equal to " +
                         std::string(request.key) + " limit of " + Teller::shown(limit));
      } else if (*wanted < *most && is_device(request.key)) {
        tell_.broken(path, request.value, "asks for less than its limit in " + path,
                     Teller::shown(request.value) + ": must be equal to " +
                         std::string(request.key) + " limit of " + Teller::shown(limit));
      }
    }
  }
  void look_at_amount(const Member& one, const std::string& path) {
    const std::string at = member_path(path, one.key);
    if (!is_resource_name(one.key) && !is_filled_in_later(one.key)) {
      tell_.add(Mistake::bad_name, at, one.value, "has " + at + ", which is no resource",
                path + "[" + base::printable(one.key) + "]: Invalid value: \"" +
                    base::printable(one.key) +
                    "\": must be a standard resource type or fully qualified");
    }
    const auto number = amount(one.value);
    if (!number) return;
    if (*number < 0) {
      tell_.add(Mistake::out_of_range, at, one.value, "has a negative amount in " + at,
                at + ": Invalid value: " + Teller::shown(one.value) +
                    ": must be greater than or equal to 0");
    }
    if (is_device(one.key) && *number != static_cast<double>(static_cast<long long>(*number))) {
      tell_.broken(at, one.value, "has a part of a device in " + at, "must be an integer");
    }
  }
  static std::optional<double> amount(const Value& value) {
    if (value.is_string() && value.text().empty()) return std::nullopt;
    return parse_quantity(value.scalar());
  }

  void look_at_toleration(const Value& toleration, const std::string& at) {
    const Value key = toleration["key"];
    if (!key.text().empty() && !is_qualified_name(key.text()) && !is_filled_in_later(key.text())) {
      tell_.add(Mistake::bad_label, at + ".key", key,
                "has " + Teller::shown(key) + " in " + at + ".key, which is no key of a taint",
                at + ".key: Invalid value: " + Teller::shown(key));
    }
    const bool exists = toleration["operator"].text() == "Exists";
    if (key.text().empty() && !exists && toleration.is_object()) {
      tell_.broken(at + ".operator", toleration, "tolerates no taint in " + at,
                   "operator must be Exists when `key` is empty, which means \"match all values "
                   "and all keys\"");
    }
    if (exists && !toleration["value"].text().empty()) {
      tell_.broken(at + ".value", toleration["value"],
                   "has a value in " + at + ", where any value is tolerated",
                   "value must be empty when `operator` is 'Exists'");
    }
    const std::string_view effect = toleration["effect"].text();
    if (toleration["tolerationSeconds"].integer() && effect != "NoExecute") {
      tell_.broken(at + ".effect", toleration,
                   "has tolerationSeconds in " + at + " without NoExecute",
                   "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
  }

  // In and NotIn go with values, the others without.
  void look_at_expressions(const Value& list, const std::string& path) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Value values = list[i]["values"];
      const std::string_view op = list[i]["operator"].text();
      const std::string at = item_path(path, i) + ".values";
      if ((op == "In" || op == "NotIn") && values.empty()) {
        tell_.missing(at, list[i], "must be specified when `operator` is 'In' or 'NotIn'");
      }
      if ((op == "Exists" || op == "DoesNotExist") && !values.empty()) {
        tell_.broken(at, values, "has values in " + at + ", which " + std::string(op) + " has not",
                     "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      }
    }
  }

  void look_at_affinity() {
    const Value node = spec_.at("affinity", "nodeAffinity");
    const std::string at = path_ + ".affinity.nodeAffinity";
    const Value required = node["requiredDuringSchedulingIgnoredDuringExecution"];
    const Value terms = required["nodeSelectorTerms"];
    for (std::size_t i = 0; i < terms.size(); ++i) {
      look_at_expressions(terms[i]["matchExpressions"],
                          item_path(at + ".requiredDuringSchedulingIgnoredDuringExecution"
                                         ".nodeSelectorTerms",
                                    i) +
                              ".matchExpressions");
    }
    const Value preferred = node["preferredDuringSchedulingIgnoredDuringExecution"];
    for (std::size_t i = 0; i < preferred.size(); ++i) {
      look_at_expressions(preferred[i].at("preference", "matchExpressions"),
                          item_path(at + ".preferredDuringSchedulingIgnoredDuringExecution", i) +
                              ".preference.matchExpressions");
    }
  }

  const Value& spec_;
  std::string path_;
  Teller& tell_;
  std::set<std::string_view> volumes_;
  std::set<std::string_view> names_;
};

}  // namespace

bool is_resource_name(std::string_view name) {
  constexpr std::array<std::string_view, 3> own = {"cpu", "memory", "ephemeral-storage"};
  return is_one(name, own) || name.starts_with("hugepages-") ||
         (name.find('/') != std::string_view::npos && is_qualified_name(name));
}

void look_at_pod(const Value& spec, const std::string& path, const Value& claims, Teller& tell) {
  if (spec.is_object()) Pod(spec, path, tell).look(claims);
}

}  // namespace kube
