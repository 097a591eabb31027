// KVC001: KVCaches without a pod that is ready. Nothing in their status says so: v0.6 and v0.7
// write none (pkg/controller/kvcache), so that the pods tell it.
#include <algorithm>
#include <array>

#include "aibrix/controllers.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/pod_trouble.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;
using Pods = std::vector<const Object*>;

constexpr auto cache_needs = std::to_array<kube::Need>({{&aibrix::resources::kv_caches},
                                                        need::optional(need::pods),
                                                        need::optional(need::deployments),
                                                        need::optional(need::namespaces),
                                                        need::optional(need::nodes),
                                                        need::optional(need::warning_events)});

// pkg/constants/kvcache.go of v0.6 and v0.7.
constexpr std::string_view name_label = "kvcache.orchestration.aibrix.ai/name";
constexpr std::string_view role_label = "kvcache.orchestration.aibrix.ai/role";
constexpr std::string_view backend_annotation = "kvcache.orchestration.aibrix.ai/backend";
constexpr auto backends = std::to_array<std::string_view>({"vineyard", "hpkv", "infinistore"});

Pods cache_pods(const Context& context, const Object& cache) {
  Pods out;
  for (const Object& pod : context.snapshot.list(kube::resources::pods, cache.ns())) {
    const bool its = pod.label(name_label) == cache.name() && pod.label(role_label) == "cache";
    if (its && !pod.deleting()) out.push_back(&pod);
  }
  return out;
}

Finding& tell_cache(const Object& cache, const std::string& what, Reporter& reporter) {
  return reporter.warning(cache, kind_and_name(cache) + what)
      .with_consequence("Engines that use it recompute what it would cache.");
}

std::string backend_of(const Object& cache) {
  return std::string(
      cache.at("metadata", "annotations", backend_annotation).text(backends.front()));
}

// The controller makes nothing for another one (kvcache_controller.go, NewKVCacheReconciler).
bool report_backend(const Object& cache, Reporter& reporter) {
  const std::string backend = backend_of(cache);
  if (std::find(backends.begin(), backends.end(), backend) != backends.end()) return false;
  Finding& f =
      tell_cache(cache, " has backend " + backend + ", which AIBrix does not support", reporter);
  f.at_field("metadata.annotations[" + std::string(backend_annotation) + ']')
      .with_evidence("backend", backend, "vineyard, hpkv or infinistore");
  f.remedy(Confidence::review, "set one of them in annotation " + std::string(backend_annotation));
  return true;
}

void report_podless(const Context& context, const Object& cache, Reporter& reporter) {
  if (report_backend(cache, reporter)) return;
  Finding& f = tell_cache(cache, " has no pods", reporter);
  f.with_evidence("pods", "0").with_evidence("backend", backend_of(cache));
  if (const auto cause = controller_cause(context, aibrix::controller_names::kv_cache))
    f.caused_by(cause->code, cause->object);
  f.remedy(Confidence::manual, "find out from the log why its controller creates none",
           controller_log_command(context));
}

void judge_cache(const Context& context, const Object& cache, Reporter& reporter) {
  const std::string name = kind_and_name(cache);
  if (!from_api_server(cache) && report_backend(cache, reporter)) return;
  if (!from_api_server(cache))
    return reporter.undetermined(name +
                                 " comes from a manifest, so whether it has pods is unknown");
  Pods pods = cache_pods(context, cache);
  if (std::any_of(pods.begin(), pods.end(), aibrix::is_routable)) return;
  if (just_made(context, cache) || still_starting(context, pods)) {
    return reporter.undetermined(name + " or its pods were created only just now");
  }
  if (!pods.empty()) {
    const PodTrouble t = pod_trouble(context, std::move(pods));
    return show_trouble(
        t, tell_cache(cache, " has no ready pod (" + trouble_reason(t) + ')', reporter));
  }
  const bool labels_known =
      aibrix::facts::kv_cache_labels_known.holds(context.cluster.release()).value_or(false);
  if (!labels_known || !context.snapshot.complete(kube::resources::pods, cache.ns())) {
    return reporter.undetermined("the pods of " + name + " cannot be identified");
  }
  report_podless(context, cache, reporter);
}

void run_caches(const Context& context, Reporter& reporter) {
  for (const Object* cache : objects_to_judge(context, aibrix::resources::kv_caches, reporter)) {
    judge_cache(context, *cache, reporter);
  }
}

}  // namespace

constinit const Check registry::KVC001{
    codes::KVC001,
    Area::models,
    "a KVCache has no ready pod",
    cache_needs,
    run_caches,
    {"A KVCache has no ready pod. Models still work, but slower, because nothing is cached; an "
     "engine that requires the cache does not start.",
     "No node has the resources that its pods request, an image cannot be pulled, the annotation "
     "kvcache.orchestration.aibrix.ai/backend has an unknown backend, or the controller is down.",
     "Fix what its pods report; its own status does not say.",
     "v0.6 and later; before that, if its pods are labelled"}};

}  // namespace checks
