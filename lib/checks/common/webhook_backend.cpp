// The finder of the Services behind webhooks, and of webhooks that refuse everything.
#include "checks/common/webhook_backend.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/controllers.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/causes.hpp"

namespace checks {

using aibrix::Component;
using aibrix::ComponentRole;
using aibrix::Webhook;

std::string WebhookBackend::describe() const {
  const std::string name = "Service " + service.ns + '/' + service.name;
  switch (state) {
    case State::answers: return name + " has a ready endpoint";
    case State::no_service: return name + " does not exist";
    case State::no_endpoint: return name + " has no ready endpoint";
    case State::not_served: return "the controller behind " + name + " runs with --disable-webhook";
    case State::unknown: break;
  }
  return name + " was not read";
}

WebhookBackend backend_of(const Context& context, const Webhook& webhook) {
  WebhookBackend backend;
  backend.service = webhook.service();
  if (backend.service.name.empty()) return backend;
  const kube::Lookup service =
      context.snapshot.find(kube::resources::services, backend.service.ns, backend.service.name);
  if (service.missing()) {
    backend.state = WebhookBackend::State::no_service;
    return backend;
  }
  const auto ready = context.cluster.ready_endpoints(backend.service.ns, backend.service.name);
  if (!ready) return backend;
  backend.state = *ready == 0 ? WebhookBackend::State::no_endpoint : WebhookBackend::State::answers;
  const auto processes = aibrix::controller_processes(context.cluster);
  const bool none_serves =
      !processes.empty() && std::none_of(processes.begin(), processes.end(),
                                         [](const auto& process) { return process.webhook; });
  if (*ready != 0 && webhook.is_aibrix() && none_serves)
    backend.state = WebhookBackend::State::not_served;
  return backend;
}

std::vector<Webhook> blocking_webhooks(const Context& context, const kube::Object& object) {
  std::vector<Webhook> out;
  for (const Webhook& webhook : aibrix::webhooks(context.snapshot)) {
    if (webhook.fails_closed() && webhook.covers(object.resource(), "UPDATE") &&
        webhook.selects(context.snapshot, object) && backend_of(context, webhook).dead()) {
      out.push_back(webhook);
    }
  }
  return out;
}

std::string refusal_note(const Webhook& webhook, const kube::Object& object) {
  return "until WH001 is fixed, the API server rejects every patch of " +
         std::string(object.resource().plural) + ": failed calling webhook \"" +
         std::string(webhook.name()) + '"';
}

std::vector<OwnConfiguration> own_configurations(const kube::Snapshot& snapshot) {
  std::vector<OwnConfiguration> out;
  for (const Webhook& webhook : aibrix::webhooks(snapshot)) {
    if (!webhook.is_aibrix() || !aibrix::from_api_server(*webhook.configuration)) continue;
    if (out.empty() || out.back().object != webhook.configuration) {
      out.push_back({webhook.configuration, {}});
    }
    out.back().entries.push_back(webhook);
  }
  return out;
}

std::optional<Cause> webhook_server_cause(const Context& context) {
  return orphaned(context) ? std::nullopt : controller_state(context).cause;
}

bool orphaned(const Context& context) {
  if (context.cluster.component(ComponentRole::controller_manager).state !=
      Component::State::missing)
    return false;
  if (!controller_state(context).can_return) return true;
  return context.cluster.component(ComponentRole::gateway_plugins).state ==
         Component::State::missing;
}

bool blocks_deletion(const kube::Snapshot& snapshot, const Webhook& webhook) {
  const auto kinds = aibrix::resources::all();
  return std::any_of(kinds.begin(), kinds.end(), [&](const kube::Resource* kind) {
    if (!kind->group.ends_with("aibrix.ai") || !webhook.covers(*kind, "UPDATE")) return false;
    const auto objects = snapshot.list(*kind);
    return std::any_of(objects.begin(), objects.end(), [&](const kube::Object& object) {
      return object.deleting() && !object.finalizers().empty() && webhook.selects(snapshot, object);
    });
  });
}

}  // namespace checks
