// Which CRDs are installed, and which the release cannot do without.
#include "checks/common/crds.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/release_facts.hpp"

namespace checks {

std::optional<bool> has_crd(const Context& context, std::string_view name) {
  const kube::Lookup found = context.snapshot.find(kube::resources::crds, "", name);
  if (found) return true;
  if (found.missing()) return false;
  if (!context.snapshot.served()) return std::nullopt;
  const std::size_t dot = name.find('.');
  const auto& served = *context.snapshot.served();
  return std::any_of(served.begin(), served.end(), [&](const kube::Served& s) {
    return s.plural == name.substr(0, dot) && s.group == name.substr(dot + 1);
  });
}

kube::ObjectRef crd_ref(std::string_view name) {
  return {"apiextensions.k8s.io", "CustomResourceDefinition", "", std::string(name)};
}

std::vector<std::string> missing_crds(const Context& context) {
  std::vector<std::string> out;
  for (const std::string_view name : aibrix::required_crds(context.cluster.release())) {
    if (!has_crd(context, name).value_or(true)) out.emplace_back(name);
  }
  return out;
}

}  // namespace checks
