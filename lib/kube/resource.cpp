// The names and URL paths of kinds.
#include "kube/resource.hpp"

#include "base/text.hpp"

namespace kube {

std::string api_version(const Resource& resource, std::string_view version) {
  if (resource.group.empty()) return std::string(version);
  return std::string(resource.group) + '/' + std::string(version);
}

std::string api_path(const Resource& resource, std::string_view version, std::string_view ns,
                     std::string_view name) {
  std::string path = resource.group.empty() ? "/api/" : "/apis/";
  path += api_version(resource, version);
  // What a name may hold beside letters and digits (RBAC's have ':'); all else is encoded, so that
  // no name leads elsewhere.
  constexpr std::string_view plain = "-._~:@";
  if (!ns.empty()) path.append("/namespaces/").append(base::percent_encode(ns, plain));
  path.append("/").append(resource.plural);
  if (!name.empty()) path.append("/").append(base::percent_encode(name, plain));
  return path;
}

std::string full_name(const Resource& resource) {
  std::string name(resource.plural);
  return resource.group.empty() ? name : name + '.' + std::string(resource.group);
}

}  // namespace kube
