// INS008: rights the install's own service accounts lack.
#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/release_data.hpp"
#include "aibrix/releases.hpp"
#include "base/text.hpp"
#include "checks/common/crds.hpp"
#include "checks/core/check.hpp"
#include "checks/core/command.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::ComponentRole;
using kube::Object;
using kube::Value;
using enum aibrix::ReleaseId;

constexpr kube::Need rbac_needs[] = {
    need::deployments,
    {&kube::resources::clusterroles, kube::Scope::everywhere},
    {&kube::resources::clusterrolebindings, kube::Scope::everywhere},
    need::optional({&kube::resources::crds, kube::Scope::everywhere})};

// What each part lists and watches (config/rbac, v0.1 to main). Only kinds whose CRD is there are
// asked for.
struct Right {
  ComponentRole role;
  std::string_view group;
  std::string_view resource;
  aibrix::ReleaseSpan releases;
};
constexpr auto rights = std::to_array<Right>({
    {ComponentRole::controller_manager, "", "pods", since(v0_1)},
    {ComponentRole::controller_manager, "", "services", since(v0_1)},
    {ComponentRole::controller_manager, "discovery.k8s.io", "endpointslices", since(v0_1)},
    {ComponentRole::controller_manager, "apps", "deployments", since(v0_1)},
    {ComponentRole::controller_manager, "gateway.networking.k8s.io", "httproutes", since(v0_1)},
    {ComponentRole::controller_manager, "gateway.networking.k8s.io", "referencegrants",
     since(v0_1)},
    {ComponentRole::controller_manager, "model.aibrix.ai", "modeladapters", since(v0_1)},
    {ComponentRole::controller_manager, "autoscaling.aibrix.ai", "podautoscalers", since(v0_1)},
    {ComponentRole::controller_manager, "orchestration.aibrix.ai", "rayclusterfleets", since(v0_1)},
    {ComponentRole::controller_manager, "orchestration.aibrix.ai", "rayclusterreplicasets",
     since(v0_1)},
    {ComponentRole::controller_manager, "orchestration.aibrix.ai", "kvcaches", since(v0_2)},
    {ComponentRole::controller_manager, "orchestration.aibrix.ai", "stormservices", since(v0_4)},
    {ComponentRole::controller_manager, "orchestration.aibrix.ai", "rolesets", since(v0_4)},
    {ComponentRole::controller_manager, "orchestration.aibrix.ai", "podsets", since(v0_5)},
    // The chart's role did not get it with the CRD.
    {ComponentRole::controller_manager, "model.aibrix.ai", "modelclaims", after(v0_7)},
    {ComponentRole::gateway_plugins, "", "pods", since(v0_1)},
    {ComponentRole::gateway_plugins, "model.aibrix.ai", "modeladapters", since(v0_1)},
    {ComponentRole::gateway_plugins, "gateway.networking.k8s.io", "httproutes", since(v0_4)},
});

// As the manifests call it; the chart's has another name.
constexpr std::string_view controller_role = "aibrix-controller-manager-role";

bool names(const Value& list, std::string_view wanted) {
  return std::any_of(list.items().begin(), list.items().end(),
                     [&](const Value& v) { return v.text() == "*" || v.text() == wanted; });
}

bool binds(const Object& binding, const std::string& ns, std::string_view account) {
  for (const Value& s : binding["subjects"].items()) {
    const std::string_view name = s["name"].text();
    if (s["kind"].text() == "ServiceAccount" && name == account && s["namespace"].text() == ns) {
      return true;
    }
    const bool everyone = name == "system:authenticated" || name == "system:serviceaccounts" ||
                          name == "system:serviceaccounts:" + ns;
    if (s["kind"].text() == "Group" && everyone) return true;
  }
  return false;
}

