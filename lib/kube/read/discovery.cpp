// The reader of API discovery, aggregated and classic.
#include "kube/read/discovery.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "kube/api_version.hpp"
#include "kube/parse/json_reader.hpp"

namespace kube {
namespace {

Value parse(const Response& response, Document& document) {
  if (!response.ok()) return {};
  try {
    return read_json(response.body, document);
  } catch (const base::Error&) {
    return {};
  }
}

// v2 before v1 before v1beta2: as Kubernetes prefers versions.
bool newer(const std::string& a, const std::string& b) {
  const auto rank = [](std::string_view version) {
    if (version.find("alpha") != std::string_view::npos) return 0;
    return version.find("beta") != std::string_view::npos ? 1 : 2;
  };
  return std::pair(rank(a), a) > std::pair(rank(b), b);
}

}  // namespace

const char* const discovery_accept =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
    "application/json";

bool is_kubernetes_own(const Resource& resource) {
  return is_kubernetes_group(resource.group);
}

bool Discovery::lacks_kubernetes_own() const {
  return !version_for(resources::pods) || !version_for(resources::namespaces);
}

bool Discovery::may_serve(const Resource& resource) const {
  if (is_kubernetes_own(resource)) return true;
  if (!known || stale_groups.count(std::string(resource.group)) != 0) return true;
  return version_for(resource).has_value();
}

std::optional<std::string> Discovery::version_for(const Resource& resource) const {
  std::vector<std::string> versions;
  for (const Served& one : served) {
    if (one.group == resource.group && one.plural == resource.plural) {
      versions.push_back(one.version);
    }
  }
  for (const std::string_view wanted : {resource.version, resource.older_version}) {
    if (std::find(versions.begin(), versions.end(), wanted) != versions.end()) {
      return std::string(wanted);
    }
  }
  if (versions.empty()) return std::nullopt;
  return *std::min_element(versions.begin(), versions.end(), newer);
}

bool read_aggregated(const Response& response, Discovery& discovery) {
  Document document;
  const Value list = parse(response, document);
  if (list["kind"].text() != "APIGroupDiscoveryList") return false;
  for (const Value& group : list["items"].items()) {
    const std::string name(group.at("metadata", "name").text());
    for (const Value& version : group["versions"].items()) {
      // metav1: "Current" or "Stale"; a stale one may list nothing or what once was.
      if (version["freshness"].text("Current") != "Current") discovery.stale_groups.insert(name);
      for (const Value& resource : version["resources"].items()) {
        discovery.served.push_back({name, std::string(version["version"].text()),
                                    std::string(resource["resource"].text())});
      }
    }
  }
  return true;
}

std::optional<std::vector<GroupVersion>> read_groups(const Response& response) {
  Document document;
  const Value answer = parse(response, document);
  std::vector<GroupVersion> out;
  if (answer["kind"].text() == "APIVersions") {
    for (const Value& version : answer["versions"].items()) {
      out.push_back({"", std::string(version.text())});
    }
    return out;
  }
  if (answer["kind"].text() != "APIGroupList") return std::nullopt;
  for (const Value& group : answer["groups"].items()) {
    for (const Value& version : group["versions"].items()) {
      out.push_back({std::string(group["name"].text()), std::string(version["version"].text())});
    }
  }
  return out;
}

std::vector<GroupVersion> worth_asking(std::span<const GroupVersion> all,
                                       const std::set<std::string>& groups, Discovery& discovery) {
  constexpr std::size_t most = 20;  // versions of a group; apps had three in its worst time
  std::map<std::string, std::set<std::string>> versions;
  for (const GroupVersion& one : all) {
    if (groups.count(one.group) != 0) versions[one.group].insert(one.version);
  }
  std::vector<GroupVersion> out;
  for (const auto& [group, names] : versions) {
    if (names.size() > most) {
      discovery.stale_groups.insert(group);
      continue;
    }
    for (const std::string& name : names) out.push_back({group, name});
  }
  return out;
}

std::string group_path(const GroupVersion& group) {
  return group.group.empty() ? "/api/" + group.version
                             : "/apis/" + group.group + "/" + group.version;
}

void read_group(const GroupVersion& group, const Response& response, Discovery& discovery) {
  Document document;
  const Value list = parse(response, document);
  if (list["kind"].text() != "APIResourceList") {
    discovery.stale_groups.insert(group.group);
    return;
  }
  for (const Value& resource : list["resources"].items()) {
    const std::string_view name = resource["name"].text();
    if (name.find('/') != std::string_view::npos) continue;  // a subresource
    discovery.served.push_back({group.group, group.version, std::string(name)});
  }
}

}  // namespace kube
