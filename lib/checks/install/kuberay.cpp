// INS015: fleets need KubeRay.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/controllers.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/crds.hpp"
#include "checks/common/pod_trouble.hpp"
#include "checks/core/command.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::Component;
using kube::Object;

constexpr kube::Need kuberay_needs[] = {
    {&aibrix::resources::ray_fleets},
    need::optional(need::deployments),
    need::optional(need::pods),
    need::optional(need::namespaces),
    need::optional({&kube::resources::crds, kube::Scope::everywhere}),
    need::optional(need::nodes),
    need::optional(need::warning_events)};

constexpr std::string_view ray_crd = "rayclusters.ray.io";
constexpr std::string_view gate = "RayClusterStatusConditions";

void relate_fleets(const Context& context, const std::vector<const Object*>& fleets, Finding& f) {
  std::vector<std::string> names;
  for (const Object* fleet : fleets) {
    f.with_related(*fleet);
    names.push_back(fleet->full_name());
    const auto has = [&](const aibrix::Workload& w) { return w.object == fleet; };
    for (const aibrix::Model& model : context.cluster.models()) {
      if (std::any_of(model.workloads.begin(), model.workloads.end(), has)) f.model(model.name);
    }
  }
  f.with_evidence("fleets", base::join(names, ", "));
}

// KubeRay switched the gate on by default in 1.3.
constexpr int kuberay_major = 1;
constexpr int minor_with_gate_on = 3;

bool gate_missing(const Component& part) {
  for (const kube::Value& c :
       part.deployment->at("spec", "template", "spec", "containers").items()) {
    const std::string_view image = c["image"].text();
    if (image.find("kuberay") == std::string_view::npos) continue;
    const auto version = base::parse_version(aibrix::image_tag(image));
    if (!version || version->major != kuberay_major || version->minor >= minor_with_gate_on) {
      return false;
    }
    for (const char* list : {"command", "args"}) {
      for (const kube::Value& word : c[list].items()) {
        if (word.text().find(std::string(gate) + "=true") != std::string_view::npos) return false;
      }
    }
    return true;
  }
  return false;
}

void judge_operator(const Context& context, const std::vector<const Object*>& fleets,
                    Reporter& reporter) {
  const Component& part = context.cluster.component(aibrix::ComponentRole::kuberay_operator);
  if (part.state == Component::State::unknown) {
    return reporter.undetermined("the status of the KubeRay operator was not read");
  }
  if (part.state == Component::State::missing &&
      !context.snapshot.complete(kube::resources::deployments)) {
    return reporter.undetermined("the KubeRay operator may be in a namespace that was not read");
  }
  if (part.up()) {
    reporter.measured(part.name() + ": " + part.describe());
    if (!gate_missing(part)) return;
    Finding& f = reporter.warning(*part.deployment,
                                  "KubeRay runs without the feature gate " + std::string(gate));
    f.with_consequence("No RayClusterFleet ever counts as ready.")
        .at_field("spec.template.spec.containers");
    f.with_evidence("--feature-gates", "not set", std::string(gate) + "=true");
    relate_fleets(context, fleets, f);
    f.remedy(Confidence::review,
             "add --feature-gates=" + std::string(gate) + "=true to its arguments");
    return;
  }
  const std::string why = part.state == Component::State::missing
                              ? "the KubeRay operator is not installed"
                              : part.name() +
                                    (part.state == Component::State::not_ready ? " has " : " is ") +
                                    part.describe();
  Finding& f = reporter.warning(
      part.deployment != nullptr ? Subject(*part.deployment) : Subject(part.ref()), why);
  f.with_consequence("RayClusterFleets get no pods, and failed pods are not replaced.");
  relate_fleets(context, fleets, f);
  const bool told = part.state == Component::State::not_ready &&
                    explain_workload(context, *part.deployment, part.pods, f);
  if (told) return;
  if (!part.why.empty()) f.with_evidence("pods", part.why);
  if (part.state == Component::State::scaled_to_zero) {
    f.remedy(Confidence::review, "scale it up", scale_up_command(part.ref()));
  } else {
    f.remedy(Confidence::manual, "install the KubeRay operator, or fix what its pods report");
  }
}

void run_kuberay(const Context& context, Reporter& reporter) {
  std::vector<const Object*> fleets;
  for (const Object& fleet : context.snapshot.list(aibrix::resources::ray_fleets)) {
    if (!fleet.deleting()) fleets.push_back(&fleet);
  }
  if (fleets.empty()) {
    const bool all = context.snapshot.complete(aibrix::resources::ray_fleets);
    return all ? reporter.not_applicable("there is no RayClusterFleet")
               : reporter.undetermined("no RayClusterFleet was read");
  }
  const auto crd = has_crd(context, ray_crd);
  if (crd && !*crd) {
    Finding& f = reporter.warning(crd_ref(ray_crd),
                                  "KubeRay is not installed (no CRD " + std::string(ray_crd) + ")");
    f.with_consequence("RayClusterFleets get no pods.")
        .caused_by(INS002, crd_ref(ray_crd));  // up to v0.4 it is required
    relate_fleets(context, fleets, f);
    f.remedy(Confidence::manual,
             "install KubeRay (part of AIBrix's dependency manifest), then restart the controller, "
             "which looks for this CRD only at startup",
             restart_command(
                 context.cluster.component(aibrix::ComponentRole::controller_manager).ref()));
    return;
  }
  judge_operator(context, fleets, reporter);
}

}  // namespace

constinit const Check registry::INS015{
    codes::INS015,
    Area::install,
    "KubeRay is missing, down or misconfigured although RayClusterFleets need it",
    kuberay_needs,
    run_kuberay,
    {"RayClusterFleets are deployed, but KubeRay, which creates their pods, is missing or down, or "
     "runs without the feature gate from which AIBrix learns that a cluster is ready.",
     "KubeRay is optional since v0.5 and not part of the chart.",
     "Install KubeRay with --feature-gates=RayClusterStatusConditions=true (the default since "
     "KubeRay 1.3).",
     "every release"}};

}  // namespace checks
