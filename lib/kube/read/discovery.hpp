// Which kinds the API server serves, and in which versions.
#pragma once
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kube/http/transport.hpp"
#include "kube/snapshot.hpp"

namespace kube {

// The API server has the kind's group itself, whatever else is installed: it is never absent.
bool is_kubernetes_own(const Resource& resource);

// What kinds the server has, in which versions. It, not the status of a list, says whether a kind
// exists: authorization comes before routing, so a missing CRD answers 403 to a restricted user.
struct Discovery {
  bool known = false;
  std::vector<Served> served;
  std::set<std::string> stale_groups;  // their backend (an APIService's) does not answer

  // Every API server has Pods and Namespaces; an answer without them tells nothing about the rest.
  bool lacks_kubernetes_own() const;
  // False for a kind only when the server is known not to have it: never for one of its own.
  bool may_serve(const Resource& resource) const;
  // The best version to read a kind in: those the resource names, else the newest served. Nothing:
  // not served, or not known.
  std::optional<std::string> version_for(const Resource& resource) const;
};

// GET /api and /apis with this Accept: all in two answers (Kubernetes 1.27 and later).
extern const char* const discovery_accept;
// True when the answer is of that form and was read into `discovery`.
bool read_aggregated(const Response& response, Discovery& discovery);

// The classic form: which groups, in which versions; then one list per group and version.
struct GroupVersion {
  std::string group;
  std::string version;
};
// From /apis (APIGroupList) or /api (APIVersions); nothing when the answer is neither.
std::optional<std::vector<GroupVersion>> read_groups(const Response& response);
std::string group_path(const GroupVersion& group);
// Those of these groups, each once. A group with more versions than any has is not asked for:
// it counts as stale.
std::vector<GroupVersion> worth_asking(std::span<const GroupVersion> all,
                                       const std::set<std::string>& groups, Discovery& discovery);
// One of these answers has at most so much.
inline constexpr std::size_t max_discovery_bytes = std::size_t{32} << 20;
// One APIResourceList; a failure makes the group stale.
void read_group(const GroupVersion& group, const Response& response, Discovery& discovery);

}  // namespace kube
