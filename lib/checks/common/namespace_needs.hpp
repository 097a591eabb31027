#pragma once
#include "checks/common/deletion_needs.hpp"

// What TerminatingNamespaces reads.
namespace checks::need {

inline constexpr kube::Need api_services{&kube::resources::apiservices, kube::Scope::everywhere};
inline constexpr kube::Need pvcs{&kube::resources::pvcs};

inline constexpr auto ns_content = joined(
    std::to_array<kube::Need>({namespaces, optional(api_services), optional(nodes), optional(pvcs),
                               optional({&kube::resources::statefulsets}), optional(http_routes)}),
    held);

}  // namespace checks::need
