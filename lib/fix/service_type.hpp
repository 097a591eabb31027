// The options of fix service-type.
#pragma once
#include <string_view>

#include "fix/options.hpp"

namespace fix {

namespace option {

using Type = OptionType;

inline constexpr std::string_view service_types[] = {"NodePort", "LoadBalancer", "ClusterIP"};
inline constexpr Option<Type::choice> to{
    {.name = "--to",
     .key = "to",
     .help = "Set the Service type: NodePort, LoadBalancer or ClusterIP",
     .value = "TYPE",
     .words = service_types,
     .required = true}};
inline constexpr std::string_view traffic_policies[] = {"Local", "Cluster"};
inline constexpr Option<Type::choice> external_traffic_policy{
    {.name = "--external-traffic-policy",
     .key = "externalTrafficPolicy",
     .help = "Set the external traffic policy: Local or Cluster",
     .value = "POLICY",
     .words = traffic_policies,
     .excluded = {&to, "ClusterIP", "a ClusterIP Service has none"}}};
inline constexpr Option<Type::port> node_port{
    {.name = "--node-port",
     .key = "nodePort",
     .help = "Use this node port",
     .value = "PORT",
     .excluded = {&to, "ClusterIP", "a ClusterIP Service has no node port"}}};
inline constexpr Option<Type::pairs> annotations{
    {.name = "--annotation",
     .key = "annotations",
     .help = "Add an annotation to the Service (KEY=VALUE; repeatable)",
     .value = "KEY=VALUE"}};
inline constexpr Option<Type::flag> expose{
    {.name = "--expose",
     .key = "expose",
     .help = "Expose the gateway even if it is unauthenticated"}};

inline constexpr const OptionSpec* of_service_type[] = {&to, &external_traffic_policy, &node_port,
                                                        &annotations, &expose};

}  // namespace option

}  // namespace fix
