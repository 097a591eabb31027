// What Kubernetes takes for names, labels and keys. Source:
// staging/src/k8s.io/apimachinery/pkg/util/validation of Kubernetes.
#pragma once
#include <string_view>

namespace kube {

bool is_dns_label(std::string_view text);       // DNS-1123: a namespace, a container
bool is_dns1035_label(std::string_view text);   // begins with a letter, too: a Service
bool is_subdomain(std::string_view text);       // DNS-1123: most objects
bool is_label_value(std::string_view text);     // may be empty
bool is_qualified_name(std::string_view text);  // a key of labels: "name", "prefix.io/name"

}  // namespace kube
