// TMO001: every way to a model ends a request after the same time. Three places decide: the
// HTTPRoute of the model (requests without a routing strategy), the route that the EnvoyPatchPolicy
// adds (requests with one), and the variable from which the controller writes new HTTPRoutes
// (pkg/controller/modelrouter: an existing route is never written again).
//
// What Envoy gets of them (internal/gatewayapi/route.go and internal/xds/translator/route.go of
// Envoy Gateway v1.2.8 and v1.9.1): of a HTTPRoute backendRequest, else request, and an idle
// timeout of at least an hour; the patch as it stands, so that without idle_timeout the connection
// manager's stream_idle_timeout holds, 5 minutes.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <vector>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/names.hpp"
#include "aibrix/policy.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/routes.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto time_limit_needs =
    routes_and(need::optional(need::envoy_patch_policies),
               need::optional(need::client_traffic_policies), need::optional(need::envoy_proxies),
               need::optional(need::services), need::optional(need::endpointslices));

constexpr std::string_view timeout_variable = "AIBRIX_GATEWAY_TIMEOUT_SECONDS";
// What AIBrix writes everywhere unless told otherwise.
constexpr milliseconds aibrix_default = seconds(120);
// Envoy's own, of a route without one.
constexpr milliseconds envoy_default = seconds(15);
constexpr milliseconds envoy_stream_idle = std::chrono::minutes(5);
constexpr milliseconds unlimited = milliseconds::max();

std::string text_of(milliseconds time) {
  if (time == unlimited) return "no limit";
  return std::to_string(std::chrono::duration_cast<seconds>(time).count()) + 's';
}

// "120s", "2m", "1h30m"; zero switches the limit off.
std::optional<milliseconds> limit_of(std::string_view text) {
  const auto time = base::parse_duration(text);
  if (!time) return std::nullopt;
  return time->count() == 0 ? unlimited : *time;
}

struct RouteLimit {
  const Object* route = nullptr;
  std::string model;
  std::string pointer;  // of the field, as a JSON Patch names it
  std::string path;     // as people read it
  milliseconds time{};
};

struct StrategyLimit {
  const Object* policy = nullptr;
  std::string path;     // "spec.jsonPatches[0]"
  std::string pointer;  // "/spec/jsonPatches/0/operation/value/route"
  bool told = false;    // it has a timeout
  milliseconds time{};
  bool idle_told = false;
};

struct Limits {
  std::optional<milliseconds> variable;  // only when it is set
  std::string variable_path;
  std::vector<RouteLimit> routes;
  std::optional<StrategyLimit> strategy;
};

void read_variable(const Context& context, Limits& out, Reporter& reporter) {
  const Object* manager =
      context.cluster.component(aibrix::ComponentRole::controller_manager).deployment;
  if (manager == nullptr ||
      !aibrix::facts::timeout_variable.holds(context.cluster.release()).value_or(true)) {
    return;
  }
  const auto containers = manager->at("spec", "template", "spec", "containers").items();
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const auto env = aibrix::env_value(containers[i], timeout_variable);
    if (!env.given) continue;
    std::int64_t number = 0;
    const char* end = env.value.data() + env.value.size();
    const auto [stop, error] = std::from_chars(env.value.data(), end, number);
    if (!env.certain || error != std::errc() || stop != end) {
      reporter.undetermined("the value of " + std::string(timeout_variable) + " is unknown");
      return;
    }
    out.variable = number == 0 ? unlimited : milliseconds(seconds(number));
    out.variable_path = "spec.template.spec.containers[" + std::to_string(i) + "].env[" +
                        std::string(timeout_variable) + "]";
  }
}

void read_routes(const Context& context, Limits& out) {
  for (const aibrix::Route& route : routes_to_judge(context)) {
    if (route.model().empty() || !route.attached()) continue;
    const auto rules = route.object().spec()["rules"].items();
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const Value timeouts = rules[i]["timeouts"];
      const char* field = timeouts["backendRequest"].exists() ? "backendRequest" : "request";
      // Without any, a BackendTrafficPolicy may give one.
      const auto time = limit_of(timeouts[field].text());
      if (!time) continue;
      const std::string index = std::to_string(i);
      out.routes.push_back({&route.object(), route.model(),
                            "/spec/rules/" + index + "/timeouts/" + field,
                            "spec.rules[" + index + "].timeouts." + field, *time});
    }
  }
}

bool stream_idle_set(const Context& context) {
  for (const Object& policy : context.snapshot.list(aibrix::resources::client_traffic_policies)) {
    if (policy.spec().at("timeout", "http", "streamIdleTimeout").exists()) return true;
  }
  return !context.snapshot.readable(aibrix::resources::client_traffic_policies);
}

