// WH001: no fail-closed webhook on AIBrix's kinds lacks its backend; WH002: AIBrix's webhook
// configurations have a controller; WH006: AIBrix's webhook on Deployments is answered.
#include <algorithm>
#include <map>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/fix_remedies.hpp"
#include "checks/common/webhook_backend.hpp"
#include "checks/core/command.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::Webhook;

constexpr kube::Need own_fail_closed_needs[] = {
    need::mutating_webhooks,           need::validating_webhooks,
    need::optional(need::services),    need::optional(need::endpointslices),
    need::optional(need::deployments), need::optional(need::pods),
    need::optional(need::namespaces)};
constexpr auto fail_closed_needs = need::joined(own_fail_closed_needs, need::aibrix_kinds);

// Plural names of AIBrix's kinds whose changes these entries can refuse.
std::vector<std::string> refused_kinds(const std::vector<Webhook>& entries) {
  std::vector<std::string> out;
  for (const kube::Resource* kind : aibrix::resources::all()) {
    const bool refused = std::any_of(entries.begin(), entries.end(),
                                     [&](const Webhook& w) { return w.covers(*kind, "UPDATE"); });
    if (refused && kind->group.ends_with("aibrix.ai")) out.emplace_back(kind->plural);
  }
  return out;
}

bool can_refuse(const Webhook& webhook) {
  return webhook.fails_closed() && aibrix::from_api_server(*webhook.configuration) &&
         !refused_kinds({webhook}).empty();
}

// Entries of one configuration that fail closed on one dead Service.
struct Refusing {
  std::vector<Webhook> entries;
  WebhookBackend backend;
};

std::vector<Refusing> find_refusing(const Context& context, Reporter& reporter) {
  std::vector<Refusing> out;
  for (const Webhook& webhook : aibrix::webhooks(context.snapshot)) {
    if (!can_refuse(webhook)) continue;
    const WebhookBackend backend = backend_of(context, webhook);
    const bool needed = webhook.is_aibrix() || blocks_deletion(context.snapshot, webhook);
    if (backend.state == WebhookBackend::State::unknown && needed) {
      reporter.undetermined("whether webhook " + std::string(webhook.name()) +
                            " has a ready backend is unknown");
    }
    if (!backend.dead()) continue;
    const bool same = !out.empty() &&
                      out.back().entries.front().configuration == webhook.configuration &&
                      out.back().backend.service == backend.service;
    if (!same) out.push_back({{}, backend});
    out.back().entries.push_back(webhook);
  }
  return out;
}

void add_ignore_remedy(Finding& f, const std::vector<Webhook>& entries) {
  std::vector<std::size_t> indexes;
  for (const Webhook& w : entries) indexes.push_back(w.index);
  const kube::Object& configuration = *entries.front().configuration;
  f.remedy(Confidence::review,
           "set the webhooks of " + std::string(configuration.name()) +
               " to failurePolicy Ignore, so that patches pass while the webhook is down",
           failure_policy_command(configuration, indexes, "Ignore"));
  f.remedies.back().undo = failure_policy_command(configuration, indexes, "Fail");
}

void report_refusing(const Context& context, const Refusing& refusing, Finding& f) {
  std::vector<std::string> names;
  for (const Webhook& w : refusing.entries) names.emplace_back(w.name());
  const auto blocking =
      std::find_if(refusing.entries.begin(), refusing.entries.end(),
                   [&](const Webhook& w) { return blocks_deletion(context.snapshot, w); });
  const bool blocks = blocking != refusing.entries.end();
  const Webhook& shown = blocks ? *blocking : refusing.entries.front();
  const std::string kinds = base::join_and(refused_kinds(refusing.entries));
  f.with_consequence(blocks ? "Finalizers cannot be removed from " + kinds + '.'
                            : "Every change to " + kinds + " is rejected.");
  f.at_field(shown.path("failurePolicy"));
  f.with_evidence(f.subject.ref.name, base::join(names, ", ") + ": failurePolicy Fail", "Ignore");
  f.with_evidence(kube::to_string(refusing.backend.service), refusing.backend.describe(),
                  "at least 1 ready endpoint");
  const std::optional<Cause> cause =
      shown.is_aibrix() ? webhook_server_cause(context) : std::nullopt;
  if (cause) f.caused_by(cause->code, cause->object);
  if (cause && blocks) {
    f.note(
        "repair order: bring " + cause->object.name +
        " back; the webhook then answers and the finalizers are removed. If it cannot come back, "
        "set the webhook to Ignore first and then remove the finalizers");
  } else if (blocks) {
    f.note("repair order: first the webhook, then the finalizers");
  }
  add_ignore_remedy(f, refusing.entries);
  if (!shown.is_aibrix()) return;
  offer_fix(f, Confidence::review,
            "set AIBrix's unanswered webhooks to failurePolicy Ignore (guarded)",
            fix_command("webhooks", ""), undo_command());
}

void run_fail_closed(const Context& context, Reporter& reporter) {
  std::map<kube::ObjectRef, kube::ObjectRef> leads;  // Service -> first configuration
  for (const Refusing& refusing : find_refusing(context, reporter)) {
    const Webhook& first = refusing.entries.front();
    const bool blocks =
        std::any_of(refusing.entries.begin(), refusing.entries.end(),
                    [&](const Webhook& w) { return blocks_deletion(context.snapshot, w); });
    const std::string title = "webhook configuration " + std::string(first.configuration->name()) +
                              " fails closed: " + refusing.backend.describe();
    Finding& f = blocks ? reporter.error(*first.configuration, title)
                        : reporter.warning(*first.configuration, title);
    report_refusing(context, refusing, f);
    const auto [lead, fresh] =
        leads.try_emplace(refusing.backend.service, first.configuration->ref());
    if (!fresh && f.causes.empty()) f.caused_by(WH001, lead->second);
  }
}

