// The comparison of Envoy Gateway with the Gateway API CRDs it watches.
#include "checks/common/gateway_versions.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "checks/common/crds.hpp"

namespace checks {
namespace {

// The kinds that came with the Gateway API 1.5 and that Envoy Gateway v1.8 watches always.
constexpr auto watched = std::to_array<kube::Resource>(
    {{"gateway.networking.k8s.io", "tlsroutes", "TLSRoute", true, "v1"},
     {"gateway.networking.k8s.io", "listenersets", "ListenerSet", true, "v1"}});

// From discovery, or from the CRD itself where it was recorded whole. nullopt: neither tells.
std::optional<bool> serves(const Context& context, const kube::Resource& kind) {
  if (const auto& served = context.snapshot.served()) {
    return std::any_of(served->begin(), served->end(), [&](const kube::Served& s) {
      return s.group == kind.group && s.plural == kind.plural && s.version == kind.version;
    });
  }
  const kube::Lookup crd = context.snapshot.find(kube::resources::crds, "", kube::full_name(kind));
  if (crd.missing()) return false;
  if (!crd || !crd->spec()["versions"].is_array()) return std::nullopt;
  const auto versions = crd->spec()["versions"].items();
  return std::any_of(versions.begin(), versions.end(), [&](const kube::Value& v) {
    return v["name"].text() == kind.version && v["served"].is_true();
  });
}

}  // namespace

std::string TooOldGatewayApi::describe() const {
  if (!found.installed) return "not installed";
  std::string out = found.version ? base::format_version(*found.version) : "no known version";
  if (!found.channel.empty()) out += " (" + found.channel + ")";
  if (!missing.empty()) out += ", without " + base::join_and(missing);
  return out;
}

std::optional<TooOldGatewayApi> too_old_gateway_api(const Context& context,
                                                    const base::Version& envoy_gateway) {
  const auto floor = aibrix::gateway_api_floor(envoy_gateway);
  if (!floor) return std::nullopt;
  TooOldGatewayApi out;
  out.floor = *floor;
  out.found = aibrix::gateway_api(context.snapshot);
  out.known = out.found.known || context.snapshot.served().has_value();
  if (!out.known) return out;
  bool all_told = true;
  for (const kube::Resource& kind : watched) {
    const auto there = serves(context, kind);
    if (!there) all_told = false;
    if (!there.value_or(true))
      out.missing.push_back(std::string(kind.kind) + ' ' + std::string(kind.version));
  }
  const bool old_bundle = out.found.version && *out.found.version < *floor;
  // What is served proves more than what an annotation says.
  if (out.missing.empty() && (all_told || !old_bundle)) return std::nullopt;
  out.subject = out.found.oldest != nullptr && old_bundle ? out.found.oldest->ref()
                                                          : crd_ref(kube::full_name(watched[0]));
  return out;
}

}  // namespace checks
