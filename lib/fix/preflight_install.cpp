// The look at a cluster before AIBrix is installed in it.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/image.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/webhook_backend.hpp"
#include "checks/core/command.hpp"
#include "checks/core/needs.hpp"
#include "fix/common.hpp"
#include "fix/preflight_common.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
namespace names = aibrix::names;
using kube::AccessAnswer;
using kube::AccessQuestion;
using kube::Object;

// "gatewayclasses" of GatewayClass: the plurals of all kinds in the manifests follow these rules.
std::string plural_of(std::string_view kind) {
  std::string out = base::lower(kind);
  const auto ends = [&](std::string_view end) { return out.ends_with(end); };
  if (ends("ss") || ends("x") || ends("xy") || ends("ch"))
    return ends("xy") ? out.replace(out.size() - 1, 1, "ies") : out + "es";
  if (ends("y")) return out.replace(out.size() - 1, 1, "ies");
  return out + "s";
}

void add_question(std::vector<AccessQuestion>& list, AccessQuestion question) {
  const bool asked = std::any_of(list.begin(), list.end(), [&](const AccessQuestion& q) {
    return q.verb == question.verb && q.group == question.group &&
           q.resource == question.resource && q.ns == question.ns;
  });
  if (!asked) list.push_back(std::move(question));
}

// Server-side apply is a patch; what is not there yet it creates.
void add_kind(std::vector<AccessQuestion>& list, std::string_view group,
              const std::string& resource, std::string_view ns) {
  for (const char* verb : {"create", "patch"})
    add_question(list, {verb, std::string(group), resource, std::string(ns)});
}

class Installer {
 public:
  Installer(const checks::Context& context, const aibrix::ReleaseData& to,
            const InstallRights& rights)
      : context_(context), snapshot_(context.snapshot), to_(to), rights_(rights) {}

  Preflight make() {
    out_.to = to_.release;
    look_at_install();
    look_at_deletions(context_, out_);
    const Dependency dependency = look_at_gateway(context_, to_, false, out_);
    look_at_leftover_crds();
    look_at_webhooks();
    look_at_roles();
    look_at_kuberay();
    look_at_cluster(context_, to_, out_);
    look_at_images(to_, out_);
    look_at_rights();
    if (to_.makes("Secret", names::webhook_secret)) {
      out_.found.emplace_back(
          "cert-manager is not needed: the controller-manager makes the certificate of its webhooks");
    }
    if (!to_.knows_objects) {
      out_.not_checked.push_back("what the core manifest of " + std::string(to_.release) +
                                 " makes: only its CRDs are known here");
    }
    put_in_order(dependency);
    return std::move(out_);
  }

 private:
  const aibrix::Component& part(aibrix::ComponentRole role) const {
    return context_.cluster.component(role);
  }

  void look_at_install() {
    installed_ = part(aibrix::ComponentRole::controller_manager).deployment != nullptr ||
                 part(aibrix::ComponentRole::gateway_plugins).deployment != nullptr;
    if (!installed_) return;
    const std::string& release = context_.cluster.release().text();
    out_.in_the_way.push_back({"AIBrix" + (release.empty() ? "" : ' ' + release) +
                                   " is installed already in namespace " + context_.cluster.ns(),
                               checks::aibrixctl("preflight", "upgrade", "--to", to_.release)});
  }

  void look_at_leftover_crds() {
    if (installed_) return;
    std::vector<std::string> crds;
    for (const Object& crd : snapshot_.list(kube::resources::crds)) {
      if (crd.name().ends_with(".aibrix.ai") && !crd.deleting()) crds.emplace_back(crd.name());
    }
    if (crds.empty()) return;
    const std::vector<std::string> objects = own_objects(snapshot_);
    out_.warnings.push_back(
        {base::plural(crds.size(), "CRD") + " of an earlier AIBrix " +
             (crds.size() == 1 ? "is" : "are") + " still here" +
             (objects.empty() ? ""
                              : ", with " + base::join_and(objects) +
                                    ", which the new controller takes up at once"),
         {}});
    for (const std::string& name : crds) {
      if (to_.knows_crds && to_.crd(name) == nullptr) {
        out_.warnings.push_back({"CRD " + name + " is not part of " + std::string(to_.release) +
                                     ": no controller looks after its objects",
                                 {}});
      }
    }
  }

