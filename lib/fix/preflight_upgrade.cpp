// The look at an installed AIBrix before it is brought to another release.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/image.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/webhook_backend.hpp"
#include "checks/core/command.hpp"
#include "checks/core/needs.hpp"
#include "fix/common.hpp"
#include "fix/preflight_common.hpp"
#include "fix/preflight_traps.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
namespace names = aibrix::names;
namespace facts = aibrix::facts;
using aibrix::ComponentRole;
using kube::Object;

// Who applies an object again by itself, and takes away what its manifests no longer hold.
std::string kept_by(const Object& object) {
  if (!object.annotation("argocd.argoproj.io/tracking-id").empty() ||
      !object.label("argocd.argoproj.io/instance").empty())
    return "Argo CD";
  if (!object.label("kustomize.toolkit.fluxcd.io/name").empty()) return "Flux";
  return {};
}

bool from_helm(const Object& object) {
  return object.label("app.kubernetes.io/managed-by") == "Helm" ||
         !object.annotation("meta.helm.sh/release-name").empty();
}

class Upgrader {
 public:
  Upgrader(const checks::Context& context, const aibrix::ReleaseData& to)
      : context_(context), snapshot_(context.snapshot), to_(to) {}

  Preflight make() {
    out_.to = to_.release;
    out_.from = context_.cluster.release().text();
    const bool deployments = looked_at(snapshot_, kube::resources::deployments, Weight::main, out_);
    if (!deployments || !is_installed() || !direction_is_up()) return std::move(out_);
    from_data_ = aibrix::release_data(out_.from);
    look_at_deletions(context_, out_);
    look_at_health();
    look_at_mixed_images();
    look_at_crds();
    look_at_keepers();
    look_at_webhooks();
    const Dependency dependency = look_at_gateway(context_, to_, true, out_);
    look_at_leftovers();
    look_at_images(to_, out_);
    look_at_traps(context_, to_, out_);
    look_at_schemas(context_, to_, out_);
    say_what_is_unknown();
    put_in_order(dependency);
    return std::move(out_);
  }

 private:
  bool is_installed() {
    const bool parts =
        context_.cluster.component(ComponentRole::controller_manager).deployment != nullptr ||
        context_.cluster.component(ComponentRole::gateway_plugins).deployment != nullptr;
    if (parts) return true;
    if (snapshot_.complete(kube::resources::deployments)) {
      out_.in_the_way.push_back({"AIBrix is not installed here: there is nothing to upgrade",
                                 checks::aibrixctl("preflight", "install", "--to", to_.release)});
    } else {
      out_.not_looked_at.emplace_back("no Deployment of AIBrix was read");
    }
    return false;
  }

  // False: nothing of what follows would be true.
  bool direction_is_up() {
    const auto from = base::parse_version(out_.from);
    const auto to = base::parse_version(to_.release);
    if (out_.from.empty()) {
      out_.not_looked_at.emplace_back("the installed release: no image or label tells it");
      return true;
    }
    if (!from) {
      out_.warnings.push_back({"a build (" + out_.from +
                                   ") is installed, which has no number: it "
                                   "may be newer than " +
                                   std::string(to_.release),
                               {}});
      return true;
    }
    if (*from == *to) {
      out_.found.push_back(out_.from + " is what is installed");
    } else if (*from > *to) {
      out_.in_the_way.push_back(
          {out_.from + " is newer than " + std::string(to_.release) +
               ": AIBrix has no way back. Older CRDs drop fields of objects "
               "that newer ones made, and objects of newer kinds stay without "
               "a controller. Restore a backup into a new install instead",
           {}});
      if (facts::rewrites_batch_data.holds(context_.cluster.release()).value_or(false)) {
        out_.lost.emplace_back(
            "batch jobs: " + facts::rewrites_batch_data.start() +
            " has rewritten their data in Redis, which older releases cannot read");
      }
      return false;
    }
    return true;
  }

