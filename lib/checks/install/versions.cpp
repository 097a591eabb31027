// VER001, VER002, VER003: versions of Envoy Gateway, Envoy and the Gateway API that do not go
// together, and those that nobody looks after any more.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/gateway_versions.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::ComponentRole;
using base::Version;

constexpr kube::Need own_version_needs[] = {need::deployments};
constexpr auto version_needs = [] {
  constexpr auto gateway = with_gateway(own_version_needs);
  std::array<kube::Need, gateway.size() + 1> out{};
  std::copy(gateway.begin(), gateway.end(), out.begin());
  out.back() = need::optional({&kube::resources::crds, kube::Scope::everywhere});
  return out;
}();

// The version of the Envoy Gateway that its Deployment names; nothing, and `reporter` says why not.
std::optional<Version> envoy_gateway_version(const Context& context, Reporter& reporter) {
  const aibrix::Component& part = context.cluster.component(ComponentRole::envoy_gateway);
  if (part.deployment == nullptr) {
    if (part.state == aibrix::Component::State::missing) {
      reporter.not_applicable("no Deployment of Envoy Gateway was found");
    } else {
      reporter.undetermined("the Deployment of Envoy Gateway was not read");
    }
    return std::nullopt;
  }
  const auto& version = context.cluster.envoy_gateway_release().version;
  if (!version) reporter.undetermined("the version of Envoy Gateway is not known from its image");
  return version;
}

void run_gateway_api(const Context& context, Reporter& reporter) {
  const auto version = envoy_gateway_version(context, reporter);
  if (!version) return;
  const std::string name = "Envoy Gateway " + base::format_version(*version);
  const auto old = too_old_gateway_api(context, *version);
  if (!old) return reporter.measured(name);
  if (!old->known) return reporter.undetermined("neither CRDs nor API discovery were read");
  const aibrix::Component& part = context.cluster.component(ComponentRole::envoy_gateway);
  Finding& f = reporter.warning(old->subject, "the Gateway API CRDs are too old for " + name);
  f.with_consequence(part.down() ? "Envoy Gateway ends at startup, and no route or policy changes."
                                 : "Envoy Gateway does not survive its next restart.");
  f.with_evidence(
      "Gateway API", old->describe(),
      base::format_version(old->floor) + " or later, with TLSRoute v1 and ListenerSet v1");
  f.with_evidence("Envoy Gateway", context.cluster.envoy_gateway_release().evidence);
  f.with_related(*part.deployment);
  const aibrix::EnvoyGatewayLine* line = aibrix::envoy_gateway_line(*version);
  const std::string wanted = line == nullptr ? "1.5.1" : std::string(line->gateway_api);
  const std::string channel = old->found.channel == "standard" ? "standard" : "experimental";
  f.remedy(Confidence::review,
           "apply the Gateway API CRDs that this Envoy Gateway is built with (other controllers of "
           "the cluster use them too); Envoy Gateway then starts by itself",
           kubectl("", "apply", "--server-side", "-f",
                   "https://github.com/kubernetes-sigs/gateway-api/releases/download/v" + wanted +
                       "/" + channel + "-install.yaml"));
}

void run_envoy_image(const Context& context, Reporter& reporter) {
  const auto version = envoy_gateway_version(context, reporter);
  if (!version) return;
  const aibrix::EnvoyGatewayLine* line = aibrix::envoy_gateway_line(*version);
  if (line == nullptr) {
    return reporter.undetermined("no Envoy is known to go with Envoy Gateway " +
                                 base::format_version(*version));
  }
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  if (!proxy) {
    if (!context.cluster.envoy_proxy_ref() || proxy.known)
      return reporter.not_applicable("no EnvoyProxy is used");
    return reporter.undetermined("the EnvoyProxy was not read");
  }
  const Version built_with = base::parse_version(line->envoy).value_or(Version{});
  for (const std::string_view image : aibrix::envoy_images(*proxy)) {
    const auto pinned = aibrix::envoy_version(image);
    const bool older = pinned && aibrix::earlier_line(*pinned, built_with);
    if (!older) continue;
    // It works in many cases: worth knowing, until Envoy does not come up.
    const bool unready = context.cluster.component(ComponentRole::envoy).state ==
                         aibrix::Component::State::not_ready;
    Finding& f =
        report(reporter, unready ? Level::warning : Level::info, *proxy,
               "EnvoyProxy " + proxy->full_name() + " pins Envoy " + base::format_version(*pinned) +
                   ", too old for Envoy Gateway " + base::format_version(*version));
    f.with_consequence("Envoy can reject configuration that Envoy Gateway sends it.")
        .at_field("spec.provider.kubernetes");
    f.with_evidence("image", std::string(image), base::format_version(built_with) + " or later");
    f.with_evidence("Envoy Gateway", context.cluster.envoy_gateway_release().evidence);
    f.remedy(Confidence::review,
             "remove the image from the EnvoyProxy, or set one that belongs to this Envoy Gateway: "
             "Envoy restarts",
             kubectl(proxy->ns(), "edit").on("envoyproxies.gateway.envoyproxy.io", proxy->name()));
    return;
  }
  reporter.measured("Envoy Gateway " + line->name());
}

