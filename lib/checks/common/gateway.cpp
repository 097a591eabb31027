// When there is a gateway to judge, and the remedies for its Service and its manifests.
#include "checks/common/gateway.hpp"

#include <unordered_map>

#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;

// Several checks look at each route.
struct RouteViews {
  mutable std::unordered_map<const kube::Object*, aibrix::Route> views;
};

bool being_removed(const Context& context) {
  const kube::Lookup ns =
      context.snapshot.find(kube::resources::namespaces, "", names::system_namespace);
  return ns && ns->deleting();
}

}  // namespace

bool entry_expected(const Context& context, Reporter& reporter) {
  if (being_removed(context)) {
    reporter.not_applicable("namespace aibrix-system is being deleted");
    return false;
  }
  if (aibrix::gateway_mode(context.cluster) == aibrix::GatewayMode::none) {
    reporter.not_applicable("this install has no gateway");
    return false;
  }
  return true;
}

bool gateway_expected(const Context& context, Reporter& reporter) {
  if (!entry_expected(context, reporter)) return false;
  if (aibrix::gateway_mode(context.cluster) == aibrix::GatewayMode::side_car) {
    reporter.not_applicable("Envoy runs as a sidecar of the gateway plugin, without Envoy Gateway");
    return false;
  }
  return true;
}

void without_service(const Context& context, Reporter& reporter) {
  const std::string ns = aibrix::expected_service(context.cluster).ns;
  const kube::Lookup gw = context.cluster.gateway();
  // A programmed Gateway has one, under whatever name and labels.
  const bool none = context.snapshot.complete(kube::resources::services, ns) &&
                    (gw.missing() || (gw && !gw->condition("Programmed").is_true()));
  if (none) {
    reporter.not_applicable("the gateway has no Service");
  } else {
    reporter.undetermined("no Service of the gateway was read");
  }
}

const kube::Object* judgeable_gateway(const Context& context, Reporter& reporter) {
  const kube::Lookup gw = context.cluster.gateway();
  const std::string name = "Gateway aibrix-system/aibrix-eg";
  if (gw.missing()) {
    reporter.not_applicable(name + " does not exist");
  } else if (gw.unknown()) {
    reporter.undetermined(name + " was not read");
  } else if (gw->deleting()) {
    reporter.not_applicable(name + " is being deleted");
  } else if (!aibrix::from_api_server(*gw)) {
    reporter.undetermined(name + " comes from a manifest and has no status");
  } else {
    return gw.object;
  }
  return nullptr;
}

std::optional<bool> serving(const Context& context) {
  std::optional<bool> out;
  for (const kube::Object* service : aibrix::entry_services(context.cluster)) {
    const auto ready = context.cluster.ready_endpoints(service->ns(), service->name());
    if (ready && *ready > 0) return true;
    if (ready) out = false;
  }
  return out;
}

Level unless_serving(const Context& context) {
  return serving(context).value_or(false) ? Level::warning : Level::error;
}

const aibrix::Route& route_view(const Context& context, const kube::Object& route) {
  auto& views = context.memo->once<RouteViews>([] { return RouteViews{}; }).views;
  if (const auto it = views.find(&route); it != views.end()) return it->second;
  const kube::Lookup gc = context.cluster.gateway_class();
  const std::string_view controller =
      gc ? gc->spec()["controllerName"].text(names::envoy_gateway_controller)
         : names::envoy_gateway_controller;
  return views.try_emplace(&route, route, controller).first->second;
}

Finding& report(Reporter& reporter, Level level, Subject subject, std::string title) {
  switch (level) {
    case Level::info: return reporter.info(std::move(subject), std::move(title));
    case Level::warning: return reporter.warning(std::move(subject), std::move(title));
    case Level::error: break;
  }
  return reporter.error(std::move(subject), std::move(title));
}

void show_condition(Finding& finding, const kube::Condition& condition) {
  if (!condition.exists()) return;
  // Envoy Gateway puts whole xDS resources into some messages.
  finding.with_evidence(condition.summary(), base::shorten(condition.message(), 400));
  finding.since = condition.since();
}

void because_of(Finding& finding, const std::optional<Cause>& cause) {
  if (cause && cause->code != finding.code) finding.caused_by(cause->code, cause->object);
}

Command port_forward_command(std::string_view ns, std::string_view service, std::string_view port) {
  return kubectl(ns, "port-forward").on_one("service", service).with("8888:" + std::string(port));
}

bool manifests_are_newer(const Context& context) {
  constexpr aibrix::ReleaseSpan misnamed = aibrix::only(aibrix::v0_5);
  if (!misnamed.holds(context.cluster.release()).value_or(false)) return false;
  const kube::Lookup route = aibrix::reserved_route(context.cluster);
  return route && aibrix::covers(*route, "/v1/images/generations") &&
         !aibrix::covers(*route, "/v1/image/generations");
}

Command apply_manifest_command(const Context& context, std::string_view manifest) {
  const auto& release = context.cluster.release();
  if (!release.tagged()) return {};
  const std::string& tag = release.text();
  return kubectl("", "apply", "--server-side", "-f",
                 "https://github.com/vllm-project/aibrix/releases/download/" + tag + '/' +
                     std::string(manifest) + '-' + tag + ".yaml");
}

void reapply_remedy(Finding& finding, const Context& context, std::string_view part) {
  // Those of the images' release would take what is installed back.
  const bool newer = manifests_are_newer(context);
  finding.remedy(
      Confidence::review,
      "reapply AIBrix's " + std::string(part) + " manifest (or upgrade its chart)",
      newer ? Command() : apply_manifest_command(context, "aibrix-" + std::string(part)));
}

TypeCommands service_type_commands(const Context& context, std::string_view type) {
  const kube::Lookup proxy = context.cluster.envoy_proxy();
  if (!proxy) return {};
  const aibrix::WantedService wanted = aibrix::wanted_service(proxy->spec());
  const bool by_patch = wanted.path.ends_with("patch.value.spec.type");

  const auto patch = [&](const std::string& value) {
    const std::string service = by_patch ? R"({"patch":{"value":{"spec":{"type":)" + value + "}}}}"
                                         : R"({"type":)" + value + "}";
    return merge_patch(proxy->ns(), "envoyproxy", proxy->name(),
                       R"({"spec":{"provider":{"type":"Kubernetes","kubernetes":{"envoyService":)" +
                           service + "}}}}");
  };
  const auto quoted = [](std::string_view text) { return '"' + std::string(text) + '"'; };
  return {patch(quoted(type)), patch(wanted.path.empty() ? "null" : quoted(wanted.type))};
}

}  // namespace checks
