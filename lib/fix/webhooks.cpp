// fix webhooks: keeps AIBrix's dead webhooks from refusing every change.
#include <algorithm>
#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "aibrix/webhooks.hpp"
#include "base/text.hpp"
#include "checks/common/causes.hpp"
#include "checks/common/webhook_backend.hpp"
#include "fix/common.hpp"
#include "fix/fix.hpp"

namespace fix {
namespace option {

constexpr Option<OptionType::flag> delete_webhooks{
    {.name = "--delete",
     .key = "deleteWebhooks",
     .help = "Delete leftover webhook configurations of an uninstalled AIBrix"}};

constexpr const OptionSpec* of_webhooks[] = {&delete_webhooks};

}  // namespace option

namespace {

using aibrix::Webhook;
using checks::WebhookBackend;
using kube::Object;
using Seen = Watched::State;

constexpr std::string_view uid_path = "/metadata/uid";

// One patch for all entries of a configuration, guarded by their names.
Step to_ignore(const checks::Context& context, const Object& configuration,
               const std::vector<Webhook>& entries) {
  Step step = step_on(context.snapshot, configuration);
  step.patch = {test(std::string(uid_path), json_string(configuration.uid()))};
  step.undo = step.patch;
  step.diff_path = "webhooks";
  std::vector<std::string> names;
  for (const Webhook& webhook : entries) {
    const std::string path = "/webhooks/" + std::to_string(webhook.index);
    const std::string name = kube::to_json(webhook.value["name"]);
    const bool set = webhook.value["failurePolicy"].exists();
    step.patch.push_back(test(path + "/name", name));
    step.patch.push_back(test(path + "/failurePolicy", set ? "\"Fail\"" : "null"));
    step.patch.push_back(add(path + "/failurePolicy", "\"Ignore\""));
    step.undo.push_back(test(path + "/name", name));
    step.undo.push_back(test(path + "/failurePolicy", "\"Ignore\""));
    step.undo.push_back(replace(path + "/failurePolicy", "\"Fail\""));
    const std::string label = std::string(webhook.name()) + ": failurePolicy ";
    step.diff.push_back({'-', label + "Fail", ""});
    step.diff.push_back({'+', label + "Ignore", ""});
    names.emplace_back(webhook.name());
  }
  step.what = "set failurePolicy of " + base::join_and(names) + " to Ignore";
  step.cost.push_back(
      "until its backend is ready, objects of these kinds are neither defaulted nor validated");
  return step;
}

Step deletion(const checks::Context& context, const Object& configuration) {
  Step step = step_on(context.snapshot, configuration);
  step.verb = Step::Verb::remove;
  step.reversibility = Reversibility::permanent;
  step.what = "delete it: the controller behind it is no longer installed";
  for (const kube::Value& entry : configuration["webhooks"].items()) {
    step.diff.push_back({'-', std::string(entry["name"].text()), ""});
  }
  step.diff_path = "webhooks";
  step.cost.push_back("a new install of AIBrix re-creates it; undo re-creates it from its backup");
  return step;
}

// Those that fail closed with nothing behind them.
std::vector<Webhook> refusing(const checks::Context& context, const checks::OwnConfiguration& own,
                              Plan& plan) {
  std::vector<Webhook> out;
  for (const Webhook& webhook : own.entries) {
    if (!webhook.fails_closed()) continue;
    const WebhookBackend backend = checks::backend_of(context, webhook);
    if (backend.state == WebhookBackend::State::unknown) {
      plan.unread.push_back("webhook " + std::string(webhook.name()) + ": " + backend.describe());
    } else if (backend.dead()) {
      add_once(plan.why, backend.describe());
      out.push_back(webhook);
    } else {
      add_once(plan.skipped, "webhook " + std::string(webhook.name()) +
                                 " has a ready backend: " + backend.describe());
    }
  }
  return out;
}

void add_watch(Plan& plan, const Object& configuration, const std::vector<Webhook>& entries) {
  Watch watch;
  watch.resource = &configuration.resource();
  watch.object = configuration.ref();
  watch.uid = configuration.uid();
  for (const Webhook& webhook : entries) watch.entries.emplace_back(webhook.name());
  plan.watch.push_back(std::move(watch));
}

void report_first(const checks::Context& context, Plan& plan) {
  const checks::ComponentHealth state = checks::controller_state(context);
  const aibrix::Component& part =
      context.cluster.component(aibrix::ComponentRole::controller_manager);
  if (!state.known || !state.down) return;
  add_once(plan.why, state.why);
  if (part.state == aibrix::Component::State::scaled_to_zero && state.can_return) {
    plan.alternatives.push_back({"bring " + part.name() + " back; it then serves the webhook",
                                 checks::scale_up_command(part.ref())});
  }
}

// Webhooks of others that block AIBrix's objects: named, never touched.
void report_foreign(const checks::Context& context, Plan& plan) {
  for (const Webhook& webhook : aibrix::webhooks(context.snapshot)) {
    if (webhook.is_aibrix() || !webhook.fails_closed()) continue;
    if (!checks::blocks_deletion(context.snapshot, webhook)) continue;
    const WebhookBackend backend = checks::backend_of(context, webhook);
    if (!backend.dead()) continue;
    add_once(plan.left_alone, "webhook " + std::string(webhook.name()) + " of " +
                                  std::string(webhook.configuration->name()) +
                                  " is not AIBrix's: " + backend.describe() +
                                  "; its owner must fix it");
  }
}

Plan plan_webhooks(const checks::Context& context, const Options& options) {
  Plan plan;
  for (const kube::Resource* kind :
       {&kube::resources::mutating_webhooks, &kube::resources::validating_webhooks}) {
    const std::string why = not_read(context.snapshot, *kind);
    if (!why.empty()) plan.unread.push_back(why);
  }
  const auto configurations = checks::own_configurations(context.snapshot);
  const bool orphaned = checks::orphaned(context);
  for (const checks::OwnConfiguration& own : configurations) {
    if (!selected(options, own.object->ref())) continue;
    if (options[option::delete_webhooks] && orphaned) {
      plan.steps.push_back(deletion(context, *own.object));
      add_watch(plan, *own.object, own.entries);
      continue;
    }
    const std::vector<Webhook> entries = refusing(context, own, plan);
    if (entries.empty()) continue;
    plan.steps.push_back(to_ignore(context, *own.object, entries));
    add_watch(plan, *own.object, entries);
  }
  if (options[option::delete_webhooks] && !orphaned && !configurations.empty()) {
    plan.steps.clear();
    plan.watch.clear();
    plan.blockers.push_back(
        {"the controller that serves these webhooks is installed (or was not read): deleting them "
         "would have an effect only until it starts",
         checks::aibrixctl("fix", "webhooks", "--apply")});
  }
  if (!plan.steps.empty()) report_first(context, plan);
  if (orphaned && !options[option::delete_webhooks] && !configurations.empty()) {
    plan.remaining.push_back(
        "the configurations are left over from a removed controller: delete them with aibrixctl "
        "fix webhooks --delete --apply");
  }
  report_foreign(context, plan);
  plan.summary = base::plural(configurations.size(), "webhook configuration") +
                 " of AIBrix checked: " + std::to_string(plan.steps.size()) + " will be changed";
  return plan;
}

bool still_fails(const Object& configuration, const std::vector<std::string>& names) {
  const auto entries = configuration["webhooks"].items();
  return std::any_of(entries.begin(), entries.end(), [&](const kube::Value& entry) {
    const bool ours = std::find(names.begin(), names.end(), entry["name"].text()) != names.end();
    return ours && entry["failurePolicy"].text() != "Ignore";
  });
}

std::vector<Watched> verify_webhooks(const Plan& plan, const checks::Context& context) {
  std::vector<Watched> out;
  for (const Watch& watch : plan.watch) {
    Watched seen;
    seen.object = watch.object;
    const kube::Lookup found = context.snapshot.find(*watch.resource, "", watch.object.name);
    if (found.unknown()) {
      seen.text = not_read(context.snapshot, *watch.resource);
    } else if (!found) {
      seen.state = Seen::done;
      seen.text = "gone";
    } else if (plan.options[option::delete_webhooks]) {
      seen.text = "still there";
    } else if (still_fails(*found, watch.entries)) {
      seen.text = "still fails closed";
    } else {
      seen.state = Seen::done;
      seen.text = "changes pass";
    }
    out.push_back(std::move(seen));
  }
  return out;
}

constexpr aibrix::CodePattern webhook_codes[] = {WH001, WH002, WH006, INS005};
constexpr std::string_view webhook_fields[] = {"/webhooks/*/failurePolicy"};
constexpr WriteRight webhook_rights[] = {
    {&kube::resources::mutating_webhooks, "patch", kube::Scope::workloads, webhook_fields},
    {&kube::resources::validating_webhooks, "patch", kube::Scope::workloads, webhook_fields},
    {&kube::resources::mutating_webhooks, "delete"},
    {&kube::resources::validating_webhooks, "delete"},
    {&kube::resources::mutating_webhooks, "create"},
    {&kube::resources::validating_webhooks, "create"}};

}  // namespace

extern const Fix webhooks{.name = "webhooks",
                          .summary = "Unblock requests that failing AIBrix webhooks reject",
                          .options = option::of_webhooks,
                          .codes = webhook_codes,
                          .rights = webhook_rights,
                          .plan = plan_webhooks,
                          .verify = verify_webhooks};

}  // namespace fix
