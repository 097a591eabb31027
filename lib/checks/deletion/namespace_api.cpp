// NS004: every API group answers while namespaces are being deleted; NS005: all API groups can be
// listed for namespaces being deleted; NS006: objects of namespaces being deleted can be deleted.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/webhooks.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/namespaces.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

constexpr auto dead_needs = need::joined(
    std::to_array<kube::Need>({need::api_services, need::optional(need::endpointslices)}),
    need::ns_content);
constexpr auto refused_needs =
    need::joined(std::to_array<kube::Need>({need::optional(need::mutating_webhooks),
                                            need::optional(need::validating_webhooks)}),
                 need::ns_content);

std::string group_of(const kube::Object& api) {
  return std::string(api.spec()["group"].text()) + '/' + std::string(api.spec()["version"].text());
}

void show_backing(const Context& context, const kube::Object& api, Finding& f) {
  const kube::Value service = api.spec()["service"];
  const std::string ns(service["namespace"].text());
  const std::string name(service["name"].text());
  if (name.empty()) return;
  const kube::Lookup found = context.snapshot.find(kube::resources::services, ns, name);
  const auto ready = context.cluster.ready_endpoints(ns, name);
  const std::string state = found.missing() ? "does not exist"
                            : !ready        ? "was not read"
                                            : std::to_string(*ready) + " ready endpoints";
  f.with_evidence("service/" + ns + '/' + name, state, "at least 1 ready endpoint");
  f.remedy(Confidence::manual, "restore Service " + ns + '/' + name + " and the pods behind it",
           kubectl(ns, "get", "service,endpointslices,deployments"));
}

Command unanswered_apis_command() {
  Command ask = kubectl("", "api-resources");
  ask.output_file = "/dev/null";  // what it complains about goes to the terminal
  return kubectl("", "get", "apiservices")
      .piped(Command("grep", {"-v", "True"}))
      .then(std::move(ask));
}

void run_dead_apis(const Context& context, Reporter& reporter) {
  std::vector<std::string> names;
  for (const kube::Object& ns : context.snapshot.list(kube::resources::namespaces)) {
    if (ns.deleting()) names.emplace_back(ns.name());
  }
  if (names.empty()) {
    if (context.snapshot.complete(kube::resources::namespaces)) {
      reporter.not_applicable("no namespace is being deleted");
    }
    return;
  }
  for (const UnavailableApiService& dead : unavailable_api_services(context)) {
    const kube::Object& api = *dead.object;
    const std::string title = "APIService " + std::string(api.name()) + " does not answer";
    Finding& f = dead.certain ? reporter.error(api, title) : reporter.warning(api, title);
    f.with_consequence(
        (names.size() == 1 ? "Namespace " : "Namespaces ") + base::join_and(names) +
        (names.size() == 1 ? " is stuck in Terminating." : " are stuck in Terminating."));
    f.at_field("status.conditions");
    f.since = dead.available.since();
    f.with_evidence(std::string(api.name()),
                    dead.available.summary() + ": " + std::string(dead.available.message()),
                    "Available=True");
    f.note(
        "every namespace deletion waits for it, because the namespace controller has to list all "
        "kinds, including those of " +
        group_of(api));
    show_backing(context, api, f);
    f.remedy(Confidence::review,
             "if nothing needs " + group_of(api) + " any more, delete the APIService",
             kubectl("", "delete").on("apiservice", api.name()));
  }
}

void run_discovery(const Context& context, Reporter& reporter) {
  const TerminatingNamespaces namespaces(context, reporter);
  for (const TerminatingNamespace* going : namespaces.stuck()) {
    const kube::NamespaceStatus& status = going->status;
    if (!status.discovery.exists() && !status.parsing.exists()) continue;
    const bool discovery = status.discovery.exists();
    Finding& f =
        report_namespace(context, reporter, *going,
                         "not every API group can be listed for namespace " + going->name());
    f.at_field("status.conditions");
    f.with_evidence(std::string(discovery ? status.discovery.reason() : status.parsing.reason()),
                    std::string(discovery ? status.discovery.message() : status.parsing.message()));
    for (const UnavailableApiService* api : going->apis) f.caused_by(NS004, api->object->ref());
    if (going->apis.empty()) {
      f.remedy(Confidence::manual, "find out which API group does not answer",
               unanswered_apis_command());
    }
  }
}