void read_strategy(const Context& context, Limits& out, Reporter& reporter) {
  const aibrix::StrategyPatch patch = aibrix::strategy_patch(context.cluster);
  if (patch.policy.unknown()) return reporter.undetermined("EnvoyPatchPolicies were not read");
  if (!patch.has_route || patch.policy->deleting()) return;
  const std::string index = patch.route_path.substr(
      patch.route_path.find('[') + 1, patch.route_path.find(']') - patch.route_path.find('[') - 1);
  const auto at = static_cast<std::size_t>(std::stoul(index));
  const Value route = patch.policy->spec()["jsonPatches"][at].at("operation", "value", "route");
  StrategyLimit limit;
  limit.policy = patch.policy.object;
  limit.path = patch.route_path + ".operation.value.route.timeout";
  limit.pointer = "/spec/jsonPatches/" + index + "/operation/value/route";
  limit.told = route["timeout"].exists();
  const auto time = limit.told ? limit_of(route["timeout"].text()) : envoy_default;
  if (!time) return reporter.undetermined("the timeout of the strategy route is not readable");
  limit.time = *time;
  limit.idle_told = route["idle_timeout"].exists() || stream_idle_set(context);
  out.strategy = limit;
}

// What falls short of the time that one place was given.
struct Short {
  milliseconds wanted{};
  std::string wanted_by;
  std::vector<RouteLimit> routes;
  bool strategy = false;
  bool variable = false;  // new routes would get less

  bool any() const { return strategy || !routes.empty(); }
};

Short shortfall(const Limits& limits) {
  Short out;
  milliseconds longest_route{};
  const Object* longest = nullptr;
  for (const RouteLimit& r : limits.routes) {
    if (r.time <= longest_route) continue;
    longest_route = r.time;
    longest = r.route;
  }
  const milliseconds variable = limits.variable.value_or(aibrix_default);
  const milliseconds strategy = limits.strategy ? limits.strategy->time : milliseconds{};
  out.wanted = std::max({variable, strategy, longest_route});
  if (out.wanted <= aibrix_default) return out;  // nobody has raised anything
  const bool by_variable = limits.variable && variable == out.wanted;
  const bool by_strategy = limits.strategy && strategy == out.wanted;
  if (by_variable) {
    out.wanted_by = std::string(timeout_variable);
  } else if (by_strategy) {
    out.wanted_by = "EnvoyPatchPolicy " + limits.strategy->policy->full_name();
  } else if (longest != nullptr) {
    out.wanted_by = "HTTPRoute " + longest->full_name();
  }
  out.strategy = limits.strategy && strategy < out.wanted;
  out.variable = by_strategy && variable < out.wanted;
  // A route that was given more than the others is its owner's choice, and says nothing of them.
  for (const RouteLimit& r : limits.routes) {
    if ((by_variable || by_strategy) && r.time < out.wanted) out.routes.push_back(r);
  }
  return out;
}

std::string who(const Limits& limits, const Short& s) {
  std::vector<std::string> parts;
  if (s.routes.size() == 1) parts.push_back("HTTPRoute " + s.routes[0].route->full_name());
  if (s.routes.size() > 1) {
    parts.push_back((s.routes.size() == limits.routes.size() ? "all " : "") +
                    base::plural(s.routes.size(), "HTTPRoute") + " of models");
  }
  if (s.strategy) parts.emplace_back("the strategy route");
  return base::join_and(parts);
}

std::string times(const Limits& limits, const Short& s) {
  milliseconds least = unlimited;
  milliseconds most{};
  const auto take = [&](milliseconds time) {
    least = std::min(least, time);
    most = std::max(most, time);
  };
  for (const RouteLimit& r : s.routes) take(r.time);
  if (s.strategy) take(limits.strategy->time);
  return least == most ? text_of(least) : text_of(least) + " to " + text_of(most);
}

Command patch_route(const RouteLimit& r, const std::string& value) {
  return kubectl(r.route->ns(), "patch")
      .on(*r.route)
      .with("--type=json", "-p",
            R"([{"op":"replace","path":")" + r.pointer + R"(","value":")" + value + R"("}])");
}

void advise_routes(const Short& s, const std::string& value, Finding& f) {
  if (s.routes.empty()) return;
  constexpr std::size_t most = 5;
  Command command = patch_route(s.routes[0], value);
  for (std::size_t i = 1; i < std::min(s.routes.size(), most); ++i)
    command.and_then(patch_route(s.routes[i], value));
  f.remedy(
      Confidence::review,
      s.routes.size() > most
          ? "raise it in these HTTPRoutes, and likewise in the others; the controller does not "
            "write to routes that exist"
          : "raise it in the HTTPRoutes; the controller does not write to routes that exist",
      std::move(command));
}

void advise_strategy(const StrategyLimit& strategy, const std::string& value, Finding& f) {
  std::string patch =
      R"([{"op":"add","path":")" + strategy.pointer + R"(/timeout","value":")" + value + R"("})";
  if (!strategy.idle_told) {
    patch += R"(,{"op":"add","path":")" + strategy.pointer + R"(/idle_timeout","value":")" + value +
             R"("})";
  }
  f.remedy(Confidence::review,
           strategy.idle_told ? "raise it in the strategy route"
                              : "raise it in the strategy route, its idle timeout included",
           kubectl(strategy.policy->ns(), "patch")
               .on(*strategy.policy)
               .with("--type=json", "-p", patch + "]"));
}

