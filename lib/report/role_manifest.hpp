// RBAC manifests, for `rbac print`.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "kube/read/rights.hpp"

namespace report {

// Whom a role is bound to.
struct RoleSubject {
  enum class Kind { user, group, service_account } kind = Kind::user;
  std::string ns;  // of a service account
  std::string name;
};
// "user:NAME", "group:NAME", "sa:NAMESPACE:NAME"; nullopt for anything else.
std::optional<RoleSubject> parse_role_subject(std::string_view text);

struct RoleOptions {
  std::string name;                         // of every role and binding
  std::optional<RoleSubject> subject = {};  // with it, bindings are printed too
  // Also /version, /api and /apis, which system:discovery gives to everybody who is logged in.
  bool discovery = false;
  // YAML only: a comment for a resource of a rule ("why"), empty: none.
  std::function<std::string(const kube::Rule& rule, const std::string& resource)> comment = {};
};

// ClusterRole, Roles and bindings, ready for `kubectl apply -f -`.
std::string roles_yaml(std::span<const kube::Role> roles, const RoleOptions& options);
std::string roles_json(std::span<const kube::Role> roles, const RoleOptions& options);

}  // namespace report
