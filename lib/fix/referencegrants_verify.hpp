// The grants that routes lack, before the fix and after it.
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/common/references.hpp"
#include "fix/fix.hpp"

namespace fix {

// What lacks a grant, by the namespace of the Services and that of the routes.
struct MissingGrant {
  std::set<std::string> services;
  std::set<kube::ObjectRef> routes;
};
using MissingGrants = std::map<std::pair<std::string, std::string>, MissingGrant>;

// Says in the plan what cannot be granted, and why.
MissingGrants find_missing_grants(const checks::Context& context,
                                  const std::vector<checks::JudgedRoute>& routes,
                                  const Options& options, Plan& plan);
// The routes' own conditions: a grant moves no generation, so that they are all there is to watch.
std::vector<Watched> verify_grants(const Plan& plan, const checks::Context& context);

}  // namespace fix
