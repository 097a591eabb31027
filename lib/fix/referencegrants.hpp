#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/grants/references.hpp"
#include "fix/fix.hpp"

namespace fix {

// What lacks a grant, by the namespace of the Services and that of the routes.
struct Lack {
  std::set<std::string> services;
  std::set<kube::ObjectRef> routes;
};
using Lacks = std::map<std::pair<std::string, std::string>, Lack>;

// Says in the plan what cannot be granted, and why.
Lacks find_lacks(const checks::Context& context, const std::vector<checks::JudgedRoute>& routes,
                 const Options& options, Plan& plan);
// The routes' own conditions: a grant moves no generation, so that they are all there is to watch.
std::vector<Watched> verify_grants(const Plan& plan, const checks::Context& context);

}  // namespace fix
