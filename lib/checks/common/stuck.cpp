// The index of finalizers that hold objects being deleted, with level and owner.
#include "checks/common/stuck.hpp"

#include <algorithm>
#include <array>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace kinds = aibrix::resources;

// Which finding speaks for a known finalizer; the adapter's own depends on its owner (FIN001 while
// the controller works, FIN002 when it cannot).
Code code_of(const aibrix::Finalizer& finalizer, const Owner& owner) {
  using aibrix::FinalizerOwner;
  namespace names = aibrix::names;
  if (finalizer.name == names::adapter_finalizer) return owner.unable() ? FIN002 : FIN001;
  if (finalizer.owner == FinalizerOwner::nobody) return FIN003;
  if (finalizer.name == names::claim_finalizer) return FIN005;
  if (finalizer.owner == FinalizerOwner::controller_manager) return FIN006;
  if (finalizer.owner == FinalizerOwner::envoy_gateway) return FIN010;
  if (finalizer.name == "ray.io/gcs-ft-redis-cleanup-finalizer") return FIN008;
  if (finalizer.owner == FinalizerOwner::kuberay) return FIN009;
  return FIN012;
}

// Envoy Gateway keeps its finalizer as long as a Gateway uses the class.
bool is_used(const Context& context, const kube::Object& gateway_class) {
  const auto gateways = context.snapshot.list(kinds::gateways);
  return std::any_of(gateways.begin(), gateways.end(), [&](const kube::Object& g) {
    return !g.deleting() && g.spec()["gatewayClassName"].text() == gateway_class.name();
  });
}

// The objects of other gateways are not ours to judge.
bool is_ours(const Context& context, const kube::Object& object) {
  if (&object.resource() == &kinds::gateway_classes) {
    return object.spec()["controllerName"].text() == aibrix::names::envoy_gateway_controller;
  }
  if (&object.resource() == &kinds::gateways) {
    return object.ns() == aibrix::names::system_namespace &&
           object.name() == aibrix::names::gateway;
  }
  if (&object.resource() == &kinds::http_routes) return route_view(context, object).attached();
  return true;
}

}  // namespace

std::span<const kube::Resource* const> held_kinds() {
  static constexpr auto table = std::to_array<const kube::Resource*>(
      {&kinds::model_adapters, &kinds::model_claims, &kinds::model_warmups, &kinds::storm_services,
       &kinds::role_sets, &kinds::pod_sets, &kinds::kv_caches, &kinds::pod_autoscalers,
       &kinds::ray_fleets, &kinds::ray_replicasets, &kinds::ray_clusters, &kinds::ray_jobs,
       &kinds::ray_services, &kinds::gateway_classes, &kinds::gateways, &kinds::http_routes});
  return table;
}

const Owner& FinalizerIndex::owner(const aibrix::Finalizer& finalizer) {
  const auto [it, fresh] = owners_.try_emplace(&finalizer);
  if (fresh) it->second = find_owner(context_, finalizer);
  return it->second;
}

std::optional<Level> FinalizerIndex::level(const kube::Object& object, const Owner* owner) const {
  if (owner == nullptr || !owner->unable()) {
    // A namespace that waits for the object is told of after a minute; with it what it waits for.
    const auto ns = context_.snapshot.find(kube::resources::namespaces, "", object.ns());
    const bool awaited = ns && ns->deleting();
    return level_of(
        stage_of(context_, object, awaited ? limits::namespace_slow : limits::object_slow));
  }
  if (owner->certain) return Level::error;
  // Wanted but not ready: it may be starting just now.
  if (stage_of(context_, object, limits::namespace_slow) == Stage::moving) return std::nullopt;
  return Level::error;
}

BlockingFinalizer FinalizerIndex::hold(const kube::Object& object, std::string_view finalizer) {
  BlockingFinalizer hold;
  hold.object = &object;
  hold.finalizer = finalizer;
  hold.known = aibrix::find_finalizer(finalizer);
  hold.code = FIN012;
  if (hold.known == nullptr) {
    hold.level = level(object, nullptr);
    return hold;
  }
  const Owner& its_owner = owner(*hold.known);
  hold.code = code_of(*hold.known, its_owner);
  hold.level = level(object, &its_owner);
  if (hold.code == FIN010 && is_used(context_, object)) hold.level = Level::error;
  return hold;
}

std::vector<BlockingFinalizer> FinalizerIndex::holds(const kube::Object& object) {
  std::vector<BlockingFinalizer> out;
  if (!object.deleting()) return out;
  if (!is_ours(context_, object)) return out;
  for (const std::string_view finalizer : object.finalizers()) {
    out.push_back(hold(object, finalizer));
  }
  // A foreign finalizer beside one that is stuck will be the next to hold the object.
  const bool stuck =
      std::any_of(out.begin(), out.end(), [](const BlockingFinalizer& h) { return h.level; });
  for (BlockingFinalizer& h : out) {
    if (stuck && h.code == FIN012 && !h.level) h.level = Level::warning;
  }
  return out;
}

std::vector<BlockingFinalizer> FinalizerIndex::holds_in(std::string_view ns) {
  std::vector<BlockingFinalizer> out;
  for (const kube::Resource* kind : held_kinds()) {
    for (const kube::Object& object : context_.snapshot.list(*kind, ns)) {
      for (const BlockingFinalizer& h : holds(object)) out.push_back(h);
    }
  }
  return out;
}

std::vector<BlockingFinalizer> FinalizerIndex::found(Reporter& reporter, Code code,
                                                     const kube::Resource& kind) {
  std::vector<BlockingFinalizer> out;
  for (const kube::Object& object : context_.snapshot.list(kind)) {
    for (const BlockingFinalizer& h : holds(object)) {
      if (h.code != code) continue;
      if (h.level) {
        out.push_back(h);
      } else {
        report_unjudged(context_, reporter, object);
      }
    }
  }
  return out;
}

std::vector<const kube::Object*> owned_by(const kube::Object& owner,
                                          std::span<const kube::Object> among) {
  std::vector<const kube::Object*> out;
  if (owner.uid().empty()) return out;
  for (const kube::Object& object : among) {
    const auto owners = object.at("metadata", "ownerReferences").items();
    const bool owned = std::any_of(owners.begin(), owners.end(), [&](const kube::Value& reference) {
      return reference["uid"].text() == owner.uid();
    });
    if (owned) out.push_back(&object);
  }
  return out;
}

void report_unjudged(const Context& context, Reporter& reporter, const kube::Object& object) {
  if (stage_of(context, object, limits::namespace_slow) == Stage::unknown) {
    reporter.undetermined(name_of(object) + " is Terminating for an unknown time");
  } else if (!context.snapshot.live()) {
    reporter.undetermined(name_of(object) + " had been Terminating only " +
                          deleting_for(context, object) +
                          " when it was recorded (--now TIME judges it as of that time)");
  }
}

}  // namespace checks
