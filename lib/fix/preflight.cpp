// The search for finalizers, webhooks and objects in the way of an uninstall.
#include "fix/preflight.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/namespaces.hpp"
#include "checks/common/webhook_backend.hpp"
#include "checks/core/command.hpp"
#include "checks/core/runner.hpp"
#include "checks/core/select.hpp"
#include "fix/common.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
using kube::Object;

// Parents first: what owns others takes them along.
constexpr auto own_kinds = std::to_array<const kube::Resource*>(
    {&kinds::pod_autoscalers, &kinds::model_adapters, &kinds::model_claims, &kinds::storm_services,
     &kinds::role_sets, &kinds::pod_sets, &kinds::ray_fleets, &kinds::ray_replicasets,
     &kinds::kv_caches});

class Preflighter {
 public:
  explicit Preflighter(const checks::Context& context) : context_(context) {}

  Preflight make() {
    look_at_objects();
    look_at_controller();
    look_at_webhooks();
    look_at_apis();
    look_at_gateway();
    put_in_order();
    return std::move(out_);
  }

 private:
  void look_at_objects() {
    for (const kube::Resource* kind : own_kinds) {
      const std::string why = not_read(context_.snapshot, *kind);
      if (!why.empty()) out_.not_looked_at.push_back(why);
      for (const Object& object : context_.snapshot.list(*kind)) look_at(object);
    }
  }

  void look_at(const Object& object) {
    ++counts_[&object.resource()];
    if (object.ns() == context_.cluster.ns()) in_install_.push_back(checks::name_of(object));
    bool foreign_told = false;
    for (const std::string_view finalizer : object.finalizers()) {
      if (aibrix::is_aibrix_finalizer(finalizer)) {
        ++held_;
        continue;
      }
      checks::BlockingFinalizer hold;
      hold.object = &object;
      hold.finalizer = finalizer;
      hold.known = aibrix::find_finalizer(finalizer);
      const bool garbage_collector =
          hold.known != nullptr && hold.known->owner == aibrix::FinalizerOwner::kubernetes;
      if (foreign_told || garbage_collector) continue;
      foreign_told = true;
      out_.in_the_way.push_back({checks::name_of(object) + " has finalizer " +
                                     std::string(finalizer) + ": " + checks::likely_owner(hold) +
                                     " must remove it first",
                                 {}});
    }
    if (object.deleting() && !object.finalizers().empty()) ++stuck_;
  }

  void look_at_controller() {
    const checks::ComponentHealth state = checks::controller_state(context_);
    const aibrix::Component& part =
        context_.cluster.component(aibrix::ComponentRole::controller_manager);
    if (stuck_ != 0) {
      out_.in_the_way.push_back({base::plural(stuck_, "object") +
                                     " of AIBrix already Terminating, and held by finalizers",
                                 checks::aibrixctl("fix", "finalizers", "--all-namespaces")});
    }
    if (held_ == 0) return;
    if (!state.known) {
      out_.not_looked_at.push_back("whether " + part.name() + " is running");
    } else if (state.down) {
      out_.in_the_way.push_back(
          {state.why + ": nothing would remove the finalizers of " + base::plural(held_, "object"),
           part.state == aibrix::Component::State::scaled_to_zero
               ? checks::scale_up_command(part.ref())
               : checks::aibrixctl("doctor", "--only", "INS005")});
    }
  }

  void look_at_webhooks() {
    for (const kube::Resource* kind :
         {&kube::resources::mutating_webhooks, &kube::resources::validating_webhooks}) {
      const std::string why = not_read(context_.snapshot, *kind);
      if (!why.empty()) out_.not_looked_at.push_back(why);
    }
    for (const checks::OwnConfiguration& own : checks::own_configurations(context_.snapshot)) {
      configurations_.push_back(own.object);
      const bool refuses = std::any_of(own.entries.begin(), own.entries.end(), [&](const auto& w) {
        return w.fails_closed() && checks::backend_of(context_, w).dead();
      });
      if (!refuses) continue;
      out_.in_the_way.push_back(
          {"webhooks of " + std::string(own.object->name()) +
               " fail closed and have no ready backend, so finalizers cannot be removed",
           checks::aibrixctl("fix", "webhooks", "--apply")});
    }
  }

