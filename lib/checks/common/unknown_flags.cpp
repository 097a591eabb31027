// The search of a component's containers for unknown flags.
#include "checks/common/unknown_flags.hpp"

namespace checks {

std::optional<FlagTrouble> unknown_flags(const Context& context, aibrix::ComponentRole role) {
  const aibrix::Component& part = context.cluster.component(role);
  if (part.deployment == nullptr || part.up()) return std::nullopt;
  const auto containers = part.deployment->at("spec", "template", "spec", "containers").items();
  for (std::size_t i = 0; i < containers.size(); ++i) {
    auto flags = aibrix::unknown_flags(containers[i]);
    if (flags.empty()) continue;
    return FlagTrouble{std::move(flags), std::string(containers[i]["name"].text()),
                       std::string(containers[i]["image"].text()),
                       "spec.template.spec.containers[" + std::to_string(i) + "]"};
  }
  return std::nullopt;
}

}  // namespace checks
