// The look at Gateway API, Envoy Gateway and GatewayClass before an install or an upgrade.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/envoy_gateway.hpp"
#include "aibrix/gateway_versions.hpp"
#include "aibrix/image.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/gateway_versions.hpp"
#include "checks/core/command.hpp"
#include "fix/common.hpp"
#include "fix/preflight_common.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
namespace names = aibrix::names;
using base::Version;
using kube::Object;

// Part of the Gateway API bundles since v1.5: it refuses CRDs of an older bundle than its own, and
// experimental ones over standard ones.
constexpr std::string_view safe_upgrades = "safe-upgrades.gateway.networking.k8s.io";

class GatewayLook {
 public:
  GatewayLook(const checks::Context& context, const aibrix::ReleaseData& to, bool upgrade,
              Preflight& out)
      : context_(context), to_(to), upgrade_(upgrade), out_(out) {}

  Dependency look() {
    pin_ = base::parse_version(to_.envoy_gateway).value_or(Version{});
    api_pin_ = base::parse_version(to_.gateway_api).value_or(Version{});
    api_ = aibrix::gateway_api(context_.snapshot);
    look_at_envoy_gateways();
    // A newer Envoy Gateway has said all; an upgrade that finds its own leaves the CRDs alone.
    const bool newer = version_ && *version_ > pin_;
    const bool settled = upgrade_ && result_ == Dependency::there_already;
    if (!newer && !settled) look_at_gateway_api();
    look_at_floor();
    look_at_class();
    look_at_kubernetes();
    return result_;
  }

 private:
  std::string brings() const {
    return "the dependency manifest of " + std::string(to_.release) + " brings";
  }

  void block(std::string text, checks::Command command = {}) {
    result_ = Dependency::not_as_it_is;
    out_.in_the_way.push_back({std::move(text), std::move(command)});
  }
  void warn(std::string text, checks::Command command = {}) {
    out_.warnings.push_back({std::move(text), std::move(command)});
  }

  void look_at_envoy_gateways() {
    if (!looked_at(context_.snapshot, kube::resources::deployments, Weight::main, out_)) return;
    std::size_t count = 0;
    for (const Object& d : context_.snapshot.list(kube::resources::deployments)) {
      for (const kube::Value& c : d.at("spec", "template", "spec", "containers").items()) {
        if (!aibrix::image_name(c["image"].text()).ends_with("envoyproxy/gateway")) continue;
        // Envoy's own pods have it too, as their shutdown-manager.
        if (d.label("app.kubernetes.io/name") == "envoy" || c["name"].text() == "shutdown-manager")
          continue;
        ++count;
        look_at_envoy_gateway(d, base::parse_version(aibrix::image_tag(c["image"].text())));
      }
    }
    if (count == 0 && !context_.snapshot.complete(kube::resources::deployments)) {
      out_.not_checked.emplace_back("Envoy Gateway, which is not in what was read");
    } else if (count == 0 && upgrade_) {
      warn("Envoy Gateway was not found: without it no route changes");
    } else if (count == 0) {
      out_.found.push_back("no Envoy Gateway is here: " + brings() + ' ' +
                           std::string(to_.envoy_gateway));
    }
  }

  void look_at_envoy_gateway(const Object& d, const std::optional<Version>& version) {
    const std::string what = "Envoy Gateway " + (version ? base::format_version(*version) : "") +
                             " (" + d.full_name() + ")";
    version_ = version;
    if (d.ns() != names::envoy_gateway_namespace && !upgrade_) {
      return foreign_envoy_gateway(what);
    }
    if (!version) {
      return warn(what + " has no version that its image tells: compare it with " +
                  std::string(to_.envoy_gateway) + " before the dependency manifest replaces it");
    }
    if (*version == pin_) {
      result_ = Dependency::there_already;
      out_.found.push_back(what + " is the version of " + std::string(to_.release));
    } else if (*version > pin_) {
      newer_envoy_gateway(what);
    } else {
      warn(what + " is older than " + std::string(to_.envoy_gateway) + ", which " +
           std::string(to_.release) + " was made with: the dependency manifest replaces it");
    }
  }