  void look_at_webhooks() {
    for (const kube::Resource* kind :
         {&kube::resources::mutating_webhooks, &kube::resources::validating_webhooks}) {
      looked_at(snapshot_, *kind, Weight::side, out_);
    }
    if (installed_) return;
    for (const checks::OwnConfiguration& own : checks::own_configurations(snapshot_)) {
      const bool refuses = std::any_of(own.entries.begin(), own.entries.end(),
                                       [](const auto& w) { return w.fails_closed(); });
      const std::string name = checks::name_of(*own.object);
      checks::Command remove = checks::kubectl("", "delete").on(*own.object);
      if (refuses) {
        out_.in_the_way.push_back(
            {name + " is left of an earlier AIBrix, and fails closed: it refuses "
                    "the objects it covers until a controller answers",
             std::move(remove)});
      } else {
        out_.warnings.push_back({name + " is left of an earlier AIBrix", std::move(remove)});
      }
    }
  }

  void look_at_roles() {
    if (installed_ || !looked_at(snapshot_, kube::resources::clusterroles, Weight::side, out_))
      return;
    std::vector<std::string> left;
    for (const Object& role : snapshot_.list(kube::resources::clusterroles)) {
      if (to_.makes("ClusterRole", role.name())) left.emplace_back(role.name());
    }
    if (left.empty()) return;
    out_.warnings.push_back({base::plural(left.size(), "ClusterRole") + " of an earlier AIBrix " +
                                 (left.size() == 1 ? "is" : "are") + " still here (" +
                                 left.front() + (left.size() == 1 ? "" : ", …") +
                                 "): the core manifest overwrites them",
                             {}});
  }

  void look_at_kuberay() {
    for (const Object& d : snapshot_.list(kube::resources::deployments)) {
      for (const kube::Value& c : d.at("spec", "template", "spec", "containers").items()) {
        const std::string_view image = aibrix::image_name(c["image"].text());
        const bool kuberay =
            image.ends_with("kuberay/operator") || image.ends_with("kuberay-operator");
        if (!kuberay || d.ns() == names::system_namespace) continue;
        out_.warnings.push_back({"KubeRay's operator runs already (" + d.full_name() +
                                     "), and the core manifest brings another: both would act on "
                                     "every RayCluster. Remove one of them",
                                 {}});
        return;
      }
    }
    const kube::Lookup crd = snapshot_.find(kube::resources::crds, "", "rayclusters.ray.io");
    if (crd) out_.found.emplace_back("KubeRay's CRDs are here");
    if (crd.missing())
      out_.found.emplace_back("KubeRay's CRDs are not here: the dependency manifest brings them");
  }

  void look_at_rights() {
    if (rights_.questions.empty()) {
      out_.not_checked.push_back("your rights: " + rights_.why_not);
      return;
    }
    std::vector<std::string> denied;
    std::size_t unknown = 0;
    bool escalate = true;
    for (std::size_t i = 0; i < rights_.questions.size(); ++i) {
      const AccessQuestion& q = rights_.questions[i];
      const AccessAnswer answer =
          i < rights_.answers.size() ? rights_.answers[i] : AccessAnswer::unknown;
      if (answer == AccessAnswer::unknown) ++unknown;
      if (answer != AccessAnswer::denied) continue;
      if (q.verb == "escalate" || q.verb == "bind") {
        escalate = false;
        continue;
      }
      const std::string what = q.resource + (q.group.empty() ? "" : '.' + q.group);
      add_once(denied, q.verb + ' ' + what);
    }
    if (unknown != 0)
      out_.not_looked_at.push_back("the API server did not answer " +
                                   base::plural(unknown, "question") + " about your rights");
    if (!denied.empty()) return report_denied(denied);
    if (!escalate) {
      out_.warnings.push_back(
          {"you may create ClusterRoles, but only with rights you have yourself (no escalate and "
           "bind): the manifests give AIBrix's service accounts rights over pods, Secrets and "
           "webhooks",
           {}});
    } else if (unknown == 0) {
      out_.found.push_back("you may create all that the manifests hold (" +
                           base::plural(rights_.questions.size(), "question") + " asked)");
    }
  }

