// MDL022: labels and annotations whose keys are a slip away from those that AIBrix reads
// (pkg/constants/model.go, pkg/controller/constants), or stand where it does not read them.
#include <algorithm>
#include <array>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/written.hpp"

namespace checks {
namespace {

using kube::Member;
using kube::Object;
using kube::Value;
namespace core = kube::resources;
namespace res = aibrix::resources;

constexpr auto key_needs =
    with(model_lists, need::optional(need::services), need::optional({&res::pod_autoscalers}),
         need::optional({&res::kv_caches}));

// Keys of AIBrix from v0.2 to v0.8, so that none of them is taken for a slip of another.
constexpr auto known_keys =
    std::to_array<std::string_view>({"model.aibrix.ai/name",
                                     "model.aibrix.ai/port",
                                     "model.aibrix.ai/engine",
                                     "model.aibrix.ai/config",
                                     "model.aibrix.ai/service-name",
                                     "model.aibrix.ai/metric-port",
                                     "model.aibrix.ai/metrics-port",
                                     "model.aibrix.ai/revision",
                                     "model.aibrix.ai/warmup",
                                     "model.aibrix.ai/warmup-name",
                                     "model.aibrix.ai/warmup-enabled",
                                     "model.aibrix.ai/model-router-custom-paths",
                                     "model.aibrix.ai/sidecar-injection",
                                     "model.aibrix.ai/sidecar-runtime-image",
                                     "adapter.model.aibrix.ai/enabled",
                                     "pool.aibrix.ai/name",
                                     "pool.aibrix.ai/enabled",
                                     "pool.aibrix.ai/policy",
                                     "resource-pool.aibrix.ai/name",
                                     "kvcache.orchestration.aibrix.ai/name",
                                     "kvcache.orchestration.aibrix.ai/role",
                                     "kvcache.orchestration.aibrix.ai/backend",
                                     "autoscaling.aibrix.ai/storm-service-mode",
                                     "autoscaling.aibrix.ai/up-fluctuation-tolerance",
                                     "autoscaling.aibrix.ai/down-fluctuation-tolerance",
                                     "kpa.autoscaling.aibrix.ai/scale-down-delay"});

// Those that people write on models; a slip is looked for among them alone.
constexpr auto read_keys = std::to_array<std::string_view>(
    {aibrix::names::model_name, aibrix::names::model_port, aibrix::names::model_engine,
     aibrix::names::model_config, aibrix::names::adapter_enabled,
     "kvcache.orchestration.aibrix.ai/backend", "autoscaling.aibrix.ai/storm-service-mode"});

std::string_view domain(std::string_view key) {
  return key.substr(0, std::min(key.find('/'), key.size()));
}

std::string_view last_part(std::string_view key) {
  const std::size_t slash = key.find('/');
  return slash == std::string_view::npos ? key : key.substr(slash + 1);
}

// A prefix of somebody else's that merely names AIBrix, "aibrix.example.com", is no slip: the first
// label and the last have to be near those of AIBrix.
bool near_domain(std::string_view written, std::string_view wanted) {
  if (written.find("aibrix") == std::string_view::npos) return base::distance(written, wanted) <= 2;
  const std::string_view rest = wanted.substr(0, wanted.rfind('.'));  // "model.aibrix"
  return base::distance(written, wanted) <= 3 ||
         base::distance(written.substr(0, std::min(written.rfind('.'), written.size())), rest) <= 1;
}

// The key that was meant; empty when it is one of AIBrix's, or of others.
std::string_view meant(std::string_view key) {
  if (std::ranges::find(known_keys, key) != known_keys.end()) return {};
  if (key.find('/') == std::string_view::npos) return {};
  const std::string lower = base::lower(key);
  for (const std::string_view known : read_keys) {
    if (lower == known) return known;
    const std::size_t names = base::distance(last_part(lower), last_part(known));
    const bool same_name = names == 0;
    if (same_name && near_domain(domain(lower), domain(known))) return known;
    const bool slip = names == 1 || (names == 2 && last_part(known).size() > 4);
    if (slip && domain(lower) == domain(known)) return known;
  }
  if (domain(lower) == "aibrix.ai") {
    for (const std::string_view known :
         {aibrix::names::model_name, aibrix::names::model_port, aibrix::names::model_engine,
          aibrix::names::model_config}) {
      if (last_part(lower) == last_part(known)) return known;
    }
  }
  const bool of_model = domain(lower) == "model.aibrix.ai" || domain(lower) == "aibrix.ai";
  if (of_model && (last_part(lower) == "model" || last_part(lower) == "model-name")) {
    return aibrix::names::model_name;
  }
  return {};
}

struct Place {
  const Object* object;
  Value map;
  std::string path;
  bool of_pods;  // it becomes a pod's: the gateway looks there
};

void report(const Place& place, std::string_view key, std::string_view wanted, Reporter& reporter) {
  const bool name = wanted == aibrix::names::model_name;
  const std::string title = '"' + std::string(key) + "\" in " + place.path + " of " +
                            kind_and_name(*place.object) + " is not a key that AIBrix reads";
  // Without its name nothing finds the model.
  Finding& f = name && place.of_pods ? reporter.error(*place.object, title)
                                     : reporter.warning(*place.object, title);
  f.at_field(place.path + '[' + std::string(key) + ']');
  f.with_consequence(name ? "AIBrix does not find the model, and requests for it fail."
                          : "AIBrix ignores it.");
  f.with_evidence("key", std::string(key), std::string(wanted));
  f.remedy(Confidence::review, "write " + std::string(wanted));
}

void judge_map(const Place& place, Reporter& reporter) {
  for (const Member& member : place.map.members()) {
    const std::string_view wanted = meant(member.key);
    if (wanted.empty() || place.map[wanted].exists()) continue;
    report(place, member.key, wanted, reporter);
  }
}

void judge_metadata(const Object& object, const Value& metadata, const std::string& path, bool pods,
                    Reporter& reporter) {
  judge_map({&object, metadata["labels"], path + ".labels", pods}, reporter);
  judge_map({&object, metadata["annotations"], path + ".annotations", pods}, reporter);
}

// The gateway reads the profiles of pods (pkg/plugins/gateway/configprofiles at v0.6.0:
// ResolveProfile looks at the pod's annotations).
void judge_config_place(const Object& object, Reporter& reporter) {
  const std::string key(aibrix::names::model_config);
  const Value labels = object.at("metadata", "labels");
  const bool as_label = labels[key].exists();
  if (object.annotation(key).empty() && !as_label) return;
  for (const aibrix::PodTemplate& pod : aibrix::pod_templates(object)) {
    if (pod.value.at("metadata", "annotations", std::string_view(key)).exists()) return;
  }
  Finding& f = reporter.warning(object, "annotation " + key + " is on " + kind_and_name(object) +
                                            " but not on its pod template");
  f.at_field((as_label ? "metadata.labels[" : "metadata.annotations[") + key + ']');
  f.with_consequence("The gateway reads it from pods alone and ignores it here.");
  f.remedy(Confidence::review, "move it to the annotations of the pod template");
}

// Extended resources of GPUs, as their device plugins name them.
void judge_resources(const Object& object, const aibrix::PodTemplate& pod, Reporter& reporter) {
  constexpr auto gpus = std::to_array<std::string_view>({"nvidia.com/gpu", "amd.com/gpu"});
  const auto containers = pod.value.at("spec", "containers").items();
  for (std::size_t i = 0; i < containers.size(); ++i) {
    for (const std::string_view part : {"limits", "requests"}) {
      for (const Member& member : containers[i].at("resources", part).members()) {
        for (const std::string_view gpu : gpus) {
          const bool plural = member.key == std::string(gpu) + 's';
          const bool slip = base::lower(member.key) == gpu && member.key != gpu;
          const bool domain_slip = last_part(member.key) == "gpu" && member.key != gpu &&
                                   base::distance(domain(member.key), domain(gpu)) == 1;
          if (!plural && !slip && !domain_slip) continue;
          const std::string key(member.key);
          Finding& f = reporter.warning(
              object, kind_and_name(object) + " wants " + key + ", which no device plugin offers");
          f.at_field(pod.path + ".spec.containers[" + std::to_string(i) + "].resources." +
                     std::string(part) + '[' + key + ']');
          f.with_consequence("Its pods are not scheduled.");
          f.with_evidence("resource", key, std::string(gpu));
          f.remedy(Confidence::review, "write " + std::string(gpu));
          return;
        }
      }
    }
  }
}

void run_keys(const Context& context, Reporter& reporter) {
  bool any = false;
  for (const Object* object : written_workloads(context)) {
    any = true;
    judge_metadata(*object, object->metadata(), "metadata", false, reporter);
    for (const aibrix::PodTemplate& pod : aibrix::pod_templates(*object)) {
      judge_metadata(*object, pod.value["metadata"], pod.path + ".metadata", true, reporter);
      judge_resources(*object, pod, reporter);
    }
    judge_config_place(*object, reporter);
  }
  for (const kube::Resource* kind : {&core::services, &core::pods, &res::model_adapters,
                                     &res::pod_autoscalers, &res::kv_caches}) {
    for (const Object& object : context.snapshot.list(*kind)) {
      if (from_api_server(object)) continue;
      any = true;
      const bool pod = kind == &core::pods;
      judge_metadata(object, object.metadata(), "metadata", pod, reporter);
      if (kind == &core::services || kind == &res::pod_autoscalers) {
        judge_config_place(object, reporter);
      }
      if (kind == &core::services) {
        judge_map({&object, object.spec()["selector"], "spec.selector", false}, reporter);
      }
    }
  }
  if (!any) reporter.not_applicable("no manifest to judge: what a server holds was accepted");
}

}  // namespace

constinit const Check registry::MDL022{
    codes::MDL022,
    Area::models,
    "a key of a label, annotation or resource is misspelt or in the wrong place",
    key_needs,
    run_keys,
    {"In a manifest, the key of a label or annotation is nearly one that AIBrix reads, or "
     "model.aibrix.ai/config is on the workload instead of its pod template. The API server takes "
     "any key, and AIBrix ignores those that it does not know. Also reported: names of GPU "
     "resources that no device plugin offers.",
     "A typo such as models.aibrix.ai/name or model.aibrix.io/name.",
     "Write the key that the finding names, at the place that it names.",
     "every release; model.aibrix.ai/config: v0.6 and later"}};

}  // namespace checks
