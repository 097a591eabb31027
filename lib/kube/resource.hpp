// Kinds of objects: API group, versions and names, and those of Kubernetes itself.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace kube {

// One kind of object the API serves. Constants of this type are the identity of a kind: compare by
// address. Core kinds are below; a product's kinds are constants of the product's own.
struct Resource {
  std::string_view group;   // "" is the core group
  std::string_view plural;  // as in the path: "pods"
  std::string_view kind;    // "Pod"
  bool namespaced = true;
  // Served versions this program can read, best first.
  std::string_view version;
  std::string_view older_version = {};  // "" when there is no other
  // Ask for PartialObjectMetadata only: values (of Secrets) and schemas (of CRDs) never travel.
  bool metadata_only = false;
};

// "/apis/apps/v1/deployments", "/api/v1/namespaces/team-a/pods", ".../pods/name". `version` is
// one of the resource's; an empty `ns` means all namespaces or a cluster-scoped kind.
std::string api_path(const Resource& resource, std::string_view version, std::string_view ns = {},
                     std::string_view name = {});
// "apps/v1", "v1".
std::string api_version(const Resource& resource, std::string_view version);
// "deployments.apps", "pods": as `kubectl auth can-i` and CRDs name it.
std::string full_name(const Resource& resource);

namespace resources {
inline constexpr Resource namespaces{"", "namespaces", "Namespace", false, "v1"};
inline constexpr Resource nodes{"", "nodes", "Node", false, "v1"};
inline constexpr Resource pods{"", "pods", "Pod", true, "v1"};
inline constexpr Resource services{"", "services", "Service", true, "v1"};
inline constexpr Resource configmaps{"", "configmaps", "ConfigMap", true, "v1"};
inline constexpr Resource secrets{"", "secrets", "Secret", true, "v1", "", true};
inline constexpr Resource events{"", "events", "Event", true, "v1"};
inline constexpr Resource pvcs{"", "persistentvolumeclaims", "PersistentVolumeClaim", true, "v1"};
inline constexpr Resource deployments{"apps", "deployments", "Deployment", true, "v1"};
inline constexpr Resource statefulsets{"apps", "statefulsets", "StatefulSet", true, "v1"};
inline constexpr Resource horizontal_pod_autoscalers{
    "autoscaling", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true, "v2", "v1"};
inline constexpr Resource endpointslices{"discovery.k8s.io", "endpointslices", "EndpointSlice",
                                         true, "v1"};
inline constexpr Resource leases{"coordination.k8s.io", "leases", "Lease", true, "v1"};
inline constexpr Resource clusterroles{"rbac.authorization.k8s.io", "clusterroles", "ClusterRole",
                                       false, "v1"};
inline constexpr Resource clusterrolebindings{"rbac.authorization.k8s.io", "clusterrolebindings",
                                              "ClusterRoleBinding", false, "v1"};
inline constexpr Resource apiservices{"apiregistration.k8s.io", "apiservices", "APIService", false,
                                      "v1"};
inline constexpr Resource mutating_webhooks{"admissionregistration.k8s.io",
                                            "mutatingwebhookconfigurations",
                                            "MutatingWebhookConfiguration", false, "v1"};
inline constexpr Resource validating_webhooks{"admissionregistration.k8s.io",
                                              "validatingwebhookconfigurations",
                                              "ValidatingWebhookConfiguration", false, "v1"};
inline constexpr Resource storage_classes{"storage.k8s.io", "storageclasses", "StorageClass", false,
                                          "v1"};
inline constexpr Resource admission_policies{"admissionregistration.k8s.io",
                                             "validatingadmissionpolicies",
                                             "ValidatingAdmissionPolicy",
                                             false,
                                             "v1",
                                             "v1beta1"};
// Metadata only: the full list is some 14 MB of schemas. Served versions come from discovery, a CRD
// on its way out shows as deletionTimestamp. From files all of it is kept but the schemas.
inline constexpr Resource crds{"apiextensions.k8s.io",
                               "customresourcedefinitions",
                               "CustomResourceDefinition",
                               false,
                               "v1",
                               "",
                               true};
}  // namespace resources

}  // namespace kube
