// WH003: AIBrix's webhooks have a CA bundle; WH004: the Secret with the webhook certificate is
// there; WH005: AIBrix's webhook objects have the names its controller expects.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/webhook_backend.hpp"
#include "checks/core/command.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

namespace names = aibrix::names;
using aibrix::ComponentRole;
using aibrix::Webhook;

constexpr kube::Need secret_need{&kube::resources::secrets, kube::Scope::install, true,
                                 "metadata.name=aibrix-webhook-server-cert", &kube::secrets_right};

constexpr kube::Need own_bundle_needs[] = {
    need::mutating_webhooks, need::validating_webhooks, need::optional(need::deployments),
    need::optional(need::pods), need::optional(need::namespaces)};
constexpr auto bundle_needs = need::joined(own_bundle_needs, need::aibrix_kinds);
constexpr kube::Need secret_needs[] = {need::mutating_webhooks,
                                       need::validating_webhooks,
                                       secret_need,
                                       need::optional(need::deployments),
                                       need::optional(need::pods),
                                       need::optional(need::namespaces)};
constexpr kube::Need name_needs[] = {need::mutating_webhooks, need::validating_webhooks,
                                     need::optional(need::deployments), need::optional(need::pods),
                                     need::optional(need::namespaces)};

// pkg/cert/cert.go writes the CA into these names and serves for this Service, whatever the chart
// calls them.
bool expected_name(const OwnConfiguration& own) {
  return own.object->name() == names::mutating_webhooks ||
         own.object->name() == names::validating_webhooks;
}

bool expected_service(const OwnConfiguration& own) {
  return own.entries.front().service().name == names::webhook_service;
}

// Entries without a CA bundle, over all configurations: one defect, since one program writes them.
struct Untrusted {
  std::vector<Webhook> entries;
  bool closed = false;  // one of them fails closed
  bool blocks = false;  // and holds up a deletion
};

Untrusted find_untrusted(const kube::Snapshot& snapshot,
                         const std::vector<OwnConfiguration>& configurations) {
  Untrusted out;
  for (const OwnConfiguration& own : configurations) {
    for (const Webhook& webhook : own.entries) {
      if (webhook.has_ca()) continue;
      out.entries.push_back(webhook);
      out.closed = out.closed || webhook.fails_closed();
      out.blocks = out.blocks || (webhook.fails_closed() && blocks_deletion(snapshot, webhook));
    }
  }
  return out;
}

void show_untrusted(const Untrusted& untrusted, const std::vector<OwnConfiguration>& configurations,
                    Finding& f) {
  for (const OwnConfiguration& own : configurations) {
    const auto without = static_cast<std::size_t>(
        std::count_if(untrusted.entries.begin(), untrusted.entries.end(),
                      [&](const Webhook& w) { return w.configuration == own.object; }));
    if (without == 0) continue;
    f.with_evidence("caBundle of " + std::string(own.object->name()),
                    "empty in " + std::to_string(without) + " of " +
                        base::plural(own.entries.size(), "webhook"),
                    "the CA that the controller writes at startup");
    if (own.object->ref() != f.subject.ref) f.with_related(*own.object);
    if (!expected_name(own)) f.caused_by(WH005, own.object->ref());
  }
}

void run_bundle(const Context& context, Reporter& reporter) {
  const auto configurations = own_configurations(context.snapshot);
  if (configurations.empty() && context.snapshot.complete(kube::resources::mutating_webhooks) &&
      context.snapshot.complete(kube::resources::validating_webhooks)) {
    reporter.not_applicable("AIBrix has no webhook configuration here");
  }
  const Untrusted untrusted = find_untrusted(context.snapshot, configurations);
  if (untrusted.entries.empty()) return;
  const Webhook& first = untrusted.entries.front();
  const std::string title = "AIBrix's webhooks have no CA bundle";
  Finding& f = untrusted.blocks ? reporter.error(*first.configuration, title)
                                : reporter.warning(*first.configuration, title);
  f.at_field(first.path("clientConfig.caBundle"));
  show_untrusted(untrusted, configurations, f);
  if (const auto cause = webhook_server_cause(context)) f.caused_by(cause->code, cause->object);
  if (orphaned(context)) f.caused_by(WH002, configurations.front().object->ref());
  if (f.causes.empty() || untrusted.closed) {
    f.with_consequence(untrusted.closed ? "The objects they cover cannot be created or changed."
                                        : "AIBrix's defaults and validation are not applied.");
  }
  if (context.cluster.component(ComponentRole::controller_manager).up()) {
    f.remedy(Confidence::safe,
             "restart the controller; it writes the CA into the configurations at startup",
             restart_command(context.cluster.component(ComponentRole::controller_manager).ref()));
  }
}

