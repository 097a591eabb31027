// NS001: namespaces being deleted finish, or say what holds them; NS002: no namespace being deleted
// waits for finalizers; NS003: no namespace being deleted still holds objects.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/foreign_finalizers.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_needs.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/namespaces.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

bool has_overdue_pods(const TerminatingNamespace& going) {
  return !going.pods.empty();
}

bool explained(const TerminatingNamespace& going) {
  const kube::NamespaceStatus& s = going.status;
  return s.discovery.exists() || s.parsing.exists() || s.content.exists() || s.remaining.exists() ||
         s.finalizers.exists() || has_overdue_pods(going);
}

// What has been held for a moment only is not judged yet: a namespace as young as that is stuck for
// what certainly stops it.
void blame_holds(const TerminatingNamespace& going, Finding& f) {
  bool judged = false;
  for (const BlockingFinalizer& hold : going.holds) {
    if (!hold.level) continue;
    judged = true;
    f.caused_by(hold.code, hold.object->ref());
  }
  if (judged || level_of(going.stage)) return;
  for (const UnavailableApiService* api : going.apis) {
    if (api->certain) f.caused_by(NS004, api->object->ref());
  }
}

// Objects of a kind this program reads, by name with what holds them.
std::vector<std::string> names_left(const Context& context, const kube::Resource& kind,
                                    std::string_view ns) {
  constexpr std::size_t most = 10;
  std::vector<std::string> out;
  const auto objects = context.snapshot.list(kind, ns);
  for (const kube::Object& object : objects) {
    if (out.size() == most) {
      out.push_back(std::to_string(objects.size() - most) + " more");
      break;
    }
    out.push_back(std::string(object.name()) + (object.deleting() ? "" : " (not Terminating yet)"));
  }
  return out;
}

void run_unexplained(const Context& context, Reporter& reporter) {
  const TerminatingNamespaces namespaces(context, reporter);
  for (const TerminatingNamespace* going : namespaces.stuck()) {
    if (explained(*going)) continue;
    const auto own = going->ns->finalizers();
    if (own.empty() && going->holds.empty() && !going->status.begun) continue;  // NS010
    std::vector<std::string> words;
    for (const std::string_view finalizer : own) words.emplace_back(finalizer);
    for (const kube::Value& finalizer : going->ns->spec()["finalizers"].items()) {
      if (finalizer.text() != "kubernetes") words.emplace_back(finalizer.text());
    }
    const std::string title =
        "namespace " + going->name() +
        (!words.empty()         ? " is held by its own finalizer " + base::join_and(words)
         : going->holds.empty() ? " still exists although it is empty"
                                : " contains objects whose finalizers are not removed");
    Finding& f = report_namespace(context, reporter, *going, title);
    blame_holds(*going, f);
    for (const std::string& word : words) {
      f.with_evidence("metadata.finalizers", word, "none");
      add_owner_remedy(f, word, "the namespace");
    }
    if (words.empty() && going->holds.empty()) {
      f.remedy(Confidence::manual, "check what kube-controller-manager reports about it",
               kubectl("", "describe").on("namespace", going->name()));
    }
  }
}

// On a pod, Service or claim: NS007, NS008 and NS009 tell it with the object.
bool told_elsewhere(const Context& context, const TerminatingNamespace& going,
                    std::string_view finalizer) {
  for (const kube::Resource* kind :
       {&kube::resources::pods, &kube::resources::services, &kube::resources::pvcs}) {
    for (const kube::Object& object : context.snapshot.list(*kind, going.name())) {
      if (object.deleting() && object.has_finalizer(finalizer)) return true;
    }
  }
  return false;
}

void run_finalizers(const Context& context, Reporter& reporter) {
  const TerminatingNamespaces namespaces(context, reporter);
  for (const TerminatingNamespace* going : namespaces.stuck()) {
    if (!going->status.finalizers.exists()) continue;
    Finding& f = report_namespace(context, reporter, *going,
                                  "finalizers remain on objects in namespace " + going->name());
    f.at_field("status.conditions");
    std::vector<std::string> counts;
    for (const kube::RemainingFinalizer& left : going->status.finalizer_counts) {
      counts.push_back(std::string(left.name) + " in " + std::to_string(left.count));
      const bool seen =
          std::any_of(going->holds.begin(), going->holds.end(),
                      [&](const BlockingFinalizer& h) { return h.finalizer == left.name; });
      if (seen) continue;
      f.note("finalizer " + std::string(left.name) + ": " + aibrix::finalizer_owner(left.name) +
             " must remove it");
      if (!told_elsewhere(context, *going, left.name)) {
        add_owner_remedy(f, left.name, "what is left in " + going->name());
      }
    }
    f.with_evidence(
        "finalizers remaining in " + going->name(),
        counts.empty() ? std::string(going->status.finalizers.message()) : base::join(counts, ", "),
        "none");
    blame_holds(*going, f);
  }
}

