// The discovery half of FakeStore: aggregated (Kubernetes 1.27 and later) and classic.
#include <nlohmann/json.hpp>

#include "support/fake_api_store.hpp"

namespace support {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

FakeAnswer FakeStore::aggregated(bool core) const {
  const std::string form = discovery == Discovery::v2 ? "v2" : "v2beta1";
  std::map<std::string, std::map<std::string, Json>> groups;
  for (const FakeKind& kind : kinds_) {
    if (kind.group.empty() != core) continue;
    for (const std::string& one : kind.versions) {
      Json& resources = groups[kind.group][one];
      resources.push_back({{"resource", kind.plural},
                           {"responseKind", {{"group", ""}, {"version", ""}, {"kind", kind.kind}}},
                           {"scope", kind.namespaced ? "Namespaced" : "Cluster"},
                           {"verbs", {"get", "list"}},
                           {"subresources", {{{"subresource", "status"}}}}});
    }
  }
  for (const std::string& broken : broken_groups) {
    if (!core) groups[broken]["v1beta1"] = Json::array();
  }
  Json items = Json::array();
  for (const auto& [group, versions] : groups) {
    Json list = Json::array();
    for (const auto& [one, resources] : versions) {
      const bool stale = broken_groups.count(group) != 0;
      list.push_back(
          {{"version", one}, {"resources", resources}, {"freshness", stale ? "Stale" : "Current"}});
    }
    items.push_back({{"metadata", {{"name", group}}}, {"versions", list}});
  }
  const Json answer = {{"kind", "APIGroupDiscoveryList"},
                       {"apiVersion", "apidiscovery.k8s.io/" + form},
                       {"metadata", Json::object()},
                       {"items", items}};
  return {200, answer.dump(),
          "application/json;g=apidiscovery.k8s.io;v=" + form + ";as=APIGroupDiscoveryList"};
}

FakeAnswer FakeStore::classic(const std::string& path) const {
  const auto missing =
      status_answer(404, "NotFound", "the server could not find the requested resource");
  if (discovery == Discovery::none) return missing;
  if (path == "/api") return {200, Json{{"kind", "APIVersions"}, {"versions", {"v1"}}}.dump()};
  std::map<std::string, std::set<std::string>> groups;
  for (const FakeKind& kind : kinds_)
    groups[kind.group].insert(kind.versions.begin(), kind.versions.end());
  if (path == "/apis") {
    Json list = Json::array();
    for (const auto& [group, versions] : groups) {
      if (group.empty()) continue;
      Json all = Json::array();
      for (const std::string& one : versions) {
        all.push_back({{"groupVersion", group + "/" + one}, {"version", one}});
      }
      list.push_back({{"name", group}, {"versions", all}, {"preferredVersion", all.front()}});
    }
    return {200, Json{{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", list}}.dump()};
  }
  Json resources = Json::array();
  for (const FakeKind& kind : kinds_) {
    for (const std::string& one : kind.versions) {
      const std::string prefix = kind.group.empty() ? "/api/" : "/apis/" + kind.group + "/";
      if (prefix + one != path) continue;
      resources.push_back(
          {{"name", kind.plural}, {"namespaced", kind.namespaced}, {"kind", kind.kind}});
      resources.push_back({{"name", kind.plural + "/status"}, {"kind", kind.kind}});
    }
  }
  if (resources.empty()) return missing;
  return {200, Json{{"kind", "APIResourceList"}, {"resources", resources}}.dump()};
}

}  // namespace support
