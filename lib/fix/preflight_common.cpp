// The shared parts of the looks before an install and an upgrade.
#include "fix/preflight_common.hpp"

#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/image.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "fix/common.hpp"

namespace fix {

namespace kinds = aibrix::resources;
using kube::Object;

namespace {

// Kubernetes' own kinds are asked for whatever discovery says; older versions lack some of them.
bool maybe_served(const kube::Snapshot& snapshot, const kube::Resource& kind) {
  const auto& served = snapshot.served();
  return !served || std::any_of(served->begin(), served->end(), [&](const kube::Served& s) {
    return s.group == kind.group && s.plural == kind.plural;
  });
}

}  // namespace

bool looked_at(const kube::Snapshot& snapshot, const kube::Resource& kind, Weight weight,
               Preflight& out) {
  const std::string why = not_read(snapshot, kind);
  if (why.empty() || !maybe_served(snapshot, kind)) return true;
  const kube::ListState state = snapshot.state(kind);
  const bool recorded =
      state != kube::ListState::not_recorded && state != kube::ListState::not_asked;
  add_once(weight == Weight::side && !recorded ? out.not_checked : out.not_looked_at, why);
  return false;
}

std::string manifest_url(std::string_view part, std::string_view release) {
  const std::string tag(release);
  return "https://github.com/vllm-project/aibrix/releases/download/" + tag + "/aibrix-" +
         std::string(part) + "-" + tag + ".yaml";
}

checks::Command apply_manifest(std::string_view part, std::string_view release) {
  return checks::kubectl("", "apply", "--server-side", "-f", manifest_url(part, release));
}

bool has_crd_manifest(const aibrix::ReleaseData& to) {
  return std::any_of(to.crds.begin(), to.crds.end(), [](const auto& crd) { return !crd.in_core; });
}

void look_at_images(const aibrix::ReleaseData& to, Preflight& out) {
  std::vector<std::string> odd;
  std::string tag;
  for (const aibrix::ReleaseData::Container& c : to.containers) {
    const std::string_view image = aibrix::image_name(c.image);
    // KubeRay's operator has a release of its own.
    if (!image.starts_with("aibrix/") || image.ends_with("kuberay-operator")) continue;
    if (aibrix::image_tag(c.image) == to.release) continue;
    tag = aibrix::image_tag(c.image);
    add_once(odd, std::string(image));
  }
  if (odd.empty()) return;
  out.warnings.push_back({"the official manifests of " + std::string(to.release) +
                              " run images of " + tag + " (" + base::join_and(odd) +
                              "), a mistake of that release: set "
                              "the tags to " +
                              std::string(to.release) + ", or take a later release",
                          {}});
}

void look_at_deletions(const checks::Context& context, Preflight& out) {
  for (const std::string_view name :
       {std::string_view(context.cluster.ns()), aibrix::names::envoy_gateway_namespace}) {
    const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", name);
    if (!ns || !ns->deleting()) continue;
    out.in_the_way.push_back(
        {"namespace " + std::string(name) + " is being deleted: nothing can be created in it",
         checks::aibrixctl("doctor", "--only", "NS")});
  }
  for (const Object& crd : context.snapshot.list(kube::resources::crds)) {
    const bool ours = crd.name().ends_with(".aibrix.ai") ||
                      crd.name().ends_with(".gateway.networking.k8s.io") ||
                      crd.name().ends_with(".gateway.envoyproxy.io");
    if (!ours || !crd.deleting()) continue;
    out.in_the_way.push_back({"CRD " + std::string(crd.name()) +
                                  " is being deleted, and its objects with it: applied again, it "
                                  "still goes",
                              checks::aibrixctl("doctor", "--only", "FIN")});
  }
}

std::vector<std::string> own_objects(const kube::Snapshot& snapshot) {
  constexpr auto own = std::to_array<const kube::Resource*>(
      {&kinds::model_adapters, &kinds::model_claims, &kinds::pod_autoscalers,
       &kinds::storm_services, &kinds::ray_fleets, &kinds::kv_caches});
  std::vector<std::string> out;
  for (const kube::Resource* kind : own) {
    const std::size_t count = snapshot.list(*kind).size();
    if (count != 0) out.push_back(base::plural(count, kind->kind));
  }
  return out;
}

}  // namespace fix
