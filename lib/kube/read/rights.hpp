// What a user must be allowed to do, as rights and as the rules of RBAC roles.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/read/list_query.hpp"

namespace kube {

// Verbs on one kind. What changes a cluster declares its own; what reads gets them from its needs.
struct Right {
  const Resource* resource = nullptr;
  std::vector<std::string> verbs = {};  // "get", "list", "patch", …
  std::string ns = {};                  // empty: in the whole cluster
  std::string name = {};                // empty: every object
  std::string_view subresource = {};    // "status", "scale"
};

// What fetch() and get_objects() ask for these needs: list, and get for the kinds of which single
// objects are read again. A list narrowed to one name by its field selector is a right to that
// name: the API server takes such a selector for the name of the request.
std::vector<Right> rights_to_read(std::span<const Need> needs, const Namespaces& namespaces);

// A rule of a role; resources may have a subresource ("namespaces/finalize").
struct Rule {
  std::string group;
  std::vector<std::string> resources;
  std::vector<std::string> names;  // empty: every object
  std::vector<std::string> verbs;
};

// One role: of a namespace, or of the cluster where `ns` is empty.
struct Role {
  std::string ns;
  std::vector<Rule> rules;
};

// The fewest roles that give these rights and nothing else: the cluster's first, then one for each
// namespace, in order of first mention. Rights that the cluster's role gives are not repeated.
std::vector<Role> roles_for(std::span<const Right> rights);

}  // namespace kube