  void foreign_envoy_gateway(const std::string& what) {
    const aibrix::EnvoyGatewayConfig config = aibrix::envoy_gateway_config(context_.cluster);
    if (config.read() && config.controller_name != names::envoy_gateway_controller) {
      return warn(what + " is here under another controller name (" + config.controller_name +
                  "): a second Envoy Gateway does not disturb it");
    }
    block(
        what + " answers for the same controller name, " +
        std::string(names::envoy_gateway_controller) + ", as the one that " + brings() +
        ": both would act on every GatewayClass. Use the existing one (leave Envoy Gateway out of "
        "the manifest, and enable EnvoyPatchPolicy in its configuration), or remove it first");
  }

  // AIBrix's manifests may be applied to a newer Envoy Gateway, its dependency manifest may not.
  void newer_envoy_gateway(const std::string& what) {
    result_ = Dependency::not_as_it_is;
    const std::string text = what + " is newer than " + std::string(to_.envoy_gateway) +
                             ", which " + brings() +
                             " in its place, with older CRDs: leave that manifest out, and apply "
                             "only KubeRay's part of it";
    if (upgrade_) {
      warn(text);
    } else {
      block(text);
    }
    const auto envoy = aibrix::envoy_version(to_.envoy_image);
    const aibrix::EnvoyGatewayLine* line = aibrix::envoy_gateway_line(*version_);
    const auto wanted = line == nullptr ? std::nullopt : base::parse_version(line->envoy);
    if (envoy && wanted && aibrix::earlier_line(*envoy, *wanted)) {
      warn("the core manifest pins Envoy " + base::format_version(*envoy) + " in its EnvoyProxy; " +
           what + " is built for " + base::format_version(*wanted) +
           ": remove the image from the EnvoyProxy afterwards");
    }
  }

  void look_at_gateway_api() {
    if (!looked_at(context_.snapshot, kube::resources::crds, Weight::main, out_)) return;
    const std::string pinned =
        std::string(to_.gateway_api) + " (" + std::string(to_.gateway_api_channel) + ")";
    if (!api_.installed && !context_.snapshot.complete(kube::resources::crds)) {
      out_.not_checked.emplace_back("the Gateway API CRDs, which are not in what was read");
      return;
    }
    if (!api_.installed) {
      out_.found.push_back("no Gateway API CRDs are here: " + brings() + ' ' + pinned);
      look_at_policy(pinned);
      return;
    }
    if (!api_.version) {
      return warn("the Gateway API CRDs do not say which version they are: " + brings() + ' ' +
                  pinned + " and puts it over them");
    }
    const std::string there = base::format_version(*api_.version) +
                              (api_.channel.empty() ? "" : " (" + api_.channel + ")");
    if (look_at_policy(pinned)) return;
    if (*api_.version > api_pin_) {
      result_ = Dependency::not_as_it_is;
      warn("the Gateway API CRDs are " + there + ", newer than " + pinned + ", which " + brings() +
           " in their place: leave these CRDs out of it; Envoy Gateway " +
           std::string(to_.envoy_gateway) + " works with the newer ones");
    } else if (*api_.version < api_pin_ || api_.channel != to_.gateway_api_channel) {
      warn("the Gateway API CRDs are " + there + ": " + brings() + ' ' + pinned +
           " and puts it over them. Other controllers of the cluster use them too" +
           other_classes());
    } else {
      out_.found.push_back("Gateway API CRDs " + there);
    }
  }

  std::string other_classes() const {
    std::vector<std::string> others;
    for (const Object& c : context_.snapshot.list(kinds::gateway_classes)) {
      if (c.name() != names::gateway) others.emplace_back(c.name());
    }
    return others.empty() ? "" : " (GatewayClass " + base::join_and(others) + ")";
  }