  void look_at_health() {
    const checks::ComponentHealth state = checks::controller_state(context_);
    if (!state.known || !state.down) return;
    out_.warnings.push_back({state.why + ": find out why first, or the upgrade hides it",
                             checks::aibrixctl("doctor", "--only", "INS005")});
  }

  void look_at_mixed_images() {
    std::vector<std::string> tags;
    for (const ComponentRole role :
         {ComponentRole::controller_manager, ComponentRole::gateway_plugins,
          ComponentRole::metadata_service, ComponentRole::gpu_optimizer}) {
      const Object* d = context_.cluster.component(role).deployment;
      if (d == nullptr) continue;
      for (const kube::Value& c : d->at("spec", "template", "spec", "containers").items()) {
        const std::string_view image = c["image"].text();
        if (aibrix::image_name(image).find("aibrix/") == std::string_view::npos) continue;
        const std::string tag(aibrix::image_tag(image));
        if (!tag.empty()) add_once(tags, tag);
        break;
      }
    }
    if (tags.size() < 2) return;
    out_.warnings.push_back({"the components run different releases (" + base::join_and(tags) +
                                 "): apply the whole manifest, not single images",
                             checks::aibrixctl("doctor", "--only", "INS012")});
  }

  void look_at_crds() {
    if (!looked_at(snapshot_, kube::resources::crds, Weight::main, out_)) return;
    std::vector<std::string>& fresh = fresh_;
    for (const aibrix::ReleaseData::Crd& crd : to_.crds) {
      const kube::Lookup there = snapshot_.find(kube::resources::crds, "", crd.name);
      if (there.missing() || (there.unknown() && is_new(crd))) fresh.emplace_back(crd.name);
      if (there) look_at_stored_versions(*there, crd);
    }
    if (!fresh.empty()) {
      out_.warnings.push_back(
          {std::string(to_.release) + " needs CRDs that are not here: " + base::join_and(fresh) +
               ". Apply them first: without them its controller-manager does "
               "not start" +
               (to_.knows_crds ? ""
                               : ". That its CRD manifest holds each of them is "
                                 "not proved here: look afterwards"),
           {}});
    }
    for (const Object& crd : snapshot_.list(kube::resources::crds)) {
      if (!crd.name().ends_with(".aibrix.ai") || !to_.knows_crds || to_.crd(crd.name()) != nullptr)
        continue;
      out_.warnings.push_back({"CRD " + std::string(crd.name()) + " is not part of " +
                                   std::string(to_.release) +
                                   ": its objects stay, without a controller. Deleting the CRD "
                                   "deletes them",
                               {}});
    }
  }

  // The installed release does not have it either.
  bool is_new(const aibrix::ReleaseData::Crd& crd) const {
    return from_data_ && from_data_->knows_crds && from_data_->crd(crd.name) == nullptr;
  }

  void look_at_stored_versions(const Object& crd, const aibrix::ReleaseData::Crd& next) {
    for (const kube::Value& stored : crd.status()["storedVersions"].items()) {
      const auto served = base::split(next.served, ',');
      if (std::find(served.begin(), served.end(), stored.text()) != served.end()) continue;
      out_.in_the_way.push_back(
          {"CRD " + std::string(crd.name()) + " has objects stored as " +
               std::string(stored.text()) + ", a version that " + std::string(to_.release) +
               " does not have: the API server refuses the new CRD until they are stored anew",
           {}});
    }
  }

