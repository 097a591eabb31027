// What-if: objects laid over a snapshot, and what that does to the findings.
#pragma once
#include <string>
#include <vector>

#include "checks/core/finding.hpp"
#include "fix/plan.hpp"
#include "kube/snapshot.hpp"

namespace fix {

// `live` with the objects of `files` in place of those of the same name, or beside the others.
kube::Snapshot overlay(const kube::Snapshot& live, const kube::Snapshot& files);
// The same for objects given as JSON, as if they had just been made.
kube::Snapshot overlay(const kube::Snapshot& live, const std::vector<std::string>& objects);

// Every finding of both runs once, those that follow from another one too: fixed, fresh, unchanged.
std::vector<FindingChange> compare(const std::vector<checks::Finding>& before,
                                   const std::vector<checks::Finding>& after);

}  // namespace fix
