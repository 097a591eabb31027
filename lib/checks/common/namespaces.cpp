// The finder of what holds namespaces that are being deleted.
#include "checks/common/namespaces.hpp"

#include <algorithm>
#include <array>

#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

namespace core = kube::resources;

// Drops the kinds whose complete list is empty by now, and counts the others anew.
void refresh(const Context& context, std::string_view ns, kube::NamespaceStatus& status) {
  if (status.kinds.empty()) return;
  std::vector<kube::RemainingKind> left;
  for (kube::RemainingKind kind : status.kinds) {
    const kube::Resource* known = content_kind(kind);
    if (known != nullptr && context.snapshot.complete(*known, ns)) {
      kind.count = static_cast<std::int64_t>(context.snapshot.list(*known, ns).size());
    }
    if (kind.count > 0) left.push_back(kind);
  }
  status.kinds = std::move(left);
  if (!status.kinds.empty()) return;
  status.remaining = {};
  status.finalizers = {};
  status.finalizer_counts.clear();
}

// Pods within their grace period are all that is left: nothing to do but wait.
bool only_graceful_pods(const Context& context, const TerminatingNamespace& going) {
  const auto& kinds = going.status.kinds;
  if (kinds.size() != 1 || kinds.front().plural != "pods" || !going.pods.empty()) return false;
  const auto pods = context.snapshot.list(core::pods, going.ns->name());
  return !pods.empty() && std::all_of(pods.begin(), pods.end(),
                                      [](const kube::Object& pod) { return pod.deleting(); });
}

bool cannot_finish(const TerminatingNamespace& going) {
  const auto error = [](const BlockingFinalizer& h) { return h.level == Level::error; };
  const auto lost = [](const OverduePod& p) { return p.certain || p.stuck; };
  const auto dead = [](const UnavailableApiService* api) { return api->certain; };
  return std::any_of(going.holds.begin(), going.holds.end(), error) ||
         std::any_of(going.pods.begin(), going.pods.end(), lost) ||
         std::any_of(going.apis.begin(), going.apis.end(), dead);
}

}  // namespace

const kube::Resource* content_kind(const kube::RemainingKind& kind) {
  static constexpr auto others = std::to_array<const kube::Resource*>(
      {&core::pods, &core::services, &core::pvcs, &core::deployments, &core::statefulsets,
       &aibrix::resources::gateways, &aibrix::resources::http_routes});
  const auto is_it = [&](const kube::Resource* known) {
    return known->plural == kind.plural && known->group == kind.group;
  };
  for (const kube::Resource* known : held_kinds()) {
    if (is_it(known)) return known;
  }
  const auto* it = std::find_if(others.begin(), others.end(), is_it);
  return it == others.end() ? nullptr : *it;
}

std::vector<UnavailableApiService> unavailable_api_services(const Context& context) {
  std::vector<UnavailableApiService> out;
  for (const kube::Object& api : context.snapshot.list(core::apiservices)) {
    const kube::Condition available = api.condition("Available");
    if (!available.exists() || available.is_true()) continue;
    UnavailableApiService dead;
    dead.object = &api;
    dead.available = available;
    dead.certain = available.reason() == "ServiceNotFound" ||
                   !surely_within(context, available.since(), limits::namespace_slow);
    out.push_back(dead);
  }
  return out;
}

TerminatingNamespaces::TerminatingNamespaces(const Context& context, Reporter& reporter)
    : deletions_(context), apis_(unavailable_api_services(context)) {
  for (const kube::Object& ns : context.snapshot.list(core::namespaces)) {
    if (!ns.deleting() && ns.status()["phase"].text() != "Terminating") continue;
    list_.push_back(look_at(context, ns));
    if (!list_.back().level) report_unjudged(context, reporter, ns);
  }
}

TerminatingNamespace TerminatingNamespaces::look_at(const Context& context,
                                                    const kube::Object& ns) {
  TerminatingNamespace going;
  going.ns = &ns;
  going.status = kube::namespace_status(ns);
  refresh(context, ns.name(), going.status);
  going.holds = deletions_.holds_in(ns.name());
  going.pods = overdue_pods(context, ns.name());
  const auto& groups = going.status.failed_groups;
  for (const UnavailableApiService& api : apis_) {
    const kube::Value spec = api.object->spec();
    const std::string group =
        std::string(spec["group"].text()) + '/' + std::string(spec["version"].text());
    if (std::find(groups.begin(), groups.end(), group) != groups.end()) going.apis.push_back(&api);
  }
  going.stage = stage_of(context, ns, limits::namespace_slow);
  going.level = level_of(going.stage);
  if (going.stage == Stage::slow && only_graceful_pods(context, going)) going.level.reset();
  if (cannot_finish(going)) going.level = Level::error;
  return going;
}

std::vector<const TerminatingNamespace*> TerminatingNamespaces::stuck() const {
  std::vector<const TerminatingNamespace*> out;
  for (const TerminatingNamespace& going : list_) {
    if (going.level) out.push_back(&going);
  }
  return out;
}

std::string TerminatingNamespace::consequence(const Context& context) const {
  std::vector<std::string> counts;
  for (const kube::RemainingKind& kind : status.kinds) {
    counts.push_back(count_of(kind.count, kind.plural, kind.group));
  }
  constexpr std::size_t most = 3;
  if (counts.size() > most) {
    const std::size_t others = counts.size() - most;
    counts.resize(most);
    counts.push_back(base::plural(others, "other kind"));
  }
  std::string text = "Namespace " + name();
  if (level == Level::error) {
    text += " is stuck in Terminating";
  } else {
    text += " has been Terminating " + deleting_for(context, *ns);
  }
  if (!counts.empty()) text += " (" + base::join_and(counts) + ')';
  return text + '.';
}

Finding& report_namespace(const Context& context, Reporter& reporter,
                          const TerminatingNamespace& going, std::string title) {
  Finding& f = going.level == Level::error ? reporter.error(*going.ns, std::move(title))
                                           : reporter.warning(*going.ns, std::move(title));
  f.with_consequence(going.consequence(context));
  f.since = going.ns->deleted();
  f.with_evidence("namespace " + going.name(), "Terminating " + deleting_for(context, *going.ns));
  return f;
}

}  // namespace checks
