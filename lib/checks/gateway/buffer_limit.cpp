// GW016: Envoy and the gateway plugin take requests of the same size.
#include <algorithm>
#include <charconv>

#include "aibrix/names.hpp"
#include "aibrix/policy.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;
namespace resources = aibrix::resources;
using kube::Object;

constexpr kube::Need own_buffer_limit_needs[] = {need::client_traffic_policies};
constexpr auto gw016_needs = with_gateway(own_buffer_limit_needs);

// Both sides' own default: Envoy Gateway's per connection, AIBrix's cmd/plugins/main.go.
constexpr std::int64_t envoy_default = 32768;
constexpr std::int64_t plugin_default = 4194304;

bool targets_gateway(const Object& policy) {
  const auto is_ours = [&](const kube::Value& target) {
    return target["kind"].text() == "Gateway" && target["name"].text() == names::gateway;
  };
  const auto targets = policy.spec()["targetRefs"].items();
  return is_ours(policy.spec()["targetRef"]) ||
         std::any_of(targets.begin(), targets.end(), is_ours);
}

// Before, the limit is gRPC's own and fixed.
bool reads_variable(const Context& context) {
  return aibrix::facts::reads_message_size.holds(context.cluster.release()).value_or(true);
}

// AIBRIX_GRPC_MAX_MESSAGE_SIZE_BYTES of the plugin; nullopt when its Deployment was not read or
// takes the value from elsewhere.
std::optional<std::int64_t> plugin_limit(const Context& context) {
  const Object* plugin =
      context.cluster.component(aibrix::ComponentRole::gateway_plugins).deployment;
  if (plugin == nullptr) return std::nullopt;
  if (!reads_variable(context)) return plugin_default;
  bool other_source = false;
  for (const kube::Value& c : plugin->at("spec", "template", "spec", "containers").items()) {
    other_source = other_source || !c["envFrom"].empty();
    for (const kube::Value& env : c["env"].items()) {
      if (env["name"].text() != "AIBRIX_GRPC_MAX_MESSAGE_SIZE_BYTES") continue;
      const std::string_view text = env["value"].text();
      std::int64_t bytes = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
      return error == std::errc() && bytes > 0 ? std::optional(bytes) : std::nullopt;
    }
  }
  return other_source ? std::nullopt : std::optional(plugin_default);
}

Command set_limit(const Object& policy, std::int64_t bytes) {
  return merge_patch(policy.ns(), "clienttrafficpolicy", policy.name(),
                     R"({"spec":{"connection":{"bufferLimit":)" + std::to_string(bytes) + "}}}");
}

void compare(const Context& context, Reporter& reporter, const Object& policy, std::int64_t limit) {
  const auto plugin = plugin_limit(context);
  if (!plugin) {
    reporter.undetermined("the message size limit of the gateway plugin was not read");
    return;
  }
  reporter.measured(std::to_string(limit) + " bytes on both sides");
  if (limit == *plugin) return;
  const bool envoy_more = limit > *plugin;
  Finding& f = report(reporter, envoy_more ? Level::warning : Level::info, policy,
                      envoy_more ? "Envoy accepts larger requests than the gateway plugin"
                                 : "the gateway plugin accepts larger requests than Envoy");
  f.with_consequence(envoy_more
                         ? "Requests with a size between the two limits fail in the plugin."
                         : "Requests of more than " + std::to_string(limit) + " bytes get 413.");
  f.at_field("spec.connection.bufferLimit");
  f.with_evidence("bufferLimit", std::to_string(limit), std::to_string(*plugin));
  f.with_evidence(reads_variable(context) ? "AIBRIX_GRPC_MAX_MESSAGE_SIZE_BYTES"
                                          : "gRPC message limit of the plugin",
                  std::to_string(*plugin), std::to_string(limit));
  f.remedy(Confidence::review, "set both to the same number of bytes", set_limit(policy, *plugin));
}

void check_status(const Context& context, Reporter& reporter, const Object& policy) {
  const kube::Condition accepted =
      kube::find_condition(aibrix::ancestor_conditions(policy), "Accepted");
  if (!accepted.is_false() || settling(context, accepted) || aibrix::stale(policy, accepted))
    return;
  Finding& f =
      reporter.warning(policy, "ClientTrafficPolicy " + policy.full_name() + " is not accepted (" +
                                   std::string(accepted.reason()) + ")");
  f.with_consequence("Envoy rejects request bodies of more than " +
                     std::to_string(envoy_default / 1024) + " KiB with 413.");
  show_condition(f, accepted);
  because_of(f, gateway_cause(context));
  f.remedy(Confidence::manual, "fix what the condition's message names",
           kubectl(policy.ns(), "edit").on("clienttrafficpolicy", policy.name()));
}

void run_buffer_limit(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  const Object* limiting = nullptr;
  for (const Object& policy : context.snapshot.list(resources::client_traffic_policies)) {
    if (policy.deleting() || !targets_gateway(policy)) continue;
    check_status(context, reporter, policy);
    if (policy.spec()["connection"]["bufferLimit"].exists()) limiting = &policy;
  }
  if (limiting != nullptr) {
    const auto limit = aibrix::quantity(limiting->spec()["connection"]["bufferLimit"]);
    if (limit) return compare(context, reporter, *limiting, *limit);
    reporter.undetermined("bufferLimit of " + limiting->full_name() + " is not a quantity");
  } else if (context.cluster.gateway() &&
             context.snapshot.complete(resources::client_traffic_policies,
                                       names::system_namespace)) {
    Finding& f = reporter.warning(*context.cluster.gateway(),
                                  "no ClientTrafficPolicy sets Envoy's buffer limit");
    f.with_consequence("Request bodies of more than " + std::to_string(envoy_default / 1024) +
                       " KiB get 413.");
    reapply_remedy(f, context, "core");
  } else {
    reporter.undetermined("ClientTrafficPolicies of namespace aibrix-system were not read");
  }
}

}  // namespace

constinit const Check registry::GW016{
    codes::GW016,
    Area::gateway,
    "Envoy and the gateway plugin accept different request sizes",
    gw016_needs,
    run_buffer_limit,
    {"Two limits determine how large a request may be: bufferLimit of the ClientTrafficPolicy "
     "(Envoy buffers the whole body for the plugin) and AIBRIX_GRPC_MAX_MESSAGE_SIZE_BYTES of the "
     "gateway plugin (v0.7 and later; before, its limit is fixed at 4 MiB). They differ, or the policy is not accepted and Envoy's default of 32 KiB "
     "applies.",
     "Only one of them was raised for long prompts or images. v0.2.0 set 1 MiB, later releases set "
     "4 MiB.",
     "Set both to the same number of bytes.", "v0.2.0 and later"}};

}  // namespace checks