// The ClusterRoles a service account holds; rights from Roles of single namespaces are not enough
// for what watches all of them.
std::vector<const Object*> roles_of(const kube::Snapshot& snapshot, const std::string& ns,
                                    std::string_view account) {
  std::vector<const Object*> out;
  for (const Object& binding : snapshot.list(kube::resources::clusterrolebindings)) {
    if (!binds(binding, ns, account)) continue;
    const kube::Lookup role =
        snapshot.find(kube::resources::clusterroles, "", binding["roleRef"]["name"].text());
    if (role) out.push_back(role.object);
  }
  return out;
}

bool allows(const std::vector<const Object*>& roles, const Right& right, std::string_view verb) {
  for (const Object* role : roles) {
    for (const Value& rule : (*role)["rules"].items()) {
      if (names(rule["apiGroups"], right.group) && names(rule["resources"], right.resource) &&
          names(rule["verbs"], verb) && rule["resourceNames"].empty()) {
        return true;
      }
    }
  }
  return false;
}

// Kubernetes' own kinds are always there.
bool is_served(const Context& context, std::string_view group, std::string_view resource) {
  if (group.find('.') == std::string_view::npos || group.ends_with(".k8s.io")) return true;
  const std::string crd =
      std::string(resource.substr(0, resource.find('/'))) + '.' + std::string(group);
  return has_crd(context, crd).value_or(false);
}

bool needed(const Context& context, const Right& right, ComponentRole role) {
  if (right.role != role) return false;
  if (!right.releases.holds(context.cluster.release()).value_or(false)) return false;
  return is_served(context, right.group, right.resource);
}

// The role people would add the rule to: one of AIBrix's own, not "view".
const Object* own_role(const std::vector<const Object*>& roles) {
  for (const Object* role : roles) {
    for (const Value& rule : (*role)["rules"].items()) {
      if (names(rule["apiGroups"], "model.aibrix.ai") && !names(rule["apiGroups"], "*"))
        return role;
    }
  }
  return nullptr;
}

// What the controller-manager surely does by itself: it writes its own kinds and their status, and
// the routes and grants of models. Of the rest of its role a careful administrator may take away.
bool surely_used(std::string_view group, std::string_view resource) {
  if (resource.ends_with("/finalizers")) return false;
  return group.ends_with(".aibrix.ai") || group == "gateway.networking.k8s.io";
}

// Rights of the release's own ClusterRole that the account lacks: "update rolesets/status". Rules
// that the release's chart leaves out are not held against an install.
std::vector<std::string> missing_of_release(const Context& context,
                                            const std::vector<const Object*>& roles) {
  std::vector<std::string> out;
  const auto data = aibrix::release_data(context.cluster.release().text());
  if (!data) return out;
  const bool has_chart = std::any_of(data->rules.begin(), data->rules.end(),
                                     [](const auto& rule) { return rule.chart; });
  const auto in_chart = [&](const auto& rule, std::string_view resource, std::string_view verb) {
    return std::any_of(data->rules.begin(), data->rules.end(), [&](const auto& other) {
      return other.chart && other.permits(rule.group, resource, verb);
    });
  };
  for (const aibrix::ReleaseData::Rule& rule : data->rules) {
    if (rule.chart || rule.role != controller_role) continue;
    for (const std::string_view resource : rule.resources) {
      if (!surely_used(rule.group, resource) || !is_served(context, rule.group, resource)) continue;
      for (const std::string_view verb : rule.verbs) {
        if (verb == "*" || (has_chart && !in_chart(rule, resource, verb))) continue;
        const Right right{ComponentRole::controller_manager, rule.group, resource, {}};
        if (!allows(roles, right, verb))
          out.push_back(std::string(verb) + ' ' + std::string(resource));
      }
    }
  }
  return out;
}

