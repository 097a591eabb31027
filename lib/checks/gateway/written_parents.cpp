// GW021: in manifests, an HTTPRoute that AIBrix's Gateway does not take. The Gateway of every
// release has one listener, called http, that takes routes of its own namespace
// (config/gateway/gateway.yaml: no allowedRoutes, so that Same holds).
#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
namespace names = aibrix::names;

constexpr kube::Need parent_needs[] = {need::http_routes, need::optional(need::gateways)};

struct Parent {
  const Object* route;
  Value ref;
  std::string path;

  std::string ns() const { return std::string(ref["namespace"].text(route->ns())); }
  std::string name() const { return std::string(ref["name"].text()); }
};

Finding& tell(const Parent& parent, Level level, const std::string& title, const std::string& field,
              Reporter& reporter) {
  const std::string text = kind_and_name(*parent.route) + ' ' + title;
  Finding& f = level == Level::error ? reporter.error(*parent.route, text)
                                     : reporter.warning(*parent.route, text);
  return f.at_field(parent.path + field)
      .with_consequence("The gateway does not accept the route, and requests by it get 404.");
}

bool takes_all(const Value& listener) {
  const std::string_view from = listener.at("allowedRoutes", "namespaces", "from").text("Same");
  return from != "Same";
}

// By the Gateway when it is in the files, else as AIBrix's manifests have it, with less certainty.
void judge_ours(const Parent& parent, const Object* gateway, Reporter& reporter) {
  const Level level = gateway != nullptr ? Level::error : Level::warning;
  std::vector<Value> listeners;
  if (gateway != nullptr) {
    for (const Value& l : gateway->spec()["listeners"].items()) listeners.push_back(l);
  }
  const std::string section(parent.ref["sectionName"].text());
  std::vector<std::string> known;
  for (const Value& l : listeners) known.emplace_back(l["name"].text());
  if (gateway == nullptr) known = {"http"};
  if (!section.empty() && std::ranges::find(known, section) == known.end()) {
    const bool near = !base::closest_match(section, known).empty();
    if (gateway == nullptr && !near) return;  // somebody's own listener
    tell(parent, level, "names listener " + section + ", which Gateway aibrix-eg does not have",
         ".sectionName", reporter)
        .with_evidence("sectionName", section, base::join(known, ", "))
        .remedy(Confidence::review, "name a listener of the Gateway, or leave sectionName out");
    return;
  }
  if (parent.route->ns() == parent.ns()) return;
  if (std::ranges::any_of(listeners, takes_all)) return;
  tell(parent, level,
       "is in namespace " + std::string(parent.route->ns()) +
           ", from which Gateway aibrix-eg takes no routes",
       "", reporter)
      .with_evidence("namespace", std::string(parent.route->ns()), parent.ns())
      .remedy(Confidence::review,
              "move the route to namespace " + parent.ns() +
                  ", with a ReferenceGrant for its Service, or let the listener take routes of "
                  "other namespaces (allowedRoutes)");
}

// "aibrix", "aibrix-gw": in AIBrix's namespace there is but one Gateway.
void judge_other(const Context& context, const Parent& parent, Reporter& reporter) {
  // AIBrix's own routes, before kustomize has put the namespace into them.
  const bool own = parent.route->name().find("reserved-router") != std::string_view::npos;
  if (parent.name() == names::gateway && !own &&
      !context.snapshot.find(aibrix::resources::gateways, parent.ns(), parent.name())) {
    tell(parent, Level::warning,
         "names Gateway " + parent.ns() + '/' + parent.name() + ", which AIBrix has only in " +
             std::string(names::system_namespace),
         ".namespace", reporter)
        .with_evidence("namespace", parent.ns(), std::string(names::system_namespace))
        .remedy(Confidence::review, "name Gateway aibrix-system/aibrix-eg");
    return;
  }
  if (parent.ns() != names::system_namespace || parent.name().empty()) return;
  if (parent.name().find("aibrix") == std::string::npos) return;
  if (context.snapshot.find(aibrix::resources::gateways, parent.ns(), parent.name())) return;
  tell(parent, Level::warning,
       "names Gateway " + parent.ns() + '/' + parent.name() + ", which AIBrix does not create",
       ".name", reporter)
      .with_evidence("parentRef", parent.name(), std::string(names::gateway))
      .remedy(Confidence::review, "name Gateway aibrix-system/aibrix-eg");
}

void run(const Context& context, Reporter& reporter) {
  bool any = false;
  const kube::Lookup ours =
      context.snapshot.find(aibrix::resources::gateways, names::system_namespace, names::gateway);
  for (const Object& route : context.snapshot.list(aibrix::resources::http_routes)) {
    if (from_api_server(route)) continue;
    const auto refs = route.spec()["parentRefs"].items();
    for (std::size_t i = 0; i < refs.size(); ++i) {
      const Parent parent{&route, refs[i], "spec.parentRefs[" + std::to_string(i) + ']'};
      if (refs[i]["kind"].text("Gateway") != "Gateway") continue;
      any = true;
      if (parent.ns() == names::system_namespace && parent.name() == names::gateway) {
        judge_ours(parent, ours ? ours.object : nullptr, reporter);
      } else {
        judge_other(context, parent, reporter);
      }
    }
  }
  if (!any) reporter.not_applicable("no manifest of an HTTPRoute: those of a server have a status");
}

}  // namespace

constinit const Check registry::GW021{
    codes::GW021,
    Area::gateway,
    "an HTTPRoute's manifest is not valid for Gateway aibrix-eg",
    parent_needs,
    run,
    {"In a manifest, an HTTPRoute is in a namespace from which AIBrix's Gateway takes no routes, or "
     "names a listener or a Gateway that AIBrix does not create. It is not accepted.",
     "A route beside its model instead of in aibrix-system, or a typo in parentRefs.",
     "Put the route into namespace aibrix-system, with parentRef aibrix-eg and without sectionName.",
     "every release"}};

}  // namespace checks