  void report_denied(const std::vector<std::string>& denied) {
    constexpr std::size_t shown = 6;
    const std::size_t count = std::min(denied.size(), shown);
    out_.in_the_way.push_back(
        {"you are not permitted to " + base::join({denied.data(), count}, ", ") +
             (denied.size() > shown ? " and " + std::to_string(denied.size() - shown) + " more"
                                    : "") +
             ": the manifests of " + std::string(to_.release) + " need it",
         {}});
  }

  void step(std::string text, checks::Command command = {}) {
    out_.order.push_back({std::move(text), std::move(command)});
  }

  void put_in_order(Dependency dependency) {
    const std::string_view release = to_.release;
    switch (dependency) {
      case Dependency::apply:
        step(
            "apply the dependencies (Envoy Gateway, Gateway API and KubeRay), server-side: some "
            "CRDs are too large otherwise",
            apply_manifest("dependency", release));
        break;
      case Dependency::there_already:
        step(
            "apply the dependencies: Envoy Gateway is here in this version already, KubeRay comes "
            "with them",
            apply_manifest("dependency", release));
        break;
      case Dependency::not_as_it_is:
        step(
            "apply the dependency manifest without the parts named above (download it, and take "
            "them out)");
        break;
    }
    step("wait until Envoy Gateway is ready",
         checks::kubectl(names::envoy_gateway_namespace, "rollout", "status",
                         "deployment/envoy-gateway", "--timeout=5m"));
    if (has_crd_manifest(to_)) step("apply AIBrix's CRDs", apply_manifest("core-crds", release));
    step(has_crd_manifest(to_) ? "apply AIBrix itself" : "apply AIBrix itself, CRDs included",
         apply_manifest("core", release));
    step("check the result", checks::aibrixctl("doctor"));
  }

  const checks::Context& context_;
  const kube::Snapshot& snapshot_;
  const aibrix::ReleaseData& to_;
  const InstallRights& rights_;
  Preflight out_;
  bool installed_ = false;
};

}  // namespace

std::vector<AccessQuestion> install_questions(const aibrix::ReleaseData& to) {
  std::vector<AccessQuestion> out;
  add_kind(out, "", "namespaces", "");
  add_kind(out, "apiextensions.k8s.io", "customresourcedefinitions", "");
  for (const aibrix::ReleaseData::Objects& o : to.objects) {
    // Kustomize puts a namespace on GatewayClasses, too.
    const bool cluster_scoped = o.kind == kinds::gateway_classes.kind;
    add_kind(out, o.group, plural_of(o.kind), cluster_scoped ? std::string_view() : o.ns);
  }
  // Envoy Gateway's install.yaml, in the dependency manifest.
  for (const auto& [group, resource] :
       std::initializer_list<std::pair<const char*, const char*>>{{"", "serviceaccounts"},
                                                                  {"", "configmaps"},
                                                                  {"", "services"},
                                                                  {"apps", "deployments"},
                                                                  {"batch", "jobs"}}) {
    add_kind(out, group, resource, names::envoy_gateway_namespace);
  }
  add_kind(out, "rbac.authorization.k8s.io", "clusterroles", "");
  for (const char* verb : {"escalate", "bind"})
    add_question(out, {verb, "rbac.authorization.k8s.io", "clusterroles", ""});
  return out;
}

Preflight preflight_install(const checks::Context& context, const aibrix::ReleaseData& to,
                            const InstallRights& rights) {
  return Installer(context, to, rights).make();
}

std::vector<kube::Need> preflight_install_needs() {
  namespace need = checks::need;
  std::vector<kube::Need> out = {need::namespaces,
                                 need::nodes,
                                 {&kube::resources::deployments, kube::Scope::everywhere},
                                 {&kube::resources::services, kube::Scope::everywhere},
                                 {&kube::resources::crds, kube::Scope::everywhere},
                                 {&kube::resources::storage_classes, kube::Scope::everywhere},
                                 {&kube::resources::admission_policies, kube::Scope::everywhere},
                                 {&kube::resources::clusterroles, kube::Scope::everywhere},
                                 need::gateway_classes,
                                 need::mutating_webhooks,
                                 need::validating_webhooks,
                                 need::envoy_gateway_config};
  out.insert(out.end(), std::begin(need::aibrix_kinds), std::end(need::aibrix_kinds));
  return out;
}

}  // namespace fix