void run_secret(const Context& context, Reporter& reporter) {
  const auto configurations = own_configurations(context.snapshot);
  if (configurations.empty() || orphaned(context)) {
    reporter.not_applicable("no controller serves AIBrix's webhooks here");
    return;
  }
  const kube::ObjectRef ref{"", "Secret", context.cluster.ns(), std::string(names::webhook_secret)};
  const kube::Lookup secret = context.snapshot.find(kube::resources::secrets, ref.ns, ref.name);
  if (secret.unknown() && context.snapshot.withheld(kube::resources::secrets)) {
    reporter.not_asked("whether Secret " + ref.ns + '/' + ref.name + " exists",
                       kube::secrets_right);
    return;
  }
  if (secret.unknown()) {
    reporter.undetermined("Secret " + ref.ns + '/' + ref.name + " was not read");
    return;
  }
  // Live only metadata is read; a Secret from a file shows whether it has keys.
  const bool without_keys = secret && (*secret)["type"].exists() && (*secret)["data"].empty();
  if (secret && !without_keys) return;
  Finding& f = reporter.warning(
      secret ? Subject(*secret) : Subject(ref),
      "Secret " + ref.ns + '/' + ref.name + (secret ? " is empty" : " is missing"));
  f.with_consequence("AIBrix's webhooks have no certificate, and the controller stays unready.");
  f.with_evidence("keys", secret ? "none" : "no such Secret", "ca.crt, ca.key, tls.crt, tls.key");
  if (const auto cause = webhook_server_cause(context)) f.caused_by(cause->code, cause->object);
  if (!secret) {
    f.remedy(Confidence::safe, "create it empty; the controller fills it at startup",
             kubectl(ref.ns, "create", "secret", "generic", operand(ref.name)));
    f.remedies.back().undo = kubectl(ref.ns, "delete").on("secret", ref.name);
  }
  f.remedy(Confidence::safe, "restart the controller",
           restart_command(context.cluster.component(ComponentRole::controller_manager).ref()));
}

void run_names(const Context& context, Reporter& reporter) {
  const auto configurations = own_configurations(context.snapshot);
  for (const OwnConfiguration& own : configurations) {
    if (expected_name(own) && expected_service(own)) continue;
    const kube::ObjectRef service = own.entries.front().service();
    const bool mutating = own.object->kind() == "MutatingWebhookConfiguration";
    Finding& f = reporter.warning(*own.object,
                                  "webhook configuration " + std::string(own.object->name()) +
                                      " does not have the name that AIBrix's controller expects");
    f.with_consequence(
        "Its CA bundle is never written, and the controller that serves it stays unready.");
    f.with_evidence("configuration", std::string(own.object->name()),
                    std::string(mutating ? names::mutating_webhooks : names::validating_webhooks));
    f.with_evidence("Service", service.name, std::string(names::webhook_service));
    if (const auto cause = webhook_server_cause(context)) f.caused_by(cause->code, cause->object);
    if (own.object != configurations.front().object) {
      f.caused_by(WH005, configurations.front().object->ref());
    }
    f.remedy(
        Confidence::manual,
        "upgrade to v0.7.0 or later, install with fullnameOverride=aibrix, or run the controller "
        "with --disable-webhook and delete the configurations");
  }
  if (configurations.empty() && context.snapshot.complete(kube::resources::mutating_webhooks) &&
      context.snapshot.complete(kube::resources::validating_webhooks)) {
    reporter.not_applicable("AIBrix has no webhook configuration here");
  }
}

}  // namespace

constinit const Check registry::WH003{
    codes::WH003,
    Area::webhooks,
    "AIBrix's webhooks have no CA bundle",
    bundle_needs,
    run_bundle,
    {"The API server cannot trust AIBrix's webhooks because clientConfig.caBundle is empty. With "
     "failurePolicy Ignore (v0.5.0 and later) every call fails silently: defaults are not set and "
     "invalid objects are not rejected. With Fail (v0.3.0 to v0.4.1) none of the objects they "
     "cover can be created or changed.",
     "The controller writes the CA at startup, into configurations with fixed names. It has not "
     "started, runs with --disable-webhook, was not permitted to write, or the names differ "
     "(WH005); or a manifest was reapplied over the configuration.",
     "Restart the controller. If that does not help, compare the names (WH005) and check the "
     "Secret (WH004).",
     "v0.3.0 and later"}};

constinit const Check registry::WH004{
    codes::WH004,
    Area::webhooks,
    "the Secret with the webhook certificate is missing or empty",
    secret_needs,
    run_secret,
    {"Secret aibrix-webhook-server-cert is missing or empty. The controller mounts it and keeps "
     "its self-signed certificate in it. Without it the pod does not start, or stays unready with "
     "\"webhook certificates are not ready\".",
     "The Secret was deleted, or left out of a customized manifest.",
     "Create an empty Secret and restart the controller, which fills it. The Secret is checked only "
     "with --with-secrets; its values are never read.",
     "v0.3.0 and later"}};

constinit const Check registry::WH005{
    codes::WH005,
    Area::webhooks,
    "an AIBrix webhook object has a name that the controller does not expect",
    name_needs,
    run_names,
    {"The controller writes its CA into aibrix-mutating-webhook-configuration and "
     "aibrix-validating-webhook-configuration and serves as aibrix-webhook-service; these names "
     "are hard-coded. Objects with other names never get a CA, and readyz reports \"webhook "
     "certificates are not ready\": no finalizer, HTTPRoute or LoRA adapter is processed.",
     "The chart of v0.6.0 was installed under a release name other than aibrix, or the standalone "
     "LoRA controller with its prefix aibrix-lora- is used.",
     "Upgrade the chart to v0.7.0 or later, set fullnameOverride=aibrix, or run the controller "
     "with --disable-webhook.",
     "v0.6.0 (chart); every release (standalone LoRA controller)"}};

}  // namespace checks