  // The manifest of the old release holds the CRDs, the core manifest of the new one does not: who
  // deletes or prunes by it deletes every object.
  void look_at_keepers() {
    if (facts::core_manifest_holds_crds.holds(context_.cluster.release()) != true) return;
    if (!has_crd_manifest(to_)) return;
    std::vector<std::string> keepers;
    for (const Object& crd : snapshot_.list(kube::resources::crds)) {
      if (!crd.name().ends_with(".aibrix.ai")) continue;
      const std::string keeper = kept_by(crd);
      if (!keeper.empty()) add_once(keepers, keeper);
    }
    const std::vector<std::string> objects = own_objects(snapshot_);
    const std::string end = facts::core_manifest_holds_crds.end();
    if (!keepers.empty()) {
      out_.in_the_way.push_back(
          {base::join_and(keepers) +
               " keeps the CRDs by the core manifest, which holds them up to " + end +
               " and not in " + std::string(to_.release) +
               ": pruning would delete them and every object of theirs. Add the CRD manifest to "
               "the source first, or turn pruning off for the CRDs",
           {}});
    }
    if (objects.empty()) return;
    out_.lost.push_back(
        "if the old core manifest is deleted (kubectl delete -f) or pruned (apply "
        "--prune): " +
        base::join_and(objects) + ", since up to " + end + " it holds the CRDs");
  }

  void look_at_webhooks() {
    for (const kube::Resource* kind :
         {&kube::resources::mutating_webhooks, &kube::resources::validating_webhooks}) {
      if (!looked_at(snapshot_, *kind, Weight::side, out_)) return;
    }
    // Of manifests, too: what they set is what is there once they are applied.
    std::vector<checks::OwnConfiguration> configurations;
    for (const aibrix::Webhook& w : aibrix::webhooks(snapshot_)) {
      if (!w.is_aibrix()) continue;
      if (configurations.empty() || configurations.back().object != w.configuration)
        configurations.push_back({w.configuration, {}});
      configurations.back().entries.push_back(w);
    }
    for (const checks::OwnConfiguration& own : configurations) look_at_configuration(own);
  }

  void look_at_configuration(const checks::OwnConfiguration& own) {
    const auto closed = static_cast<std::size_t>(
        std::count_if(own.entries.begin(), own.entries.end(),
                      [](const aibrix::Webhook& w) { return w.fails_closed(); }));
    if (closed != 0) {
      out_.warnings.push_back(
          {checks::name_of(*own.object) + " fails closed (" + base::plural(closed, "webhook") +
               "): while the controller-manager restarts, the objects it covers are refused" +
               (becomes_ignore(own) ? "; " + std::string(to_.release) + " sets Ignore" : ""),
           {}});
    }
    const bool kept = to_.makes(own.object->kind(), own.object->name());
    if (to_.knows_objects && !kept && !from_helm(*own.object)) {
      leftovers_.push_back({checks::name_of(*own.object) + " is not part of " +
                                std::string(to_.release) + " under this name",
                            checks::kubectl("", "delete").on(*own.object)});
    }
  }

  bool becomes_ignore(const checks::OwnConfiguration& own) const {
    return to_.knows_webhooks &&
           std::all_of(to_.webhooks.begin(), to_.webhooks.end(), [&](const auto& w) {
             return w.configuration != own.object->name() || w.failure_policy == "Ignore";
           });
  }

  // What the manifests of the old release made and those of the new one do not: apply leaves it.
  void look_at_leftovers() {
    if (!from_data_ || !from_data_->knows_objects || !to_.knows_objects) return;
    for (const kube::Resource* kind :
         {&kinds::http_routes, &kinds::envoy_extension_policies, &kinds::envoy_patch_policies,
          &kinds::client_traffic_policies, &kube::resources::deployments,
          &kube::resources::services, &kube::resources::configmaps}) {
      for (const Object& object : snapshot_.list(*kind)) {
        const bool of_old =
            from_data_->makes(kind->kind, object.name()) && object.ns() == context_.cluster.ns();
        if (!of_old || to_.makes(kind->kind, object.name())) continue;
        leftovers_.push_back(
            {checks::name_of(object) + " is not part of " + std::string(to_.release) + " any more",
             checks::kubectl(object.ns(), "delete").on(object)});
      }
    }
    for (const Advice& left : leftovers_) out_.warnings.push_back({left.text + ": it stays", {}});
  }

  void say_what_is_unknown() {
    if (to_.knows_crds && to_.knows_objects) return;
    out_.not_checked.push_back("what else " + std::string(to_.release) +
                               " changes: only parts of its manifests are known here. Read its "
                               "release notes");
  }

