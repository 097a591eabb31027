// Which checks need which kind, for the comments of `rbac print`.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "checks/core/check.hpp"

namespace checks {

// Who reads a kind: the codes of those checks, in the order of checks.def.
struct KindUsers {
  std::vector<std::string_view> skipped_without;  // they cannot run without it
  std::vector<std::string_view> others;           // they say less, or "could not tell"
};
KindUsers users_of(const kube::Resource& resource, std::span<const Check* const> checks);

// All its needs are optional: it runs when any one of them can be met.
bool needs_any(const Check& check);

}  // namespace checks
