// The derivation of RBAC rights and roles from needs.
#include "kube/read/rights.hpp"

#include <algorithm>

namespace kube {
namespace {

// "metadata.name=x" and nothing else.
std::string single_name(std::string_view field_selector) {
  constexpr std::string_view key = "metadata.name=";
  if (!field_selector.starts_with(key)) return {};
  const std::string_view name = field_selector.substr(key.size());
  return name.find_first_of(",=!") == std::string_view::npos ? std::string(name) : std::string();
}

template <class T>
bool contains(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

void add_verbs(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& verb : from) {
    if (!contains(to, verb)) to.push_back(verb);
  }
  std::sort(to.begin(), to.end());
}

bool same_kind(const Right& a, const Right& b) {
  return a.resource == b.resource && a.subresource == b.subresource;
}

bool same_objects(const Right& a, const Right& b) {
  return same_kind(a, b) && a.ns == b.ns && a.name == b.name;
}

// Everything `right` is about, `other` is about too.
bool covers(const Right& other, const Right& right) {
  return same_kind(other, right) && (other.ns.empty() || other.ns == right.ns) &&
         (other.name.empty() || other.name == right.name);
}

// The verbs that no wider right gives already.
std::vector<std::string> verbs_left(const Right& right, std::span<const Right> rights) {
  std::vector<std::string> left;
  for (const std::string& verb : right.verbs) {
    const bool given = std::any_of(rights.begin(), rights.end(), [&](const Right& other) {
      return !same_objects(other, right) && covers(other, right) && contains(other.verbs, verb);
    });
    if (!given) left.push_back(verb);
  }
  return left;
}

std::string rule_resource(const Right& right) {
  std::string name(right.resource->plural);
  return right.subresource.empty() ? name : name + '/' + std::string(right.subresource);
}

void add_rule(Role& role, const Right& right) {
  std::vector<std::string> names;
  if (!right.name.empty()) names.push_back(right.name);
  const auto same = std::find_if(role.rules.begin(), role.rules.end(), [&](const Rule& rule) {
    return rule.group == right.resource->group && rule.verbs == right.verbs && rule.names == names;
  });
  if (same == role.rules.end()) {
    role.rules.push_back(
        {std::string(right.resource->group), {rule_resource(right)}, names, right.verbs});
  } else {
    same->resources.push_back(rule_resource(right));
  }
}

}  // namespace

std::vector<Right> rights_to_read(std::span<const Need> needs, const Namespaces& namespaces) {
  std::vector<Right> rights;
  for (const Query& query : merge_needs(needs)) {
    Right right;
    right.resource = query.resource;
    right.verbs = {"list"};
    if (!query.resource->metadata_only) right.verbs = {"get", "list"};
    right.name = single_name(query.field_selector);
    const std::vector<std::string> where = namespaces_for(query, namespaces);
    if (where.empty()) rights.push_back(right);
    for (const std::string& ns : where) {
      right.ns = ns;
      rights.push_back(right);
    }
  }
  return rights;
}

std::vector<Role> roles_for(std::span<const Right> rights) {
  std::vector<Right> merged;
  for (const Right& right : rights) {
    const auto same = std::find_if(merged.begin(), merged.end(),
                                   [&](const Right& other) { return same_objects(other, right); });
    if (same == merged.end()) {
      merged.push_back(right);
      std::sort(merged.back().verbs.begin(), merged.back().verbs.end());
    } else {
      add_verbs(same->verbs, right.verbs);
    }
  }
  std::vector<Role> roles;
  const auto role_of = [&](const std::string& ns) -> Role& {
    const auto it =
        std::find_if(roles.begin(), roles.end(), [&](const Role& role) { return role.ns == ns; });
    return it != roles.end() ? *it : roles.emplace_back(Role{ns, {}});
  };
  for (const bool cluster : {true, false}) {
    for (const Right& right : merged) {
      if (right.ns.empty() != cluster) continue;
      Right own = right;
      own.verbs = verbs_left(right, merged);
      if (!own.verbs.empty()) add_rule(role_of(own.ns), own);
    }
  }
  return roles;
}

}  // namespace kube
