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
     .help = "only what has been deleting for so long (default 5m; at once where its controller "
             "cannot act)",
     .value = "DURATION"}};
inline constexpr std::string_view included[] = {"ray", "gatewayclass"};
inline constexpr Option<Type::list> include{
    {.name = "--include",
     .key = "include",
     .help = "also the finalizers of ray (KubeRay), gatewayclass (Envoy Gateway)",
     .value = "KIND",
     .words = included}};
inline constexpr Option<Type::flag> include_healthy{
    {.name = "--include-healthy",
     .key = "includeHealthy",
     .help = "also what a running controller has had for less than 5m"}};
inline constexpr Option<Type::flag> restart_controller{
    {.name = "--restart-controller",
     .key = "restartController",
     .help = "restart aibrix-controller-manager, or scale it up, and let it remove the finalizers "
             "(the default where it is down and this can bring it back)"}};
inline constexpr Option<Type::flag> force{
    {.name = "--force",
     .key = "force",
     .help = "remove the finalizers although the controller could do it (cannot be undone)",
     .excluded = {.option = &restart_controller,
                  .why = "either the controller removes the finalizers or this command does"}}};
inline constexpr Option<Type::flag> delete_routes{
    {.name = "--delete-routes",
     .key = "deleteRoutes",
     .help = "also delete the HTTPRoutes AIBrix made for the adapters, where they provably are "
             "theirs"}};

inline constexpr const OptionSpec* of_finalizers[] = {
    &min_age, &include, &include_healthy, &restart_controller, &force, &delete_routes};

}  // namespace option

}  // namespace fix