// Over at a day that the clock of the reading has passed; without a clock nothing is over.
bool is_over(const kube::Snapshot& snapshot, std::string_view day) {
  if (day.empty() || !snapshot.now()) return false;
  const auto end = base::parse_time(std::string(day) + "T23:59:59Z");
  return end && *snapshot.now() > *end;
}

void run_end_of_life(const Context& context, Reporter& reporter) {
  const auto version = envoy_gateway_version(context, reporter);
  if (!version) return;
  const aibrix::EnvoyGatewayLine* line = aibrix::envoy_gateway_line(*version);
  const std::string name = "Envoy Gateway " + base::format_version(*version);
  if (line == nullptr) {
    return reporter.undetermined("nothing is known of how long " + name + " is supported");
  }
  if (!is_over(context.snapshot, line->end_of_life)) return reporter.measured(name);
  const aibrix::Component& part = context.cluster.component(ComponentRole::envoy_gateway);
  Finding& f = reporter.info(*part.deployment,
                             name + " is end of life (" + std::string(line->end_of_life) + ")");
  f.with_consequence("It gets no security fixes.");
  const std::string open = aibrix::open_vulnerability(*version);
  if (!open.empty()) f.with_evidence("not fixed in it", open);
  if (!line->last_kubernetes.empty()) {
    f.with_evidence("made for Kubernetes", std::string(line->first_kubernetes) + " to " +
                                               std::string(line->last_kubernetes));
  }
  f.note(
      "AIBrix's own manifests bring Envoy Gateway v1.2.8 up to its newest release; a newer one "
      "needs the Gateway API CRDs and the Envoy image that go with it");
}

}  // namespace

constinit const Check registry::VER001{
    codes::VER001,
    Area::install,
    "the Gateway API CRDs are too old for Envoy Gateway",
    version_needs,
    run_gateway_api,
    {"Envoy Gateway v1.8 and later watches TLSRoute v1 and ListenerSet v1, kinds of the Gateway API "
     "1.5. With older CRDs it ends at startup (\"no matches for kind\") and restarts again and "
     "again. Envoy itself continues with the configuration it has.",
     "Envoy Gateway was upgraded without its CRDs (helm upgrade does not touch CRDs), or AIBrix's "
     "dependency manifest put its older Gateway API CRDs over newer ones.",
     "Apply the Gateway API CRDs that belong to this version of Envoy Gateway.",
     "every release, with an Envoy Gateway of v1.8 or later"}};

constinit const Check registry::VER002{
    codes::VER002,
    Area::install,
    "the EnvoyProxy pins an Envoy that is too old for Envoy Gateway",
    version_needs,
    run_envoy_image,
    {"The EnvoyProxy names an image of Envoy that is older than the one this Envoy Gateway is built "
     "for. Envoy can reject what Envoy Gateway sends, and then stays at its last configuration.",
     "AIBrix's manifests pin Envoy v1.33.2 in the EnvoyProxy; Envoy Gateway was upgraded and the "
     "pin stayed.",
     "Remove the image from the EnvoyProxy, or set one of the matching version.", "every release"}};

constinit const Check registry::VER003{
    codes::VER003,
    Area::install,
    "Envoy Gateway is past its end of life",
    version_needs,
    run_end_of_life,
    {"This version of Envoy Gateway gets no fixes any more, also not for known vulnerabilities "
     "(CVE-2026-22771: versions below v1.5.7 and v1.6.2).",
     "AIBrix's dependency manifest brings Envoy Gateway v1.2.8 since v0.3.",
     "Nothing breaks by it. Plan an upgrade of Envoy Gateway together with its CRDs; try it on a "
     "cluster that may fail, since AIBrix is tested with the version it brings.",
     "every release"}};

}  // namespace checks
