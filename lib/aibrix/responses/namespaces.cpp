// What the conditions of a namespace say that is stuck in Terminating, and kubectl of its deletion
// (kubernetes, pkg/controller/namespace/deletion/status_condition_utils.go).
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sources.hpp"

namespace aibrix {
namespace {

using namespace codes;

using namespace sources;
constexpr std::string_view waits = "A namespace is stuck in Terminating.";

constexpr ResponseCause finalizers_left[] = {
    {"the owner of each finalizer named has not removed it: aibrix-controller-manager for those of "
     "AIBrix, which is down or was removed first (aibrixctl fix finalizers)",
     {INS005, FIN001, FIN002, FIN003, FIN004, FIN006, FIN012, NS002}},
};
constexpr ResponseCause content_left[] = {
    {"objects remain in it: their finalizers, or a pod, a load balancer or a volume in use keep them",
     {NS002, NS003, NS007, NS008, NS009}},
};
constexpr ResponseCause api_dead[] = {
    {"an APIService has no working backend (an uninstalled metrics-server or adapter): Kubernetes "
     "has to list every kind before it removes a namespace",
     {NS004, NS005}},
};
constexpr ResponseCause not_deleted[] = {
    {"the API server refuses to delete them, or cannot list them: a webhook on DELETE, or a CRD's "
     "conversion webhook, has no backend",
     NS006},
};

constexpr ResponsePattern namespaces_rows[] = {
    {.id = "namespace-api-dead",
     .source = S,
     .log = "*Discovery failed for some groups, {count} failing:*",
     .meaning = waits,
     .causes = api_dead},
    {.id = "server-apis-incomplete",
     .source = S,
     .log = "*unable to retrieve the complete list of server APIs: {groups}",
     .meaning = "The API server does not answer for every API group.",
     .causes = api_dead},
    {.id = "namespace-not-deleted",
     .source = S,
     .log = "*Failed to delete all resource types, {count} remaining: {why}",
     .meaning = waits,
     .causes = not_deleted},
    {.id = "namespace-finalizers",
     .source = S,
     .log = "*content in the namespace has finalizers remaining: {finalizers}",
     .meaning = waits,
     .causes = finalizers_left},
    {.id = "namespace-content",
     .source = S,
     .log = "*Some resources are remaining: {what} resource instances*",
     .meaning = waits,
     .causes = content_left},
};

}  // namespace

std::span<const ResponsePattern> namespace_conditions() {
  return namespaces_rows;
}

}  // namespace aibrix