void report_missing_of_release(const Context& context, const Object& own,
                               const std::vector<std::string>& missing, Reporter& reporter) {
  const aibrix::Component& part = context.cluster.component(ComponentRole::controller_manager);
  Finding& f =
      reporter.warning(own, part.name() + " is not permitted to " +
                                (missing.size() <= 3 ? base::join_and(missing)
                                                     : missing.front() + ", and lacks " +
                                                           std::to_string(missing.size() - 1) +
                                                           " more rights of its release"));
  f.with_consequence("It starts, but what needs these rights is not done.").at_field("rules");
  f.with_evidence("missing", base::join(missing, ", "),
                  "as in the ClusterRole of " + context.cluster.release().text());
  f.with_related(*part.deployment);
  f.remedy(Confidence::review, "add the rules of the release's config/rbac to the ClusterRole",
           kubectl("", "edit").on("clusterrole", own.name()));
}

void judge(const Context& context, ComponentRole role, Reporter& reporter) {
  const aibrix::Component& part = context.cluster.component(role);
  if (part.deployment == nullptr) return;
  const std::string ns(part.deployment->ns());
  const std::string account(
      part.deployment->at("spec", "template", "spec", "serviceAccountName").text("default"));
  const auto roles = roles_of(context.snapshot, ns, account);
  std::vector<std::string> missing;
  for (const Right& right : rights) {
    if (!needed(context, right, role)) continue;
    if (allows(roles, right, "list") && allows(roles, right, "watch")) continue;
    missing.push_back(std::string(right.resource) + (right.group.empty() ? "" : ".") +
                      std::string(right.group));
  }
  const Object* own = own_role(roles);
  if (missing.empty()) {
    if (role != ComponentRole::controller_manager || own == nullptr) return;
    const std::vector<std::string> more = missing_of_release(context, roles);
    if (!more.empty()) report_missing_of_release(context, *own, more, reporter);
    return;
  }
  if (own == nullptr && part.up()) {
    return reporter.undetermined("no ClusterRole of " + ns + '/' + account +
                                 " was found, although " + part.name() + " is running");
  }
  Finding& f = reporter.warning(
      own != nullptr ? Subject(*own) : Subject(*part.deployment),
      part.name() + " is not permitted to list " +
          (missing.size() <= 3 ? base::join_and(missing)
                               : std::to_string(missing.size()) + " kinds it watches"));
  f.with_consequence("It does not start, or does not see these objects.")
      .at_field(own != nullptr ? "rules" : "");
  f.with_evidence("service account", ns + '/' + account);
  f.with_evidence("missing", base::join(missing, ", "), "list and watch");
  f.with_evidence("ClusterRoles", std::to_string(roles.size()));
  f.with_related(*part.deployment);
  f.remedy(Confidence::review, "add the rules of the release's config/rbac to the ClusterRole",
           own == nullptr ? Command() : kubectl("", "edit").on("clusterrole", own->name()));
}

void run_rbac(const Context& context, Reporter& reporter) {
  if (context.cluster.component(ComponentRole::controller_manager).deployment == nullptr &&
      context.cluster.component(ComponentRole::gateway_plugins).deployment == nullptr) {
    const bool all = context.snapshot.complete(kube::resources::deployments);
    return all ? reporter.not_applicable(
                     "neither controller-manager nor gateway-plugins is installed")
               : reporter.undetermined("neither controller-manager nor gateway-plugins was read");
  }
  if (!context.snapshot.complete(kube::resources::clusterroles) ||
      !context.snapshot.complete(kube::resources::clusterrolebindings)) {
    return reporter.undetermined("not all ClusterRoles and ClusterRoleBindings were read");
  }
  judge(context, ComponentRole::controller_manager, reporter);
  judge(context, ComponentRole::gateway_plugins, reporter);
}

}  // namespace

constinit const Check registry::INS008{
    codes::INS008,
    Area::install,
    "a service account of AIBrix is not permitted to list kinds it watches",
    rbac_needs,
    run_rbac,
    {"The service account of the controller-manager or of the gateway plugin is not permitted to "
     "list a kind it watches. Its log repeats \"… is forbidden\", and the controller stays "
     "unready.",
     "The CRDs or images are newer than the ClusterRoles (as with the chart and ModelClaim), or "
     "the roles were edited.",
     "Reapply the release's RBAC manifests.", "every release; ModelClaim: v0.8 and later"}};

}  // namespace checks
