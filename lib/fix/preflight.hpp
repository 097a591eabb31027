// What an uninstall, an install or an upgrade of AIBrix would run into, told before it is begun.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "aibrix/release_data.hpp"
#include "checks/core/check.hpp"
#include "fix/plan.hpp"
#include "kube/read/access_review.hpp"

namespace fix {

struct Preflight {
  std::string from;  // releases of an upgrade; `to` of an install too
  std::string to;
  std::vector<Advice> in_the_way;          // would get stuck, fail or break, or is: must go first
  std::vector<Advice> warnings;            // does not stop it, but matters
  std::vector<Advice> order;               // what to do, in this order, with commands
  std::vector<std::string> lost;           // what goes for good
  std::vector<std::string> found;          // what is there and right
  std::vector<std::string> not_looked_at;  // should have been, and could not
  // What this never looks at, or was not asked to: says nothing against going on.
  std::vector<std::string> not_checked;

  bool clear() const { return in_the_way.empty() && not_looked_at.empty(); }
  int exit_code() const { return !in_the_way.empty() ? 1 : not_looked_at.empty() ? 0 : 3; }
};
Preflight preflight_uninstall(const checks::Context& context);
// The lists it reads.
std::vector<kube::Need> preflight_needs();

// What the user who installs may do. Without questions nobody was asked, and `why_not` says why.
struct InstallRights {
  std::vector<kube::AccessQuestion> questions;
  std::vector<kube::AccessAnswer> answers;
  std::string why_not;
};
// What to ask for: creating and patching every kind of the release's manifests.
std::vector<kube::AccessQuestion> install_questions(const aibrix::ReleaseData& to);

// Before AIBrix is installed here for the first time.
Preflight preflight_install(const checks::Context& context, const aibrix::ReleaseData& to,
                            const InstallRights& rights);
std::vector<kube::Need> preflight_install_needs();

// Before an installed AIBrix is brought to another release.
Preflight preflight_upgrade(const checks::Context& context, const aibrix::ReleaseData& to);
std::vector<kube::Need> preflight_upgrade_needs();

}  // namespace fix
