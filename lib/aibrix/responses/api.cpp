// What the Kubernetes API server answers, and what kubectl, kustomize and Helm say of their own.
#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sources.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using namespace codes;

constexpr ResponseCause webhook_down[] = {
    {"the webhook's server is not there: aibrix-controller-manager is down, or was uninstalled and "
     "left its configuration: aibrixctl fix webhooks",
     {WH001, WH002, INS005}},
    {"its certificate is not the one the API server is told to trust", {WH003, WH004, WH005}},
};
constexpr ResponseCause webhook_certificate[] = {
    {"its certificate is not the one the API server is told to trust", {WH003, WH004, WH005}},
};
constexpr ResponseCause webhook_leftover[] = {
    {"AIBrix was uninstalled and left its webhook configuration: aibrixctl fix webhooks",
     {WH001, WH002}},
};
constexpr ResponseCause webhook_late[] = {
    {"the API server cannot reach the webhook's pod (firewall, NetworkPolicy), or the pod hangs; the "
     "text does not tell which",
     {WH001, WH002, INS005}},
};
constexpr ResponseCause no_endpoints[] = {
    {"no pod behind the Service is ready", {SVC005, GW018, MDL006}},
    {"its selector matches no pod", MDL011},
};
constexpr ResponseCause proxy_failed[] = {
    {"nothing listens on that port of the pod, or the API server cannot reach it", SVC005},
};
constexpr ResponseCause terminating[] = {
    {"the namespace is being deleted and cannot finish",
     {NS001, NS002, NS003, NS004, NS005, NS006, FIN002, INS005}},
};
constexpr ResponseCause webhook_elsewhere[] = {
    {"the webhook of another product cannot be reached: its Service and pods are named in the text",
     {}},
};
constexpr ResponseCause no_aibrix_kind[] = {
    {"a CustomResourceDefinition of AIBrix is missing, or does not serve this version",
     {INS002, INS001}},
};
constexpr ResponseCause no_gateway_kind[] = {
    {"the CustomResourceDefinitions of Gateway API are missing, or too old to serve this version "
     "(AIBrix's dependency manifest brings them)",
     {VER001, GW001}},
};
constexpr ResponseCause no_envoy_kind[] = {
    {"the CustomResourceDefinitions of Envoy Gateway are missing (AIBrix's dependency manifest "
     "brings them)",
     GW001},
};
constexpr ResponseCause no_ray_kind[] = {
    {"the CustomResourceDefinitions of KubeRay are missing (AIBrix's dependency manifest brings "
     "them)",
     {},
     false,
     true},
};
constexpr ResponseCause no_kind[] = {
    {"the CustomResourceDefinition of this kind is not installed, or does not serve this version",
     {},
     false,
     true},
};
constexpr ResponseCause no_path[] = {
    {"the CustomResourceDefinition of this kind is not installed, or the path or version is wrong",
     {},
     false,
     true},
};
constexpr ResponseCause annotation_too_long[] = {
    {"kubectl apply keeps a copy of the object in its annotation last-applied-configuration, and "
     "this one is over 262144 bytes: use kubectl apply --server-side (or kubectl create)",
     {}},
};
constexpr ResponseCause name_too_long[] = {
    {"the pod's name becomes its host name, which may have 63 characters: give the StormService (or "
     "other owner) a shorter name",
     ORC001},
};
constexpr ResponseCause labels_not_text[] = {
    {"a label or annotation is written as a number or true/false: put it in quotes", {}},
};
constexpr ResponseCause env_not_text[] = {
    {"a value that must be text is written as a number or true/false: put it in quotes", {}},
};
constexpr ResponseCause cannot_change[] = {
    {"the object exists with another value in a field that cannot change: delete and re-create it",
     {}},
};
constexpr ResponseCause selector_labels[] = {
    {"the labels of the pod template lack what the selector asks for", {}},
};
constexpr ResponseCause unknown_field[] = {
    {"the manifest has a field that this kind does not have: a typo, or written for another "
     "release",
     {}},
};
constexpr ResponseCause safe_upgrades[] = {
    {"the cluster has a newer Gateway API, whose policy refuses the older CRDs of AIBrix's "
     "dependency manifest: keep the newer ones and leave these out",
     {}},
};
constexpr ResponseCause policy_denied[] = {
    {"a ValidatingAdmissionPolicy of this cluster refuses the object; its message says what it "
     "wants",
     {}},
};
constexpr ResponseCause webhook_denied[] = {
    {"the webhook refuses the object; its message says what it wants", {}},
};
constexpr ResponseCause over_quota[] = {
    {"a ResourceQuota of the namespace is used up", {}, false, true},
};
constexpr ResponseCause pod_security[] = {
    {"the namespace's Pod Security level does not permit the pod", {}, false, true},
};
constexpr ResponseCause helm_owns[] = {
    {"Helm owns the field: change it with Helm, or take it over with --force-conflicts", {}},
};
constexpr ResponseCause other_owns[] = {
    {"the field manager named in the text owns the field: change it there, or take it over with "
     "--force-conflicts",
     {}},
};
constexpr ResponseCause waited[] = {
    {"not told: look at what was waited for (kubectl describe, aibrixctl doctor)", {}},
};
constexpr ResponseCause server_unreachable[] = {
    {"kubectl does not reach the API server: the kubeconfig's context or address, or the cluster is "
     "down",
     {}},
};
constexpr ResponseCause forward_ended[] = {
    {"the pod ended or was replaced, or the connection broke: start the port-forward again", {}},
};
constexpr ResponseCause forward_port[] = {
    {"the pod listens on another port, or its container is not ready", {}},
};
constexpr ResponseCause forward_taken[] = {
    {"another program, or an earlier port-forward, uses the local port", {}},
};
constexpr ResponseCause no_context[] = {
    {"the kubeconfig has no such context: kubectl config get-contexts", {}},
};
constexpr ResponseCause release_owned[] = {
    {"the object was made without Helm, or by another release: remove it, or adopt it with Helm's "
     "labels and annotations",
     {}},
};
constexpr ResponseCause release_name[] = {
    {"a release of this name exists: helm upgrade --install, or helm uninstall first", {}},
};
constexpr ResponseCause release_busy[] = {
    {"an earlier helm run was interrupted: helm rollback, or helm uninstall", {}},
};
constexpr ResponseCause helm_values[] = {
    {"the chart does not take the values that were given; the text says which", {}},
};
constexpr ResponseCause no_kustomization[] = {
    {"the folder (or the URL's path and ref) holds no kustomization.yaml", {}},
};
constexpr ResponseCause not_allowed[] = {
    {"your user, or the service account named, lacks this right: aibrixctl rbac print shows the "
     "smallest role that has it",
     INS008},
};
constexpr ResponseCause not_there[] = {{"the object does not exist, or in another namespace", {}}};
constexpr ResponseCause login[] = {{"the login is missing, wrong or has expired", {}}};
constexpr ResponseCause moved_on[] = {
    {"somebody changed the object in between: read it again", {}}};
