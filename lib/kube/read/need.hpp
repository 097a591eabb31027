// What checks, fixes and commands declare that they read.
#pragma once
#include <string_view>

#include "kube/resource.hpp"

namespace kube {

// Whose namespaces a need reaches when the user limits the run with -n.
enum class Scope {
  everywhere,  // all namespaces, whatever -n says
  workloads,   // the namespaces of -n, and the install's own
  install,     // only the namespaces of what is installed: FetchOptions::install_namespaces
};

// One list that something reads. Constants of this type stand beside each check.
struct Need {
  const Resource* resource;
  Scope scope = Scope::workloads;
  // False: the check works without it and only says less. True: without it the check is skipped.
  bool required = true;
  // Narrow the list on the server ("metadata.name=envoy-gateway-config"); needs of one resource
  // with different selectors become one unfiltered list.
  std::string_view field_selector = {};
};

}  // namespace kube
