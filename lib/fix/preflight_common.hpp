// What the looks before an install and before an upgrade share.
#pragma once
#include <string>
#include <string_view>

#include "fix/preflight.hpp"

namespace fix {

// Whether a kind was read. Not recorded in files: `not_checked` says so, or, for a kind without
// which nothing can be said, `not_looked_at`.
enum class Weight { main, side };
bool looked_at(const kube::Snapshot& snapshot, const kube::Resource& kind, Weight weight,
               Preflight& out);

// "https://github.com/vllm-project/aibrix/releases/download/v0.7.0/aibrix-core-v0.7.0.yaml"; part:
// "dependency", "core-crds", "core".
std::string manifest_url(std::string_view part, std::string_view release);
checks::Command apply_manifest(std::string_view part, std::string_view release);
// The release's CRDs stand in a manifest of their own.
bool has_crd_manifest(const aibrix::ReleaseData& to);
// Images of the release's own manifests that are of another release: the official v0.6.0 runs
// v0.5.0.
void look_at_images(const aibrix::ReleaseData& to, Preflight& out);
// Namespaces and CRDs of AIBrix and Envoy Gateway that are on their way out.
void look_at_deletions(const checks::Context& context, Preflight& out);
// AIBrix's own objects by kind, "3 ModelAdapters", in every namespace that was read.
std::vector<std::string> own_objects(const kube::Snapshot& snapshot);

// Gateway API, Envoy Gateway and GatewayClass against what the release's dependency manifest
// brings. Says whether that manifest should be applied as it is.
enum class Dependency { apply, there_already, not_as_it_is };
Dependency look_at_gateway(const checks::Context& context, const aibrix::ReleaseData& to,
                           bool upgrade, Preflight& out);

// Load balancer, storage and nodes.
void look_at_cluster(const checks::Context& context, const aibrix::ReleaseData& to, Preflight& out);

}  // namespace fix