constexpr kube::Need own_webhook_needs[] = {need::mutating_webhooks,
                                            need::validating_webhooks,
                                            need::deployments,
                                            need::optional(need::services),
                                            need::optional(need::endpointslices),
                                            need::optional(need::pods),
                                            need::optional(need::namespaces)};

void run_orphans(const Context& context, Reporter& reporter) {
  const auto configurations = own_configurations(context.snapshot);
  if (configurations.empty()) return;
  if (context.cluster.component(aibrix::ComponentRole::controller_manager).state ==
      aibrix::Component::State::unknown) {
    reporter.undetermined(
        "whether the controller behind AIBrix's webhooks is installed was not read");
    return;
  }
  if (!orphaned(context)) return;
  Finding& f = reporter.warning(
      *configurations.front().object,
      "AIBrix's webhook configurations are left over from a removed controller-manager");
  f.with_consequence("The API server still calls them on every change to the objects they cover.");
  for (const OwnConfiguration& own : configurations) {
    f.with_evidence(std::string(own.object->name()),
                    backend_of(context, own.entries.front()).describe(), "deleted with AIBrix");
    if (own.object != configurations.front().object) f.with_related(*own.object);
    if (std::any_of(own.entries.begin(), own.entries.end(), can_refuse)) {
      f.caused_by(WH001, own.object->ref());
    }
    f.remedy(Confidence::review, "delete " + std::string(own.object->name()),
             kubectl("", "delete").on(*own.object));
  }
  offer_fix(f, Confidence::review, "delete them (with a backup)",
            fix_command("webhooks", "", {"--delete"}), undo_command());
}

void run_slow_writes(const Context& context, Reporter& reporter) {
  const auto configurations = own_configurations(context.snapshot);
  std::vector<Webhook> slow;
  for (const OwnConfiguration& own : configurations) {
    for (const Webhook& webhook : own.entries) {
      if (webhook.fails_closed() || !webhook.covers(kube::resources::deployments, "UPDATE"))
        continue;
      const WebhookBackend backend = backend_of(context, webhook);
      if (backend.dead()) slow.push_back(webhook);
      if (backend.state == WebhookBackend::State::unknown) {
        reporter.undetermined("whether webhook " + std::string(webhook.name()) +
                              " has a ready backend is unknown");
      }
    }
  }
  if (slow.empty()) return;
  const Webhook& first = slow.front();
  Finding& f = reporter.warning(*first.configuration,
                                "AIBrix's webhook covers every Deployment in the cluster, but " +
                                    backend_of(context, first).describe());
  f.at_field(first.path("timeoutSeconds"));
  for (const Webhook& webhook : slow) {
    f.with_evidence(
        std::string(webhook.name()),
        "failurePolicy Ignore, timeout " + std::to_string(webhook.timeout_seconds()) + " s",
        "at least 1 ready endpoint");
  }
  if (const auto cause = webhook_server_cause(context)) f.caused_by(cause->code, cause->object);
  if (orphaned(context)) f.caused_by(WH002, configurations.front().object->ref());
  if (f.causes.empty()) {
    f.with_consequence("Each create or update of a Deployment may wait up to " +
                       std::to_string(first.timeout_seconds()) + " s.");
  }
}

}  // namespace

constinit const Check registry::WH001{
    codes::WH001,
    Area::webhooks,
    "a fail-closed webhook on AIBrix's kinds has no ready backend",
    fail_closed_needs,
    run_fail_closed,
    {"A webhook with failurePolicy Fail covers AIBrix's objects, and its backend has no ready "
     "endpoint. The API server then rejects creating or changing them with \"failed calling "
     "webhook\", including the patch that removes a finalizer. kubectl delete is accepted, but the "
     "object stays in Terminating.",
     "AIBrix v0.3.0, v0.4.0 and v0.4.1 set failurePolicy Fail, and the controller that serves the "
     "webhooks is down or was uninstalled first. Or the webhook of a policy engine covers all "
     "kinds and its own pods are gone.",
     "Bring the controller (or the policy engine) back. If that is impossible, set failurePolicy "
     "to Ignore (aibrixctl fix webhooks) or delete the configuration; only then can finalizers be "
     "removed. An upgrade to v0.5 or later replaces the configuration with one that uses Ignore.",
     "v0.3.0 to v0.4.1; later releases use Ignore"}};

constinit const Check registry::WH002{
    codes::WH002,
    Area::webhooks,
    "AIBrix's webhook configurations are left over from a removed controller-manager",
    own_webhook_needs,
    run_orphans,
    {"AIBrix's webhook configurations still exist although the controller that serves them is no "
     "longer installed. The API server continues to call them.",
     "A partial uninstall: the configurations are cluster-scoped and are not deleted with "
     "aibrix-system.",
     "Delete both configurations. A new install re-creates them.", "v0.3.0 and later"}};

constinit const Check registry::WH006{
    codes::WH006,
    Area::webhooks,
    "AIBrix's webhook on Deployments has no ready endpoint",
    own_webhook_needs,
    run_slow_writes,
    {"AIBrix's webhook on Deployments covers every Deployment in the cluster, whoever owns it. "
     "Without a ready endpoint, each create or update may wait for the timeout before it passes "
     "(failurePolicy is Ignore).",
     "The controller-manager is down, or the configuration was left over when it was removed.",
     "Bring the controller back, or delete the configurations.", "v0.5.0 and later"}};

}  // namespace checks
