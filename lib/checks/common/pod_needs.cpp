// The reader of pod templates.
#include "checks/common/pod_needs.hpp"

#include <algorithm>
#include <array>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/model.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

// KV caches and the stores behind them.
bool is_store(std::string_view name) {
  const std::string upper = base::upper(name);
  constexpr auto words =
      std::to_array<std::string_view>({"REDIS", "KV_CACHE", "KV-CACHE", "KVCACHE", "LMCACHE",
                                       "INFINISTORE", "MOONCAKE", "ETCD", "HPKV"});
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return upper.find(w) != std::string::npos; });
}

// Variables whose single word is the host of a store: "REDIS_HOST", "AIBRIX_KV_CACHE_OL_…_ADDR",
// "LMCACHE_REMOTE_URL". A word in any other variable may be anything.
bool names_a_store(std::string_view variable) {
  const std::string name = base::upper(variable);
  constexpr auto ends = std::to_array<std::string_view>(
      {"HOST", "ADDR", "ADDRESS", "ENDPOINT", "ENDPOINTS", "URL", "SERVER", "SERVERS", "MASTER"});
  return is_store(name) && std::any_of(ends.begin(), ends.end(),
                                       [&](std::string_view e) { return name.ends_with(e); });
}

class Collector {
 public:
  explicit Collector(std::string_view ns) : ns_(ns) {}

  void add(std::string_view group, std::string_view kind, std::string_view name, std::string path,
           bool optional = false) {
    if (name.empty()) return;
    const bool cluster_wide = kind == "PriorityClass" || kind == "RuntimeClass";
    take({{std::string(group), std::string(kind), cluster_wide ? "" : ns_, std::string(name)},
          std::move(path),
          optional,
          {},
          false});
  }

  // Addresses that say themselves that they are Services, wherever they stand in the text (a URL, a
  // list, JSON); with `one_word` also a host that is a single word.
  void add_addresses(std::string_view text, bool one_word, const std::string& path) {
    bool found = false;
    for (auto at = text.find(".svc"); at != std::string_view::npos;
         at = text.find(".svc", at + 1)) {
      add_address(around(text, at), one_word, path);
      found = true;
    }
    if (found || !one_word) return;
    for (const std::string_view part : base::split(text, ',')) add_address(part, one_word, path);
  }

  std::vector<PodNeed> needs() && { return std::move(needs_); }

 private:
  // "cache.prod.svc:6379" in any other text.
  static std::string_view around(std::string_view text, std::size_t at) {
    const auto of_host = [](char c) {
      return base::is_lower(c) || base::is_digit(c) || c == '-' || c == '.';
    };
    std::size_t begin = at;
    while (begin > 0 && of_host(text[begin - 1])) --begin;
    std::size_t end = at;
    while (end < text.size() && of_host(text[end])) ++end;
    std::size_t port = end + 1;
    while (end < text.size() && text[end] == ':' && port < text.size() &&
           base::is_digit(text[port])) {
      ++port;
    }
    return text.substr(begin, (port > end + 1 ? port : end) - begin);
  }

  void add_address(std::string_view text, bool store, const std::string& path) {
    const auto address = aibrix::service_address(text, ns_);
    // The API server's own is there in every cluster, and in few files.
    if (!address || address->text() == "default/kubernetes") return;
    take({{"", "Service", address->ns, address->name},
          path,
          false,
          *address,
          store || is_store(address->name)});
  }

  void take(PodNeed need) {
    for (PodNeed& n : needs_) {
      if (n.ref != need.ref || n.address.port != need.address.port) continue;
      if (n.optional && !need.optional) n = std::move(need);
      return;
    }
    needs_.push_back(std::move(need));
  }

  std::string ns_;
  std::vector<PodNeed> needs_;
};