// The finding that speaks for what is left of this kind, if it is one of Kubernetes' own.
void blame_core_kinds(const Context& context, const TerminatingNamespace& going, Finding& f) {
  if (has_overdue_pods(going)) f.caused_by(NS007, going.ns->ref());
  for (const kube::Object& s : context.snapshot.list(kube::resources::services, going.name())) {
    if (s.deleting()) f.caused_by(NS008, s.ref());
  }
  for (const kube::Object& claim : context.snapshot.list(kube::resources::pvcs, going.name())) {
    if (claim.deleting()) f.caused_by(NS009, claim.ref());
  }
}

void run_content(const Context& context, Reporter& reporter) {
  const TerminatingNamespaces namespaces(context, reporter);
  for (const TerminatingNamespace* going : namespaces.stuck()) {
    if (!going->status.remaining.exists()) continue;
    std::vector<std::string> counts;
    for (const kube::RemainingKind& left : going->status.kinds) {
      counts.push_back(count_of(left.count, left.plural, left.group));
    }
    const std::string what = counts.size() == 1 ? counts.front() : "objects";
    Finding& f = report_namespace(context, reporter, *going,
                                  "namespace " + going->name() + " still contains " + what);
    f.at_field("status.conditions");
    blame_holds(*going, f);
    blame_core_kinds(context, *going, f);
    if (going->status.finalizers.exists()) f.caused_by(NS002, going->ns->ref());
    for (const kube::RemainingKind& left : going->status.kinds) {
      std::string name(left.plural);
      if (!left.group.empty()) name.append(".").append(left.group);
      const kube::Resource* known = content_kind(left);
      const auto names = known == nullptr ? std::vector<std::string>()
                                          : names_left(context, *known, going->name());
      f.with_evidence("remaining in " + going->name(),
                      count_of(left.count, left.plural, left.group) +
                          (names.empty() ? "" : ": " + base::join(names, ", ")),
                      "nothing");
      if (names.empty()) {
        f.remedy(Confidence::manual, "list the remaining " + name + " in " + going->name(),
                 kubectl(going->name(), "get", operand(name), "-o", "yaml"));
      }
    }
  }
}

}  // namespace

constinit const Check registry::NS001{
    codes::NS001,
    Area::deletion,
    "a namespace is stuck in Terminating without a reported reason",
    need::ns_content,
    run_unexplained,
    {"A namespace has been Terminating for more than a minute, and its conditions do not say what "
     "remains in it.",
     "The namespace itself has a finalizer (Rancher, a backup tool), or kube-controller-manager "
     "has not processed it again yet.",
     "Have the owner of that finalizer finish. Never empty spec.finalizers through /finalize while "
     "objects remain: they would stay in etcd and reappear in a namespace of the same name.",
     "every release"}};

constinit const Check registry::NS002{
    codes::NS002,
    Area::deletion,
    "finalizers keep a namespace stuck in Terminating",
    need::ns_content,
    run_finalizers,
    {"A namespace is stuck in Terminating: objects in it have finalizers, and their owners have "
     "not removed them (condition NamespaceFinalizersRemaining).",
     "The controller that owns the finalizer is not running, most often aibrix-controller-manager, "
     "which was removed before its ModelAdapters.",
     "Bring back the owner of each finalizer; the findings about the objects say how. Removing "
     "finalizers is the last resort.",
     "every release"}};

constinit const Check registry::NS003{
    codes::NS003,
    Area::deletion,
    "remaining objects keep a namespace stuck in Terminating",
    need::ns_content,
    run_content,
    {"A namespace is stuck in Terminating because objects remain in it (condition "
     "NamespaceContentRemaining).",
     "Finalizers (NS002), pods that do not terminate (NS007), load balancers (NS008) or volumes in "
     "use (NS009).",
     "See the findings that this one follows from. For a kind that aibrixctl does not know, list "
     "the objects and check their finalizers.",
     "every release"}};

}  // namespace checks
