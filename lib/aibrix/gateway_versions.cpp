// Envoy Gateway's compatibility matrix, and the reader of what is installed.
#include "aibrix/gateway_versions.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "aibrix/image.hpp"

namespace aibrix {
namespace {

// The published matrix, as of v1.7; v1.8: its release's build values and release notes; v1.9: the
// matrix of 2026-09.
constexpr auto lines = std::to_array<EnvoyGatewayLine>({
    {1, 0, "1.29.2", "1.0.0", "1.26", "1.29", "2024-09-13"},
    {1, 1, "1.31.0", "1.1.0", "1.27", "1.30", "2025-01-22"},
    {1, 2, "1.32.1", "1.2.0", "1.28", "1.31", "2025-05-06"},
    {1, 3, "1.33.0", "1.2.1", "1.29", "1.32", "2025-07-30"},
    {1, 4, "1.34.1", "1.3.0", "1.30", "1.33", "2025-11-13"},
    {1, 5, "1.35.0", "1.3.0", "1.30", "1.33", "2026-02-13"},
    {1, 6, "1.36.4", "1.4.0", "1.30", "1.33", "2026-05-13"},
    {1, 7, "1.37.0", "1.4.1", "1.32", "1.35", "2026-08-05"},
    {1, 8, "1.38.0", "1.5.1", "", "", ""},
    {1, 9, "1.39.0", "1.6.1", "1.33", "1.36", "2027-02-14"},
});

constexpr std::string_view bundle_version = "gateway.networking.k8s.io/bundle-version";
constexpr std::string_view bundle_channel = "gateway.networking.k8s.io/channel";

bool at_least(const base::Version& version, int major, int minor, int patch = 0) {
  return std::tie(version.major, version.minor, version.patch) >= std::tie(major, minor, patch);
}

void collect_images(const kube::Value& value, std::vector<std::string_view>& out) {
  for (const kube::Value& item : value.items()) collect_images(item, out);
  for (const kube::Member& member : value.members()) {
    const std::string_view text = member.value.text();
    if (member.key == "image" && image_name(text).ends_with("envoyproxy/envoy") &&
        std::find(out.begin(), out.end(), text) == out.end()) {
      out.push_back(text);
    }
    collect_images(member.value, out);
  }
}

}  // namespace

std::string EnvoyGatewayLine::name() const {
  return "v" + std::to_string(major) + '.' + std::to_string(minor);
}

const EnvoyGatewayLine* envoy_gateway_line(const base::Version& version) {
  const auto at = std::find_if(lines.begin(), lines.end(), [&](const EnvoyGatewayLine& line) {
    return line.major == version.major && line.minor == version.minor;
  });
  return at == lines.end() ? nullptr : &*at;
}

bool earlier_line(const base::Version& version, const base::Version& than) {
  return std::tie(version.major, version.minor) < std::tie(than.major, than.minor);
}

// Release notes of v1.8.0: it always starts informers for ListenerSet and for TLSRoute v1, kinds of
// the Gateway API 1.5, and ends when they cannot be synced (envoyproxy/gateway #8327, #8991,
// #8999).
std::optional<base::Version> gateway_api_floor(const base::Version& envoy_gateway) {
  if (!at_least(envoy_gateway, 1, 8)) return std::nullopt;
  return base::Version{1, 5, 0, ""};
}

std::string open_vulnerability(const base::Version& envoy_gateway) {
  const bool fixed = at_least(envoy_gateway, 1, 6, 2) ||
                     (at_least(envoy_gateway, 1, 5, 7) && !at_least(envoy_gateway, 1, 6));
  return fixed ? "" : "CVE-2026-22771 (fixed in v1.5.7 and v1.6.2)";
}

GatewayApi gateway_api(const kube::Snapshot& snapshot) {
  GatewayApi out;
  out.known = snapshot.readable(kube::resources::crds);
  for (const kube::Object& crd : snapshot.list(kube::resources::crds)) {
    if (!crd.name().ends_with(".gateway.networking.k8s.io")) continue;
    out.installed = true;
    const auto version = base::parse_version(crd.annotation(bundle_version));
    if (!version) continue;
    if (!out.newest || *version > *out.newest) out.newest = version;
    if (out.version && *version >= *out.version) continue;
    out.version = version;
    out.channel = crd.annotation(bundle_channel);
    out.oldest = &crd;
  }
  return out;
}

std::optional<base::Version> envoy_version(std::string_view image) {
  const std::string_view tag = image_tag(image);
  const std::size_t dash = tag.find("-v");
  return base::parse_version(dash == std::string_view::npos ? tag : tag.substr(dash + 1));
}

std::vector<std::string_view> envoy_images(const kube::Object& envoy_proxy) {
  std::vector<std::string_view> out;
  collect_images(envoy_proxy.spec(), out);
  return out;
}

}  // namespace aibrix
