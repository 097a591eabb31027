// The references of routes to other namespaces, judged once for all checks that speak of them: the
// engine's verdict and what the route's own condition says have to agree.
#pragma once
#include <string>
#include <vector>

#include "checks/common/routes.hpp"

namespace checks {

inline constexpr kube::Need reference_grants{&aibrix::resources::reference_grants};

template <typename... Needs>
constexpr auto references_and(Needs... more) {
  return routes_and(need::optional(reference_grants), need::optional(need::services), more...);
}

enum class ReferenceAccess {
  permitted,
  denied,   // no grant permits it, and all grants of the namespace were read
  claimed,  // the grants were not read, but the gateway's condition of this spec says it is refused
  outlived,  // no grant permits it, yet the gateway still counts it as resolved
  promised,  // a manifest not yet applied: the controller makes the grant for a labelled workload
  unknown,
};

struct JudgedRef {
  aibrix::BackendRef backend;
  aibrix::GrantVerdict verdict;
  ReferenceAccess access = ReferenceAccess::unknown;

  bool denied() const {
    return access == ReferenceAccess::denied || access == ReferenceAccess::claimed;
  }
};

struct JudgedRoute {
  aibrix::Route route;
  kube::Condition resolved;     // ResolvedRefs, of this spec; may not exist
  std::vector<JudgedRef> refs;  // those to other namespaces

  bool denied() const;
  // The gateway refuses a reference although every one is permitted.
  bool refused_though_permitted() const;
};
// Made once per context.
const std::vector<JudgedRoute>& judge_references(const Context& context);

// The routes that lack a grant for a Service in this namespace; with a model, only its routes.
std::vector<kube::ObjectRef> denied_routes(const std::vector<JudgedRoute>& routes,
                                           std::string_view ns, std::string_view model = {});

}  // namespace checks
