// Names AIBrix and Envoy Gateway fix in their code or manifests. Sources: AIBrix pkg/constants,
// pkg/controller/*, config/*; Envoy Gateway internal/gatewayapi, internal/provider.
#pragma once
#include <string_view>

namespace aibrix::names {

// The controller and the gateway plugin hard-code both (modelrouter_controller.go).
inline constexpr std::string_view system_namespace = "aibrix-system";
inline constexpr std::string_view gateway = "aibrix-eg";
inline constexpr std::string_view envoy_gateway_namespace = "envoy-gateway-system";

inline constexpr std::string_view controller_manager = "aibrix-controller-manager";
inline constexpr std::string_view gateway_plugins = "aibrix-gateway-plugins";
inline constexpr std::string_view metadata_service = "aibrix-metadata-service";
inline constexpr std::string_view redis = "aibrix-redis-master";
inline constexpr std::string_view gpu_optimizer = "aibrix-gpu-optimizer";
inline constexpr std::string_view envoy_gateway = "envoy-gateway";
inline constexpr std::string_view controller_lease = "aibrix-controller-manager";
inline constexpr std::string_view envoy_gateway_config = "envoy-gateway-config";

inline constexpr std::string_view webhook_service = "aibrix-webhook-service";
inline constexpr std::string_view webhook_secret = "aibrix-webhook-server-cert";
inline constexpr std::string_view mutating_webhooks = "aibrix-mutating-webhook-configuration";
inline constexpr std::string_view validating_webhooks = "aibrix-validating-webhook-configuration";

inline constexpr std::string_view reserved_route = "aibrix-reserved-router";
inline constexpr std::string_view metadata_route = "aibrix-reserved-router-metadata-endpoint";
inline constexpr std::string_view models_route =
    "aibrix-reserved-router-models-endpoint";  // v0.3–v0.4
inline constexpr std::string_view extension_policy = "aibrix-gateway-plugins-extension-policy";
inline constexpr std::string_view skip_extension_policy = "aibrix-skip-ext-proc";
inline constexpr std::string_view patch_policy = "aibrix-epp";
inline constexpr std::string_view grant_prefix = "aibrix-system-reserved-referencegrant-in-";

// Labels and annotations (pkg/constants/model.go).
inline constexpr std::string_view model_name = "model.aibrix.ai/name";
inline constexpr std::string_view model_port = "model.aibrix.ai/port";
inline constexpr std::string_view model_engine = "model.aibrix.ai/engine";
inline constexpr std::string_view model_config = "model.aibrix.ai/config";
inline constexpr std::string_view model_service_name = "model.aibrix.ai/service-name";
inline constexpr std::string_view adapter_enabled = "adapter.model.aibrix.ai/enabled";
inline constexpr std::string_view model_pool_enabled = "pool.aibrix.ai/enabled";
inline constexpr std::string_view ray_node_type = "ray.io/node-type";
inline constexpr std::string_view pod_group_index =
    "stormservice.orchestration.aibrix.ai/pod-group-index";
inline constexpr std::string_view roleset_name = "roleset-name";
inline constexpr std::string_view role_name = "role-name";
inline constexpr std::string_view storm_service_name = "storm-service-name";

// Finalizers (aibrix: pkg/controller/*; others: KubeRay, Envoy Gateway).
inline constexpr std::string_view adapter_finalizer = "adapter.model.aibrix.ai/finalizer";
inline constexpr std::string_view legacy_adapter_finalizer = "modeladapter.aibrix.ai/finalizer";
inline constexpr std::string_view claim_finalizer = "model.aibrix.ai/modelclaim-finalizer";
inline constexpr std::string_view storm_service_finalizer =
    "orchestration.aibrix.ai/stormservice-finalizer";
inline constexpr std::string_view role_set_finalizer = "orchestration.aibrix.ai/roleset-finalizer";
inline constexpr std::string_view pod_set_finalizer = "orchestration.aibrix.ai/podset-finalizer";
inline constexpr std::string_view gateway_class_finalizer =
    "gateway-exists-finalizer.gateway.networking.k8s.io";

inline constexpr std::string_view envoy_gateway_controller =
    "gateway.envoyproxy.io/gatewayclass-controller";

// Labels Envoy Gateway puts on what it creates (internal/infrastructure/kubernetes).
inline constexpr std::string_view owning_gateway_ns =
    "gateway.envoyproxy.io/owning-gateway-namespace";
inline constexpr std::string_view owning_gateway_name = "gateway.envoyproxy.io/owning-gateway-name";
inline constexpr std::string_view owning_gatewayclass = "gateway.envoyproxy.io/owning-gatewayclass";
inline constexpr std::string_view gateway_name_label = "gateway.networking.k8s.io/gateway-name";
inline constexpr std::string_view service_name_label = "kubernetes.io/service-name";

}  // namespace aibrix::names
