// The search for the checks that need a kind.
#include "checks/core/kind_users.hpp"

#include <algorithm>

namespace checks {

bool needs_any(const Check& check) {
  return std::none_of(check.needs.begin(), check.needs.end(),
                      [](const kube::Need& need) { return need.required; });
}

KindUsers users_of(const kube::Resource& resource, std::span<const Check* const> checks) {
  KindUsers readers;
  for (const Check* check : checks) {
    bool read = false;
    bool required = check->needs.size() == 1;  // the only one that would do
    for (const kube::Need& need : check->needs) {
      if (need.resource != &resource) continue;
      read = true;
      required = required || need.required;
    }
    if (read) (required ? readers.skipped_without : readers.others).push_back(check->code);
  }
  return readers;
}

}  // namespace checks