// The configuration that holds the webhook a message names: failed calling webhook "x.y.z".
const kube::Object* named_webhook(const Context& context, std::string_view message) {
  for (const aibrix::Webhook& webhook : aibrix::webhooks(context.snapshot)) {
    const std::string quoted = '"' + std::string(webhook.name()) + '"';
    if (!webhook.name().empty() && message.find(quoted) != std::string_view::npos) {
      return webhook.configuration;
    }
  }
  return nullptr;
}

void run_refused(const Context& context, Reporter& reporter) {
  const TerminatingNamespaces namespaces(context, reporter);
  for (const TerminatingNamespace* going : namespaces.stuck()) {
    const kube::Condition& content = going->status.content;
    if (!content.exists()) continue;
    Finding& f =
        report_namespace(context, reporter, *going,
                         "objects of namespace " + going->name() + " could not be deleted");
    f.at_field("status.conditions");
    f.with_evidence(std::string(content.reason()), std::string(content.message()));
    const bool conversion = content.message().find("conversion webhook") != std::string_view::npos;
    if (const kube::Object* configuration = named_webhook(context, content.message())) {
      f.with_related(*configuration);
      f.caused_by(WH001, configuration->ref());
      f.note("the webhook that rejected it is in " + std::string(configuration->kind()) + ' ' +
             std::string(configuration->name()));
      f.remedy(Confidence::manual,
               "bring back the backend of that webhook, or set the webhook to failurePolicy Ignore",
               kubectl("", "get").on(*configuration).with("-o", "yaml"));
    } else {
      f.remedy(
          Confidence::manual,
          conversion
              ? "bring back the conversion webhook that the message names; until then objects of "
                "the kind cannot even be listed"
              : "fix what the message names",
          kubectl("", "describe").on("namespace", going->name()));
    }
  }
}

}  // namespace

constinit const Check registry::NS004{
    codes::NS004,
    Area::deletion,
    "an aggregated API does not answer while a namespace is being deleted",
    dead_needs,
    run_dead_apis,
    {"A namespace is Terminating and an aggregated API (APIService) does not answer. Kubernetes "
     "has to list every kind of every API group before it removes a namespace, so one dead API "
     "blocks the deletion of all namespaces, including empty ones.",
     "The Service or the pods behind the APIService are gone: an uninstalled metrics-server, a "
     "monitoring adapter, or an operator with its own API.",
     "Restore the Service and its pods. If nothing needs the API any more, save the APIService and "
     "delete it; this removes the API group from the cluster.",
     "every release"}};

constinit const Check registry::NS005{
    codes::NS005,
    Area::deletion,
    "an API group cannot be listed for a namespace that is being deleted",
    need::ns_content,
    run_discovery,
    {"The namespace controller could not list some API groups (NamespaceDeletionDiscoveryFailure "
     "or NamespaceDeletionGroupVersionParsingFailure), and does not remove the namespace until it "
     "can.",
     "A dead APIService (NS004), or one that has just come back: the condition is refreshed about "
     "every 15 s.",
     "Fix the API group that the message names.", "every release"}};

constinit const Check registry::NS006{
    codes::NS006,
    Area::deletion,
    "objects of a Terminating namespace cannot be deleted",
    refused_needs,
    run_refused,
    {"Kubernetes could not delete some objects of a namespace (NamespaceDeletionContentFailure).",
     "A webhook that covers DELETE fails closed and has no backend (AIBrix has no such webhook, "
     "policy engines do), or a CRD's conversion webhook does not answer, so that its objects "
     "cannot be listed.",
     "Bring back the backend of the webhook, or set it to failurePolicy Ignore.", "every release"}};

}  // namespace checks