  void step(std::string text, checks::Command command = {}) {
    out_.order.push_back({std::move(text), std::move(command)});
  }

  void put_in_order(Dependency dependency) {
    const std::string_view release = to_.release;
    const Object* controller =
        context_.cluster.component(ComponentRole::controller_manager).deployment;
    const bool helm = controller != nullptr && from_helm(*controller);
    step("save what is here", checks::aibrixctl("snapshot", "--to", "before-upgrade.yaml"));
    for (const std::string& kind : own_objects(snapshot_)) {
      step("and " + kind + " in full, to be able to restore them",
           backup(kind.substr(kind.find(' ') + 1)));
    }
    if (dependency == Dependency::apply) {
      step("apply the dependencies", apply_manifest("dependency", release));
    } else if (dependency == Dependency::not_as_it_is) {
      step("leave the dependency manifest out, but for the parts that are missing here");
    }
    if (has_crd_manifest(to_)) {
      step(helm ? "apply the CRDs by hand: helm upgrade does not touch them" : "apply the CRDs",
           apply_manifest("core-crds", release));
    }
    if (!fresh_.empty() && !to_.knows_crds) {
      checks::Command look = checks::kubectl("", "get", "crd");
      for (const std::string& crd : fresh_) look.with(crd);
      step("see that the new CRDs are there", std::move(look));
    }
    if (helm) {
      step("then helm upgrade AIBrix's release to chart " + std::string(release) +
           ", with its stable.yaml");
    } else {
      step(has_crd_manifest(to_) ? "then the core manifest: images, roles and webhooks together"
                                 : "then the core manifest, CRDs included",
           apply_manifest("core", release));
    }
    step("wait until the controller-manager is ready",
         checks::kubectl(
             context_.cluster.ns(), "rollout", "status",
             "deployment/" + context_.cluster.component(ComponentRole::controller_manager).name(),
             "--timeout=5m"));
    for (Advice& left : leftovers_) step("delete what is left over", std::move(left.command));
    step("check the result", checks::aibrixctl("doctor"));
  }

  static checks::Command backup(const std::string& kind) {
    for (const kube::Resource* r : kinds::all()) {
      if (kind != r->kind && kind != std::string(r->kind) + "s") continue;
      checks::Command out =
          checks::kubectl("", "get", kube::full_name(*r), "--all-namespaces", "-o", "yaml");
      out.output_file = std::string(r->plural) + ".yaml";
      return out;
    }
    return {};
  }

  const checks::Context& context_;
  const kube::Snapshot& snapshot_;
  const aibrix::ReleaseData& to_;
  std::optional<aibrix::ReleaseData> from_data_;
  Preflight out_;
  std::vector<Advice> leftovers_;
  std::vector<std::string> fresh_;  // CRDs that are not here yet
};

}  // namespace

Preflight preflight_upgrade(const checks::Context& context, const aibrix::ReleaseData& to) {
  return Upgrader(context, to).make();
}

std::vector<kube::Need> preflight_upgrade_needs() {
  namespace need = checks::need;
  std::vector<kube::Need> out = {need::namespaces,
                                 {&kube::resources::deployments, kube::Scope::everywhere},
                                 {&kube::resources::crds, kube::Scope::everywhere},
                                 {&kube::resources::admission_policies, kube::Scope::everywhere},
                                 {&kube::resources::services, kube::Scope::install},
                                 need::pods,
                                 need::gateway_classes,
                                 need::gateways,
                                 need::http_routes,
                                 need::envoy_proxies,
                                 need::envoy_extension_policies,
                                 need::envoy_patch_policies,
                                 need::client_traffic_policies,
                                 need::mutating_webhooks,
                                 need::validating_webhooks,
                                 need::envoy_gateway_config};
  for (const kube::Need& list : checks::model_lists) out.push_back(list);
  out.insert(out.end(), std::begin(need::aibrix_kinds), std::end(need::aibrix_kinds));
  return out;
}

}  // namespace fix
