// Webhooks whose backend is dead, and what they block.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "aibrix/webhooks.hpp"
#include "checks/core/check.hpp"

namespace checks {

// What stands behind a webhook.
struct WebhookBackend {
  enum class State {
    unknown,  // Services or EndpointSlices were not read, or it calls a URL outside the cluster
    answers,  // its Service has a ready endpoint
    no_service,
    no_endpoint,
    not_served,  // AIBrix's controller runs with --disable-webhook
  };
  State state = State::unknown;
  kube::ObjectRef service;

  bool dead() const { return state != State::unknown && state != State::answers; }
  // "Service aibrix-system/aibrix-webhook-service has no ready endpoint"
  std::string describe() const;
};
// Reads: Services, EndpointSlices, Deployments.
WebhookBackend backend_of(const Context& context, const aibrix::Webhook& webhook);

// Webhooks that would refuse a patch of this object now, in the order they are called. Reads also:
// both kinds of configurations, Namespaces.
std::vector<aibrix::Webhook> blocking_webhooks(const Context& context, const kube::Object& object);
// "the API server refuses a patch of modeladapters as long as …"
std::string refusal_note(const aibrix::Webhook& webhook, const kube::Object& object);

// AIBrix's own entries of one configuration.
struct OwnConfiguration {
  const kube::Object* object = nullptr;
  std::vector<aibrix::Webhook> entries;
};
// Only what came from a server: a manifest's webhooks have no CA bundle yet, and no backend.
std::vector<OwnConfiguration> own_configurations(const kube::Snapshot& snapshot);

// The finding a defect of AIBrix's webhooks follows from while the controller that serves them is
// down: INS005. Not set when it runs, is not known, or cannot come back.
std::optional<Cause> webhook_server_cause(const Context& context);
// The configurations outlived the install: its controller is gone, and so is (or goes) the rest.
bool orphaned(const Context& context);

// An object of AIBrix's that this entry covers is being deleted and must still be patched.
bool blocks_deletion(const kube::Snapshot& snapshot, const aibrix::Webhook& webhook);

}  // namespace checks
