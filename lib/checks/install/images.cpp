// INS012: parts of different releases side by side.
#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/unknown_flags.hpp"
#include "checks/core/check.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::ComponentRole;
using kube::Object;

constexpr kube::Need image_needs[] = {need::deployments, need::optional(need::http_routes)};

// Built together, of one tag per release. Redis, KubeRay and Envoy have releases of their own.
constexpr auto parts =
    std::to_array<ComponentRole>({ComponentRole::controller_manager, ComponentRole::gateway_plugins,
                                  ComponentRole::metadata_service, ComponentRole::gpu_optimizer});

struct Tagged {
  const Object* deployment;
  std::string tag;
};

// The tag of the part's AIBrix image; empty for a digest.
std::string tag_of(const Object& deployment) {
  for (const kube::Value& c : deployment.at("spec", "template", "spec", "containers").items()) {
    const std::string_view image = c["image"].text();
    if (aibrix::image_name(image).find("aibrix/") != std::string_view::npos) {
      return std::string(aibrix::image_tag(image));
    }
  }
  return "";
}

// "aibrix/gateway-plugins:v0.5.0", of whatever registry, with another tag.
std::string with_tag(std::string_view image, std::string_view tag) {
  return std::string(image.substr(0, image.rfind(':') + 1)) + std::string(tag);
}

Command set_images(const std::vector<Tagged>& tagged, std::string_view tag) {
  Command out;
  for (const Tagged& t : tagged) {
    Command one =
        kubectl(t.deployment->ns(), "set", "image").on_one("deployment", t.deployment->name());
    for (const std::string_view list : {"initContainers", "containers"}) {
      for (const kube::Value& c : t.deployment->at("spec", "template", "spec", list).items()) {
        const std::string_view image = c["image"].text();
        if (aibrix::image_tag(image) != t.tag ||
            aibrix::image_name(image).find("aibrix/") == std::string_view::npos) {
          continue;
        }
        one.with(operand(std::string(c["name"].text()) + '=' + with_tag(image, tag)));
      }
    }
    if (out.empty()) {
      out = std::move(one);
    } else {
      out.and_then(std::move(one));
    }
  }
  return out;
}

void report_older_images(const Context& context, const std::vector<Tagged>& tagged,
                         Reporter& reporter) {
  const Object* plugins = context.cluster.component(ComponentRole::gateway_plugins).deployment;
  const Object& subject = plugins == nullptr ? *tagged.front().deployment : *plugins;
  Finding& f = reporter.warning(subject, "AIBrix's images are " + tagged.front().tag +
                                             ", but its manifests are of v0.6 or later");
  f.background = true;
  f.with_consequence(
      "The images lack what these manifests expect: /v1/images/generations gets 501, and "
      "/v1/image/generations, its name in v0.5, gets 404.");
  f.at_field("spec.template.spec.containers");
  for (const Tagged& t : tagged)
    f.with_evidence(std::string(t.deployment->name()), t.tag, "v0.6.0");
  f.with_evidence("HTTPRoute aibrix-reserved-router", "matches /v1/images/generations",
                  "/v1/image/generations, as in v0.5");
  f.note("the official manifests and chart of v0.6.0 name the images of v0.5.0 by mistake");
  f.remedy(Confidence::review, "run the images of v0.6.0 (or upgrade to v0.7.0 or later)",
           set_images(tagged, "v0.6.0"));
}

void run_images(const Context& context, Reporter& reporter) {
  std::vector<Tagged> tagged;
  for (const ComponentRole role : parts) {
    const Object* deployment = context.cluster.component(role).deployment;
    if (deployment == nullptr) continue;
    std::string tag = tag_of(*deployment);
    if (!tag.empty()) tagged.push_back({deployment, std::move(tag)});
  }
  if (tagged.size() < 2) {
    return reporter.undetermined("the images of AIBrix's components were not read, or have no tag");
  }
  const auto odd = std::find_if(tagged.begin(), tagged.end(),
                                [&](const Tagged& t) { return t.tag != tagged.front().tag; });
  if (odd == tagged.end()) {
    if (manifests_are_newer(context)) return report_older_images(context, tagged, reporter);
    return reporter.measured(tagged.front().tag);
  }
  Finding& f = reporter.warning(
      *odd->deployment, std::string(odd->deployment->name()) + " runs " + odd->tag + " while " +
                            std::string(tagged.front().deployment->name()) + " runs " +
                            tagged.front().tag);
  f.with_consequence("Components of different releases are not tested together.")
      .at_field("spec.template.spec.containers");
  for (const ComponentRole role : parts) {
    if (unknown_flags(context, role)) f.caused_by(VER004, context.cluster.component(role).ref());
  }
  for (const Tagged& t : tagged) f.with_evidence(std::string(t.deployment->name()), t.tag);
  f.remedy(Confidence::review, "run the same release of all components");
}

}  // namespace

constinit const Check registry::INS012{
    codes::INS012,
    Area::install,
    "AIBrix's components run different releases",
    image_needs,
    run_images,
    {"The controller-manager, the gateway plugin, the metadata service and the GPU optimizer are "
     "built together, but their images have different tags here.",
     "Only one Deployment was upgraded, or the chart was installed without its stable.yaml "
     "(nightly images). The official manifests of v0.6.0 name the images of v0.5.0 by mistake.",
     "Upgrade all of them together, CRDs first.", "every release"}};

}  // namespace checks
