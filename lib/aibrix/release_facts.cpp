#include "aibrix/release_facts.hpp"

#include <array>

#include "aibrix/names.hpp"

namespace aibrix {
namespace {

constexpr auto v0_1 = std::to_array<std::string_view>({"/"});
constexpr auto v0_3 = std::to_array<std::string_view>({"/v1/chat/completions", "/v1/completions"});
constexpr auto v0_5 =
    std::to_array<std::string_view>({"/v1/chat/completions", "/v1/completions", "/v1/embeddings",
                                     "/v1/image/generations", "/v1/video/generations"});
constexpr auto v0_6 = std::to_array<std::string_view>(
    {"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/images/generations",
     "/v1/video/generations", "/v1/rerank", "/v1/classify"});
struct Row {
  int major;
  int minor;
  std::span<const std::string_view> paths;
};
// Newest first.
constexpr auto table = std::to_array<Row>({{0, 6, v0_6}, {0, 5, v0_5}, {0, 3, v0_3}, {0, 0, v0_1}});

bool has_prefix(std::string_view path, std::string_view prefix) {
  while (!prefix.empty() && prefix.back() == '/') prefix.remove_suffix(1);
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool covers(const kube::Value& match, std::string_view path) {
  const std::string_view type = match.at("path", "type").text("PathPrefix");
  const std::string_view value = match.at("path", "value").text("/");
  if (type == "RegularExpression") return true;
  return type == "Exact" ? value == path : has_prefix(path, value);
}

}  // namespace

std::span<const std::string_view> reserved_paths(const Release& release) {
  // Builds of main are at_least() everything: held to what the newest release had, since a nightly
  // image may run under manifests older than it.
  for (const Row& row : table) {
    if (release.at_least(row.major, row.minor).value_or(false)) return row.paths;
  }
  return {};
}

std::optional<std::string_view> metadata_route_name(const Release& release) {
  const auto since_v0_3 = release.at_least(0, 3);
  if (!since_v0_3) return std::nullopt;
  if (!*since_v0_3) return std::string_view();
  return *release.at_least(0, 5) ? names::metadata_route : names::models_route;
}

bool knows_kv_cache_labels(const Release& release) {
  return release.at_least(0, 6).value_or(false);
}

bool writes_autoscaler_conditions(const Release& release) {
  return release.at_least(0, 6).value_or(false);
}

bool covers(const kube::Object& route, std::string_view path) {
  for (const kube::Value& rule : route.spec()["rules"].items()) {
    const auto matches = rule["matches"].items();
    if (matches.empty()) return true;  // a rule without matches takes everything
    for (const kube::Value& match : matches) {
      if (covers(match, path)) return true;
    }
  }
  return false;
}

}  // namespace aibrix