constexpr ResponseCause invalid[] = {
    {"the text names the field, its value and what is wrong with it", {}},
};
constexpr ResponseCause busy[] = {{"the API server limits this user's requests: try again", {}}};

// By the name of its webhook or Service.
bool is_aibrix_webhook(const ResponseText& a) {
  const std::string text = base::lower(a.message);
  for (const std::string_view own :
       {"aibrix", "modeladapter", "mkvcache", "vkvcache", "podautoscaler", "stormservice",
        "mdeployment", "vdeployment", "modelclaim"}) {
    if (text.find(own) != std::string::npos) return true;
  }
  return false;
}

using namespace sources;

constexpr ResponsePattern api_rows[] = {
    {.id = "webhook-failed",
     .source = K,
     .statuses = {500},
     .message = "*failed calling webhook \"{webhook}\"*",
     .when = is_aibrix_webhook,
     .meaning = "The API server must ask a webhook before it takes this change, and cannot.",
     .causes = webhook_down},
    {.id = "service-without-endpoints",
     .source = K,
     .statuses = {503},
     .message = "*no endpoints available for service \"{service}\"*",
     .meaning = "The API server was to pass the request on to a Service that has no ready pod.",
     .causes = no_endpoints},
    {.id = "service-unreachable",
     .source = K,
     .statuses = {503, 502, 500},
     .message = "*error trying to reach service: {detail}",
     .meaning = "The API server was to pass the request on to a Service and could not connect.",
     .causes = proxy_failed},
    {.id = "namespace-terminating",
     .source = K,
     .statuses = {403},
     .message = "*unable to create new content in namespace {ns} because it is being terminated*",
     .meaning = "Nothing can be created in a namespace that is being deleted.",
     .causes = terminating},
    {.id = "webhook-certificate",
     .source = K,
     .statuses = {500},
     .message = "*failed calling webhook \"{webhook}\"*x509:*",
     .when = is_aibrix_webhook,
     .meaning = "The API server must ask a webhook before it takes this change, and does not trust "
                "its certificate.",
     .causes = webhook_certificate},
    {.id = "webhook-service-missing",
     .source = K,
     .statuses = {500},
     .message = "*failed calling webhook \"{webhook}\"*service \"{service}\" not found*",
     .when = is_aibrix_webhook,
     .meaning =
         "The API server must ask a webhook before it takes this change, and its Service does "
         "not exist.",
     .causes = webhook_leftover},
    {.id = "webhook-timeout",
     .source = K,
     .statuses = {500},
     .message = "*failed calling webhook \"{webhook}\"*deadline exceeded*",
     .when = is_aibrix_webhook,
     .meaning =
         "The API server must ask a webhook before it takes this change, and got no answer in "
         "time.",
     .causes = webhook_late},
    {.id = "webhook-failed-elsewhere",
     .source = K,
     .statuses = {500},
     .message = "*failed calling webhook \"{webhook}\"*",
     .meaning = "The API server must ask a webhook before it takes this change, and cannot.",
     .causes = webhook_elsewhere},
    {.id = "webhook-denied",
     .source = K,
     .message = "*admission webhook \"{webhook}\" denied the request*",
     .meaning = "A webhook refused the object.",
     .causes = webhook_denied},
    {.id = "safe-upgrades",
     .source = K,
     .message = "*ValidatingAdmissionPolicy 'safe-upgrades.gateway.networking.k8s.io'*",
     .meaning = "Gateway API's own policy against older CRDs refused the change.",
     .causes = safe_upgrades},
    {.id = "policy-denied",
     .source = K,
     .message = "*ValidatingAdmissionPolicy '{policy}' with binding*",
     .meaning = "A policy refused the object.",
     .causes = policy_denied},
    {.id = "quota-exceeded",
     .source = K,
     .message = "*exceeded quota: {quota}*",
     .meaning = "The namespace may not use more.",
     .causes = over_quota},
    {.id = "pod-security",
     .source = K,
     .message = "*violates PodSecurity \"{level}\"*",
     .meaning = "The pod is not permitted in this namespace.",
     .causes = pod_security},
    {.id = "annotations-too-long",
     .source = K,
     .message = "*metadata.annotations: Too long*262144*",
     .meaning = "The object is too large for a client-side kubectl apply.",
     .causes = annotation_too_long},
    {.id = "host-name-too-long",
     .source = K,
     .message = "*spec.hostname: Invalid value: {value}: must be no more than 63*",
     .meaning = "A pod cannot be made, because its name is too long for a host name.",
     .causes = name_too_long},
    {.id = "labels-not-text",
     .source = K,
     .message =
         "*cannot unmarshal {what} into Go struct field ObjectMeta.metadata.{field} of type*",
     .meaning = "The API server does not take the object as written.",
     .causes = labels_not_text},
    {.id = "value-not-text",
     .source = K,
     .message = "*cannot unmarshal {what} into Go struct field {field} of type string*",
     .meaning = "The API server does not take the object as written.",
     .causes = env_not_text},
    {.id = "field-immutable",
     .source = K,
     .message = "*field is immutable*",
     .meaning = "The change is to a field that cannot change.",
     .causes = cannot_change},
    {.id = "selector-labels",
     .source = K,
     .message = "*`selector` does not match template `labels`*",
     .meaning = "The API server does not take the object as written.",
     .causes = selector_labels},
    {.id = "field-unknown",
     .source = K,
     .message = "*unknown field \"{field}\"*",
     .meaning = "The manifest does not fit the kind.",
     .causes = unknown_field},
    {.id = "apply-conflict-helm",
     .source = T,
     .message = "*conflict* with \"helm\"*",
     .meaning = "A server-side apply would change a field that Helm owns.",
     .causes = helm_owns},
    {.id = "apply-conflict",
     .source = T,
     .message = "*Apply failed with {count} conflict*",
     .meaning = "A server-side apply would change fields that somebody else owns.",
     .causes = other_owns},
    {.id = "wait-timeout-on",
     .source = T,
     .message = "*timed out waiting for the condition on {object}",
     .meaning = "kubectl wait ran out of time; it does not say why.",
     .causes = waited},
    {.id = "wait-timeout",
     .source = T,
     .message = "*timed out waiting for the condition*",
     .meaning =
         "A wait of kubectl, or of helm --wait, ran out of time; it does not say for what or "
         "why.",
     .causes = waited},
    {.id = "rollout-deadline",
     .source = T,
     .message = "*exceeded its progress deadline*",
     .meaning = "A rollout did not finish in time; it does not say why.",
     .causes = waited},
    {.id = "helm-deadline",
     .source = H,
     .message = "*FAILED: context deadline exceeded*",
     .meaning = "helm --wait ran out of time; it does not say for what or why.",
     .causes = waited},
    {.id = "helm-ownership",
     .source = H,
     .message = "*invalid ownership metadata*",
     .meaning = "Helm does not touch what is not its own.",
     .causes = release_owned},
    {.id = "helm-name-in-use",
     .source = H,
     .message = "*cannot re-use a name that is still in use*",
     .meaning = "helm install found a release of this name.",
     .causes = release_name},
    {.id = "helm-busy",
     .source = H,
     .message = "*another operation (install/upgrade/rollback) is in progress*",
     .meaning = "Helm holds the release for another run.",
     .causes = release_busy},
    {.id = "helm-values",
     .source = H,
     .message = "*values don't meet the specifications of the schema*",
     .meaning = "The chart refused the values.",
     .causes = helm_values},
    {.id = "kustomization-missing",
     .source = T,
     .message = "*unable to find one of 'kustomization.yaml'*",
     .meaning = "kustomize found nothing to build.",
     .causes = no_kustomization},
    {.id = "api-server-refused",
     .source = T,
     .message = "*the connection to the server {server} was refused*",
     .meaning = "kubectl got no connection to the API server. This is not about AIBrix's gateway.",
     .causes = server_unreachable},
    {.id = "api-server-unreachable",
     .source = T,
     .message = "*unable to connect to the server: {reason}",
     .meaning = "kubectl got no connection to the API server. This is not about AIBrix's gateway.",
     .causes = server_unreachable},
    {.id = "api-server-list",
     .source = T,
     .log = "*couldn't get current server API group list*",
     .meaning = "kubectl got no connection to the API server. This is not about AIBrix's gateway.",
     .causes = server_unreachable},
    {.id = "port-forward-lost",
     .source = T,
     .message = "*lost connection to pod*",
     .meaning = "A kubectl port-forward has ended.",
     .causes = forward_ended},
    {.id = "port-forward-refused",
     .source = T,
     .log = "*error forwarding port {port} to pod*refused*",
     .meaning = "kubectl port-forward reached the pod, and nothing listens there on that port.",
     .causes = forward_port},
    {.id = "port-forward-taken",
     .source = T,
     .message = "*unable to listen on port {port}*",
     .meaning = "kubectl port-forward cannot open the local port.",
     .causes = forward_taken},
    {.id = "context-missing",
     .source = T,
     .message = "*context \"{context}\" does not exist*",
     .meaning = "kubectl does not know which cluster is meant.",
     .causes = no_context},
    {.id = "context-was-missing",
     .source = T,
     .message = "*context was not found for specified context: {context}",
     .meaning = "kubectl does not know which cluster is meant.",
     .causes = no_context},
    {.id = "resource-type-missing",
     .source = T,
     .message = "*the server doesn't have a resource type \"{type}\"*",
     .meaning = "The cluster does not serve this kind.",
     .causes = no_path},
    {.id = "kind-missing-aibrix",
     .source = K,
     .message = "*no matches for kind \"{kind}\" in version \"{group}.aibrix.ai/{version}\"*",
     .meaning = "The cluster does not serve this kind of AIBrix's.",
     .causes = no_aibrix_kind},
    {.id = "kind-missing-gateway",
     .source = K,
     .message =
         "*no matches for kind \"{kind}\" in version \"gateway.networking.k8s.io/{version}\"*",
     .meaning = "The cluster does not serve this kind of Gateway API.",
     .causes = no_gateway_kind},
    {.id = "kind-missing-envoy",
     .source = K,
     .message = "*no matches for kind \"{kind}\" in version \"gateway.envoyproxy.io/{version}\"*",
     .meaning = "The cluster does not serve this kind of Envoy Gateway.",
     .causes = no_envoy_kind},
    {.id = "kind-missing-ray",
     .source = K,
     .message = "*no matches for kind \"{kind}\" in version \"ray.io/{version}\"*",
     .meaning = "The cluster does not serve this kind of KubeRay.",
     .causes = no_ray_kind},
    {.id = "kind-missing",
     .source = K,
     .message = "*no matches for kind \"{kind}\" in version \"{version}\"*",
     .meaning = "The cluster does not serve this kind.",
     .causes = no_kind},
    {.id = "kind-missing-path",
     .source = K,
     .statuses = {404},
     .message = "the server could not find the requested resource*",
     .meaning = "The cluster does not serve this kind, or the path is wrong.",
     .causes = no_path},
    {.id = "not-allowed",
     .source = K,
     .statuses = {403},
     .message = "*cannot {verb} resource \"{resource}\"*",
     .meaning = "RBAC does not allow it.",
     .causes = not_allowed},
    {.id = "not-logged-in",
     .source = K,
     .statuses = {401},
     .message = "*Unauthorized",
     .meaning = "The API server does not know who is asking.",
     .causes = login},
    {.id = "must-log-in",
     .source = K,
     .statuses = {401},
     .message = "*You must be logged in to the server*",
     .meaning = "The API server does not know who is asking.",
     .causes = login},
    {.id = "object-missing",
     .source = K,
     .statuses = {404},
     .message = "*{resource} \"{name}\" not found",
     .meaning = "The object does not exist.",
     .causes = not_there},
    {.id = "object-changed",
     .source = K,
     .statuses = {409},
     .message = "*the object has been modified*",
     .meaning = "The object is not what it was when it was read.",
     .causes = moved_on},
    {.id = "object-invalid",
     .source = K,
     .statuses = {422},
     .message = "*{resource} \"{name}\" is invalid*",
     .meaning = "The API server does not take the object as written.",
     .causes = invalid},
    {.id = "server-busy",
     .source = K,
     .statuses = {429},
     .message = "*Too many requests*",
     .meaning = "The API server limits requests.",
     .causes = busy},
};

}  // namespace

std::span<const ResponsePattern> api_responses() {
  return api_rows;
}

}  // namespace aibrix