  // True: the policy is there, and all is said.
  bool look_at_policy(const std::string& pinned) {
    if (!looked_at(context_.snapshot, kube::resources::admission_policies, Weight::side, out_))
      return false;
    const kube::Lookup policy =
        context_.snapshot.find(kube::resources::admission_policies, "", safe_upgrades);
    if (!policy) return false;
    const auto own =
        base::parse_version(policy->annotation("gateway.networking.k8s.io/bundle-version"));
    const bool older = !own || api_pin_ < *own;
    const bool experimental =
        to_.gateway_api_channel == "experimental" && api_.channel == "standard";
    if (!older && !experimental) return false;
    const std::string instead =
        api_.installed ? "Leave these CRDs out of it and keep those that are here: Envoy Gateway " +
                             std::string(to_.envoy_gateway) + " works with them"
                       : "Apply the Gateway API CRDs of the policy's own version" +
                             (own ? ", " + base::format_version(*own) + "," : "") + " instead";
    block("ValidatingAdmissionPolicy " + std::string(safe_upgrades) +
          " refuses the Gateway API CRDs " + pinned + " that " + brings() + ". " + instead);
    return true;
  }

  void look_at_floor() {
    if (!version_ || result_ == Dependency::apply) return;
    const auto old = checks::too_old_gateway_api(context_, *version_);
    if (!old || !old->known) return;
    block("Envoy Gateway " + base::format_version(*version_) + " needs Gateway API CRDs of " +
              base::format_version(old->floor) + " or later; here: " + old->describe(),
          checks::aibrixctl("doctor", "--only", "VER001"));
  }

  void look_at_class() {
    const kube::Lookup c = context_.snapshot.find(kinds::gateway_classes, "", names::gateway);
    if (!c) return;
    const std::string_view controller = c->spec()["controllerName"].text();
    if (controller != names::envoy_gateway_controller) {
      block("GatewayClass " + std::string(names::gateway) + " belongs to another controller (" +
            std::string(controller) + "), and spec.controllerName cannot be changed");
    } else if (c->deleting()) {
      block("GatewayClass " + std::string(names::gateway) + " is being deleted",
            checks::aibrixctl("doctor", "--only", "FIN"));
    } else if (!upgrade_) {
      warn("GatewayClass " + std::string(names::gateway) +
           " is here already: the core manifest takes it over");
    }
  }

  void look_at_kubernetes() {
    const auto kubernetes = base::parse_version(context_.snapshot.info().kubernetes);
    const Version running = version_.value_or(pin_);
    const aibrix::EnvoyGatewayLine* line = aibrix::envoy_gateway_line(running);
    if (!kubernetes) {
      out_.not_checked.emplace_back("the version of Kubernetes, which is not recorded");
      return;
    }
    const std::string name = "Kubernetes " + context_.snapshot.info().kubernetes;
    const auto first = base::parse_version(line == nullptr ? "" : line->first_kubernetes);
    const auto last = base::parse_version(line == nullptr ? "" : line->last_kubernetes);
    if (line != nullptr && first && last &&
        (aibrix::earlier_line(*kubernetes, *first) || aibrix::earlier_line(*last, *kubernetes))) {
      warn(name + " is outside of what Envoy Gateway " + line->name() + " is tested with (" +
           std::string(line->first_kubernetes) + " to " + std::string(line->last_kubernetes) + ")");
    } else {
      out_.found.push_back(name);
    }
  }

  const checks::Context& context_;
  const aibrix::ReleaseData& to_;
  bool upgrade_;
  Preflight& out_;
  Dependency result_ = Dependency::apply;
  Version pin_;
  Version api_pin_;
  aibrix::GatewayApi api_;
  std::optional<Version> version_;  // of the Envoy Gateway that is here
};

}  // namespace

Dependency look_at_gateway(const checks::Context& context, const aibrix::ReleaseData& to,
                           bool upgrade, Preflight& out) {
  return GatewayLook(context, to, upgrade, out).look();
}

}  // namespace fix