void read_environment(const Value& container, const std::string& path, Collector& out) {
  const auto env = container["env"].items();
  for (std::size_t i = 0; i < env.size(); ++i) {
    const std::string name(env[i]["name"].text());
    const std::string at = path + ".env[" + name + ']';
    const Value from = env[i]["valueFrom"];
    const Value map = from["configMapKeyRef"];
    const Value secret = from["secretKeyRef"];
    out.add("", "ConfigMap", map["name"].text(), at, map["optional"].is_true());
    out.add("", "Secret", secret["name"].text(), at, secret["optional"].is_true());
    const std::string_view value = env[i]["value"].text();
    if (value.find("$(") != std::string_view::npos) continue;  // not all of it is known
    out.add_addresses(value, names_a_store(name), at);
  }
  const auto all = container["envFrom"].items();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string at = path + ".envFrom[" + std::to_string(i) + ']';
    const Value map = all[i]["configMapRef"];
    const Value secret = all[i]["secretRef"];
    out.add("", "ConfigMap", map["name"].text(), at, map["optional"].is_true());
    out.add("", "Secret", secret["name"].text(), at, secret["optional"].is_true());
  }
}

void read_command(const Value& container, const std::string& path, Collector& out) {
  for (const aibrix::Word& word : aibrix::command_line(container))
    out.add_addresses(word.text, false, path + ".args");
}

void read_volumes(const Value& spec, const std::string& path, Collector& out) {
  const auto volumes = spec["volumes"].items();
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    const std::string at = path + ".volumes[" + std::to_string(i) + ']';
    const Value map = volumes[i]["configMap"];
    const Value secret = volumes[i]["secret"];
    out.add("", "ConfigMap", map["name"].text(), at, map["optional"].is_true());
    out.add("", "Secret", secret["secretName"].text(), at, secret["optional"].is_true());
    out.add("", "PersistentVolumeClaim", volumes[i]["persistentVolumeClaim"]["claimName"].text(),
            at);
  }
}

// A KVCache whose metadata another store keeps (api/orchestration/v1alpha1/kvcache_types.go).
void read_cache(const Object& cache, Collector& out) {
  for (const char* store : {"redis", "etcd"}) {
    const std::string path = std::string("spec.metadata.") + store + ".externalConnection";
    const Value external = cache.spec().at("metadata", store, "externalConnection");
    out.add_addresses(external["address"].text(), true, path + ".address");
    const std::string_view secret = external["passwordSecretRef"].text();
    out.add("", "Secret", secret.substr(0, secret.find('/')), path + ".passwordSecretRef");
  }
}

}  // namespace

std::vector<PodNeed> pod_needs(const Object& workload) {
  Collector out(workload.ns());
  if (workload.kind() == "KVCache") read_cache(workload, out);
  for (const aibrix::PodTemplate& pod : aibrix::pod_templates(workload)) {
    const Value spec = pod.value["spec"];
    const std::string path = pod.path + ".spec";
    read_volumes(spec, path, out);
    for (const char* list : {"initContainers", "containers"}) {
      const auto containers = spec[list].items();
      for (std::size_t i = 0; i < containers.size(); ++i) {
        const std::string at = path + '.' + list + '[' + std::to_string(i) + ']';
        read_environment(containers[i], at, out);
        read_command(containers[i], at, out);
      }
    }
    out.add("", "ServiceAccount", spec["serviceAccountName"].text(), path + ".serviceAccountName");
    out.add("scheduling.k8s.io", "PriorityClass", spec["priorityClassName"].text(),
            path + ".priorityClassName");
    out.add("node.k8s.io", "RuntimeClass", spec["runtimeClassName"].text(),
            path + ".runtimeClassName");
  }
  return std::move(out).needs();
}

bool says_missing(std::string_view complaint, const kube::ObjectRef& ref) {
  const std::string kind = base::lower(ref.kind);
  const std::string place = ref.ns.empty() ? ref.name : ref.ns + '/' + ref.name;
  const std::array<std::string, 4> forms = {
      kind + " \"" + ref.name + "\" not found", kind + "s \"" + ref.name + "\" not found",
      "in " + kind + ' ' + place, "no " + kind + " with name " + ref.name + " was found"};
  const std::string text = base::lower(complaint);
  return std::ranges::any_of(forms, [&](const std::string& form) {
    return text.find(base::lower(form)) != std::string::npos;
  });
}

void blame_needs(const Object& workload, bool started, Finding& finding) {
  for (const PodNeed& need : pod_needs(workload)) {
    const bool can = need.is_service() ? started && need.store : !need.optional;
    if (can) finding.caused_by(DEP001, need.ref);
  }
}

}  // namespace checks
