// ReferenceGrants to be made: how many, with which entries, names and API version.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/snapshot.hpp"

namespace aibrix {

// ReferenceGrants of our own. Never the controller's name: it deletes the grant of that name with
// the last model Deployment of the namespace. Never an entry in somebody else's list: both lists
// are atomic, so that whoever applies them next removes it.
inline constexpr std::string_view own_grant_prefix = "aibrixctl-allow-httproutes";
inline constexpr std::string_view managed_by = "app.kubernetes.io/managed-by";

struct PlannedGrant {
  std::string name;
  std::string ns;
  std::string version = "v1beta1";
  std::vector<std::string> from;      // namespaces of HTTPRoutes
  std::vector<std::string> services;  // empty: every Service of the namespace
};

// The fewest grants that let HTTPRoutes of these namespaces use these Services: a list holds no
// more than 16 entries, past that a second grant with -2 is needed.
std::vector<PlannedGrant> plan_grants(std::string_view ns, std::span<const std::string> from,
                                      std::span<const std::string> services,
                                      std::string_view version);
// YAML to apply: one document per grant.
std::string manifest(std::span<const PlannedGrant> grants);

// Made by AIBrix's controller, or by us.
bool is_controller_grant(const kube::Object& grant);
bool is_own_grant(const kube::Object& grant);
std::string controller_grant_name(std::string_view ns);
// The newest version of ReferenceGrant the cluster serves; v1beta1, which every bundle since
// Gateway API 0.6 serves, when nothing tells. Reads: ReferenceGrants, CRDs when there.
std::string grant_version(const kube::Snapshot& snapshot);

}  // namespace aibrix
