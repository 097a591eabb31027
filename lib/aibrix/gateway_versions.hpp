// Which versions of Envoy Gateway, Envoy, the Gateway API and Kubernetes go together, and which of
// them a cluster has.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/version.hpp"
#include "kube/snapshot.hpp"

namespace aibrix {

// A line of Envoy Gateway (v1.2) as its own compatibility matrix has it,
// https://gateway.envoyproxy.io/news/releases/matrix
struct EnvoyGatewayLine {
  int major = 0;
  int minor = 0;
  std::string_view envoy;             // that it is built with: "1.32.1"
  std::string_view gateway_api;       // same: "1.2.0"
  std::string_view first_kubernetes;  // "1.28"; empty: not known here
  std::string_view last_kubernetes;
  std::string_view end_of_life;  // "2025-05-06"; empty: not known here

  std::string name() const;  // "v1.2"
};
// nullptr: not in the table.
const EnvoyGatewayLine* envoy_gateway_line(const base::Version& version);
// Of an earlier line (v1.2 before v1.3), whatever the patch releases.
bool earlier_line(const base::Version& version, const base::Version& than);
// The oldest Gateway API CRDs with which it starts; nullopt: it starts with every one.
std::optional<base::Version> gateway_api_floor(const base::Version& envoy_gateway);
// The security fixes it lacks, for people: "CVE-2026-22771 (fixed in v1.5.7 and v1.6.2)"; empty:
// none that is known here.
std::string open_vulnerability(const base::Version& envoy_gateway);

// The Gateway API CRDs of a cluster, by the annotations of their bundle.
struct GatewayApi {
  bool known = false;                    // CRDs were read
  bool installed = false;                // any is there
  std::optional<base::Version> version;  // the oldest one that any of them names
  std::optional<base::Version> newest;   // differs from it after half an upgrade
  std::string channel;                   // "standard", "experimental"; of the oldest
  const kube::Object* oldest = nullptr;  // a CRD of that version
};
GatewayApi gateway_api(const kube::Snapshot& snapshot);

// The tag of an Envoy image as a version: of "v1.33.2", "distroless-v1.33.2", "contrib-v1.33.2".
std::optional<base::Version> envoy_version(std::string_view image);
// Envoy images an EnvoyProxy names, anywhere in its spec, each once.
std::vector<std::string_view> envoy_images(const kube::Object& envoy_proxy);

}  // namespace aibrix