  void look_at_apis() {
    for (const checks::UnavailableApiService& api : checks::unavailable_api_services(context_)) {
      out_.in_the_way.push_back({"APIService " + std::string(api.object->name()) +
                                     " does not answer (" + api.available.summary() +
                                     "), so every deleted namespace would be stuck in Terminating",
                                 {}});
    }
  }

  void look_at_gateway() {
    const kube::Lookup gateway_class = context_.cluster.gateway_class();
    if (!gateway_class) return;
    for (const Object& gateway : context_.snapshot.list(kinds::gateways)) {
      const bool uses = gateway.spec()["gatewayClassName"].text() == gateway_class->name();
      const bool ours =
          gateway.ref() == kube::ObjectRef{"gateway.networking.k8s.io", "Gateway",
                                           std::string(aibrix::names::system_namespace),
                                           std::string(aibrix::names::gateway)};
      if (!uses || ours) continue;
      out_.in_the_way.push_back(
          {"Gateway " + gateway.full_name() + " uses GatewayClass " +
               std::string(gateway_class->name()) +
               " as well: it would stop working, and keep the class in Terminating",
           {}});
    }
  }

  void step(std::string text, checks::Command command = {}) {
    out_.order.push_back({std::move(text), std::move(command)});
  }

  void put_in_order() {
    checks::Command delete_crds = checks::kubectl("", "delete", "crd");
    bool crds = false;
    for (const kube::Resource* kind : own_kinds) {
      const std::size_t count = counts_[kind];
      if (!context_.snapshot.loaded(*kind)) continue;
      delete_crds.with(kube::full_name(*kind));
      crds = true;
      if (count == 0) continue;
      const bool child =
          kind == &kinds::role_sets || kind == &kinds::pod_sets || kind == &kinds::ray_replicasets;
      if (child) continue;
      step("delete " + base::plural(count, kind->kind) +
               ", and wait until they are gone, while the controller is still running",
           checks::kubectl("", "delete", kube::full_name(*kind), "--all", "--all-namespaces"));
      out_.lost.push_back(base::plural(count, kind->kind));
    }
    if (!in_install_.empty()) {
      out_.in_the_way.push_back(
          {base::join_and({in_install_.data(), std::min<std::size_t>(3, in_install_.size())}) +
               (in_install_.size() > 3 ? " and others" : "") + " are in namespace " +
               context_.cluster.ns() +
               " itself: if they are deleted together with it, they are stuck in Terminating",
           checks::kubectl(context_.cluster.ns(), "delete", "modeladapters.model.aibrix.ai",
                           "--all")});
    }
    step("uninstall AIBrix (with helm, or by deleting the objects of the core manifest)");
    for (const Object* own : configurations_) {
      step("delete " + std::string(own->name()) +
               ", if it still exists: it is cluster-scoped and is not deleted with the namespace",
           checks::kubectl("", "delete").on(*own));
    }
    if (crds)
      step("then the CRDs (deletes all remaining custom resources)", std::move(delete_crds));
    if (context_.cluster.gateway_class()) {
      step("Gateways and GatewayClass before Envoy Gateway, which removes the class's finalizer",
           checks::kubectl("", "delete")
               .on("gatewayclass", context_.cluster.gateway_class()->name()));
    }
    step("finally the dependencies: Envoy Gateway, KubeRay");
    const aibrix::ReleaseSpan& together = aibrix::facts::core_manifest_holds_crds;
    if (together.holds(context_.cluster.release()) == true) {
      out_.lost.push_back(
          "with kubectl delete -f and a core manifest of " + together.end() +
          " or older: all objects above at once, because the manifest contains the CRDs");
    }
  }

  const checks::Context& context_;
  Preflight out_;
  std::map<const kube::Resource*, std::size_t> counts_;
  std::vector<std::string> in_install_;
  std::vector<const Object*> configurations_;
  std::size_t held_ = 0;
  std::size_t stuck_ = 0;
};

}  // namespace

Preflight preflight_uninstall(const checks::Context& context) {
  return Preflighter(context).make();
}

std::vector<kube::Need> preflight_needs() {
  constexpr aibrix::CodePattern codes[] = {family("FIN"), family("NS"), WH001,
                                           WH002,         INS005,       GW003};
  return checks::needs_of(checks::select(codes));
}

}  // namespace fix