void show_limits(const Limits& limits, const Short& s, Finding& f) {
  if (limits.variable) f.with_evidence(std::string(timeout_variable), text_of(*limits.variable));
  if (!limits.variable && s.variable) {
    f.with_evidence(std::string(timeout_variable), "not set: 120s",
                    text_of(s.wanted) + ", for new routes");
  }
  constexpr std::size_t most = 8;
  for (std::size_t i = 0; i < std::min(s.routes.size(), most); ++i) {
    f.with_evidence("HTTPRoute " + std::string(s.routes[i].route->name()),
                    text_of(s.routes[i].time), text_of(s.wanted));
  }
  if (s.routes.size() > most)
    f.with_evidence("other HTTPRoutes", std::to_string(s.routes.size() - most) + " more");
  if (!limits.strategy) return;
  f.with_evidence(
      "strategy route in EnvoyPatchPolicy " + std::string(limits.strategy->policy->name()),
      limits.strategy->told ? text_of(limits.strategy->time) : "not set: Envoy's default, 15s",
      s.strategy ? text_of(s.wanted) : "");
}

void report_short(const Limits& limits, const Short& s, Reporter& reporter) {
  const bool one = s.routes.size() + (s.strategy ? 1 : 0) == 1;
  const std::string title = who(limits, s) + (one ? " ends" : " end") + " requests after " +
                            times(limits, s) + ", although " + s.wanted_by + " allows " +
                            text_of(s.wanted);
  Finding& f = reporter.warning(
      s.strategy ? Subject(*limits.strategy->policy) : Subject(*s.routes[0].route), title);
  f.at_field(s.strategy ? limits.strategy->path : s.routes[0].path);
  if (s.strategy && s.routes.empty()) {
    f.with_consequence(
        "Longer requests with a routing strategy get 504 \"upstream request "
        "timeout\".");
  } else if (!s.strategy) {
    f.with_consequence(
        "Longer requests without a routing strategy get 504 \"upstream request "
        "timeout\".");
  } else {
    f.with_consequence("Longer requests get 504 \"upstream request timeout\".");
  }
  show_limits(limits, s, f);
  for (const RouteLimit& r : s.routes) f.with_related(*r.route);
  if (!s.strategy && s.routes.size() < limits.routes.size()) {
    for (const RouteLimit& r : s.routes) f.model(r.model);
  }
  // Zero is "no limit" in Envoy and in the Gateway API alike.
  const std::string value = s.wanted == unlimited ? "0s" : text_of(s.wanted);
  if (s.strategy) advise_strategy(*limits.strategy, value, f);
  advise_routes(s, value, f);
}

void report_idle(const Limits& limits, Reporter& reporter) {
  const StrategyLimit& strategy = *limits.strategy;
  Finding& f = reporter.info(*strategy.policy,
                             "the strategy route allows " + text_of(strategy.time) +
                                 ", but ends requests on which nothing moves for 5 minutes");
  f.with_consequence(
      "A request with a routing strategy whose answer is not streamed gets 504 "
      "\"stream timeout\" after 5 minutes.");
  f.at_field(strategy.path);
  f.with_evidence("timeout", text_of(strategy.time));
  f.with_evidence("idle_timeout", "not set: Envoy's stream_idle_timeout, 300s",
                  text_of(strategy.time));
  advise_strategy(strategy, strategy.time == unlimited ? "0s" : text_of(strategy.time), f);
}

void run_time_limits(const Context& context, Reporter& reporter) {
  if (!gateway_expected(context, reporter)) return;
  Limits limits;
  read_variable(context, limits, reporter);
  read_routes(context, limits);
  read_strategy(context, limits, reporter);
  const Short s = shortfall(limits);
  if (s.any()) return report_short(limits, s, reporter);
  if (limits.strategy && !limits.strategy->idle_told && limits.strategy->time > envoy_stream_idle)
    return report_idle(limits, reporter);
  if (!limits.routes.empty() || limits.strategy)
    reporter.measured("requests may take " + text_of(s.wanted));
}

}  // namespace

constinit const Check registry::TMO001{
    codes::TMO001,
    Area::gateway,
    "the time limits of the gateway differ",
    time_limit_needs,
    run_time_limits,
    {"How long a request may take is set in three places: the HTTPRoute of each model (requests "
     "without a routing strategy), the route in the EnvoyPatchPolicy (requests with one), and "
     "AIBRIX_GATEWAY_TIMEOUT_SECONDS of the controller-manager (HTTPRoutes made from now on). Each "
     "is 120 s by default. Where one was raised and another was not, Envoy still answers 504 "
     "\"upstream request timeout\" on the other's way.",
     "The variable was raised: the controller writes it into new HTTPRoutes only, and never into "
     "the EnvoyPatchPolicy. Or one route was edited by hand. A strategy route without idle_timeout "
     "also ends answers that are not streamed after 5 minutes without a byte.",
     "Set the same time in all of them; in the strategy route timeout and idle_timeout. Time limits "
     "of clients and of load balancers in front are not in the cluster.",
     "every release; the variable since v0.4"}};

}  // namespace checks
