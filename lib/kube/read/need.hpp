// What checks, fixes and commands declare that they read.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "kube/resource.hpp"

namespace kube {

// Whose namespaces a need reaches when the user limits the run with -n.
enum class Scope {
  everywhere,  // all namespaces, whatever -n says
  workloads,   // the namespaces of -n, and the install's own
  install,     // only the namespaces of what is installed: FetchOptions::install_namespaces
};

// A right that the roles of `rbac print` leave out on purpose, since it lets see more than most
// want to give. Nothing is requested by it unless the user asks; what was not looked at for want of
// it was not asked for, and does not make a run incomplete.
struct ExtraRight {
  std::string_view flag;  // that asks for it
  std::string_view why;   // "Secrets are listed only with --with-secrets"
};
inline constexpr ExtraRight secrets_right{"--with-secrets",
                                          "Secrets are listed only with --with-secrets"};
inline constexpr ExtraRight probe_right{"--probe", "Pods are asked only with --probe"};

// One list that something reads. Constants of this type stand beside each check.
struct Need {
  const Resource* resource;
  Scope scope = Scope::workloads;
  // False: the check works without it and only says less. True: without it the check is skipped.
  bool required = true;
  // Narrow the list on the server ("metadata.name=envoy-gateway-config"); needs of one resource
  // with different selectors become one unfiltered list.
  std::string_view field_selector = {};
  // Read only when the user asks for this right. A check runs without it and says what it then
  // cannot tell (Snapshot::withheld(), Reporter::not_asked()).
  const ExtraRight* extra = nullptr;
};

// Those that take no extra right but these.
std::vector<Need> asked_for(std::span<const Need> needs, std::span<const ExtraRight* const> extras);

}  // namespace kube
