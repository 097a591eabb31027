// The options of fix finalizers.
#pragma once
#include <string_view>

#include "fix/options.hpp"

namespace fix {

namespace option {

using Type = OptionType;

// Not given: 5 m, none where the owner cannot act.
inline constexpr Option<Type::duration> min_age{
    {.name = "--min-age",
     .key = "minAgeMs",
     .help =
         "Limit to objects deleting for at least this long (default: 5m; none where the controller "
         "cannot act)",
     .value = "DURATION"}};
inline constexpr std::string_view included[] = {"ray", "gatewayclass"};
inline constexpr Option<Type::list> include{
    {.name = "--include",
     .key = "include",
     .help = "Include finalizers of ray (KubeRay) or gatewayclass (Envoy Gateway)",
     .value = "KIND",
     .words = included}};
inline constexpr Option<Type::flag> include_healthy{
    {.name = "--include-healthy",
     .key = "includeHealthy",
     .help = "Include objects that a running controller has had for less than 5m"}};
inline constexpr Option<Type::flag> restart_controller{
    {.name = "--restart-controller",
     .key = "restartController",
     .help = "Let aibrix-controller-manager remove the finalizers: scale it up or restart it "
             "(default where it is down and can come back)"}};
inline constexpr Option<Type::flag> force{
    {.name = "--force",
     .key = "force",
     .help = "Remove the finalizers even if the controller could do it (cannot be undone)",
     .excluded = {.option = &restart_controller,
                  .why = "either the controller removes the finalizers or this command does"}}};
inline constexpr Option<Type::flag> delete_routes{
    {.name = "--delete-routes",
     .key = "deleteRoutes",
     .help = "Delete also the HTTPRoutes that AIBrix created for the adapters"}};

inline constexpr const OptionSpec* of_finalizers[] = {
    &min_age, &include, &include_healthy, &restart_controller, &force, &delete_routes};

}  // namespace option

}  // namespace fix
