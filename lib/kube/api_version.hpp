// The two halves of an object's apiVersion.
#pragma once
#include <string_view>

namespace kube {

// "apps" of "apps/v1"; empty for the core group ("v1").
std::string_view group_in(std::string_view api_version);
// "v1" of both.
std::string_view version_in(std::string_view api_version);
// Served by Kubernetes itself. Names that end in .k8s.io are not enough: the Gateway API's and
// others' CRDs have such too.
bool is_kubernetes_group(std::string_view group);

}  // namespace kube
