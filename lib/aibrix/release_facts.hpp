#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "aibrix/release.hpp"
#include "kube/object.hpp"

// What each release of AIBrix does differently, where a check has to expect something.
namespace aibrix {

// Paths the release's aibrix-reserved-router takes (config/gateway/gateway-plugin). Empty when the
// release is unknown.
std::span<const std::string_view> reserved_paths(const Release& release);
// The HTTPRoute to the metadata service, by release: aibrix-reserved-router-metadata-endpoint
// (v0.5+), …-models-endpoint (v0.3, v0.4), none before. nullopt when the release is unknown.
std::optional<std::string_view> metadata_route_name(const Release& release);

// What is known of these kinds was read in the sources of v0.6 and later: the labels of a KVCache's
// pods, and that a PodAutoscaler's controller writes conditions first of all. False also when the
// release is unknown.
bool knows_kv_cache_labels(const Release& release);
bool writes_autoscaler_conditions(const Release& release);

// A match of the route takes requests to `path`. Gateway API's PathPrefix compares element by
// element; a RegularExpression is taken to cover everything.
bool covers(const kube::Object& route, std::string_view path);

}  // namespace aibrix
