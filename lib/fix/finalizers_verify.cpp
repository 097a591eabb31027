// The look at objects and namespaces after their finalizers were taken off.
#include "fix/finalizers_verify.hpp"

#include <algorithm>
#include <set>

#include "aibrix/cluster.hpp"
#include "base/text.hpp"
#include "checks/common/deletion_text.hpp"
#include "checks/common/namespaces.hpp"
#include "fix/common.hpp"

namespace fix {
namespace {

using checks::BlockingFinalizer;
using Seen = Watched::State;

// It is on an object that the plan speaks of itself.
bool watches(const std::vector<Watch>& watched, const BlockingFinalizer& hold) {
  return std::any_of(watched.begin(), watched.end(),
                     [&](const Watch& w) { return w.uid == hold.object->uid(); });
}

std::string foreign_text(const BlockingFinalizer& hold) {
  return "is waiting for " + checks::likely_owner(hold) + " (finalizer " +
         std::string(hold.finalizer) + ")";
}

// The API server removes a definition with its last object. `objects`: what was seen of those.
Watched look_at_definition(const checks::Context& context, const Watch& watch,
                           const std::vector<Watched>& objects) {
  Watched out;
  out.object = watch.object;
  const kube::Lookup found = context.snapshot.find(*watch.resource, "", watch.object.name);
  if (found.unknown()) {
    out.text = not_read(context.snapshot, *watch.resource);
  } else if (!found || found->uid() != watch.uid) {
    out.state = Seen::done;
    out.text = "gone";
  } else {
    const bool held = std::any_of(objects.begin(), objects.end(),
                                  [](const Watched& w) { return w.state == Seen::others; });
    if (held) out.state = Seen::others;
    out.text = "still Terminating, until its last object is gone";
  }
  return out;
}

Watched look_at(const checks::Context& context, const Watch& watch) {
  Watched out;
  out.object = watch.object;
  const kube::Lookup found =
      context.snapshot.find(*watch.resource, watch.object.ns, watch.object.name);
  if (found.unknown()) {
    out.text = not_read(context.snapshot, *watch.resource);
    if (out.text.empty()) out.text = "its namespace was not read";
    return out;
  }
  if (!found || found->uid() != watch.uid) {
    out.state = Seen::done;
    out.text = found ? "gone, and re-created since" : "gone";
    return out;
  }
  checks::FinalizerIndex deletions(context);
  std::vector<std::string> ours;
  std::vector<std::string> others;
  for (const std::string_view finalizer : found->finalizers()) {
    if (std::find(watch.finalizers.begin(), watch.finalizers.end(), finalizer) !=
        watch.finalizers.end()) {
      ours.emplace_back(finalizer);
      continue;
    }
    BlockingFinalizer hold;
    hold.object = found.object;
    hold.finalizer = finalizer;
    hold.known = aibrix::find_finalizer(finalizer);
    others.push_back(foreign_text(hold));
  }
  if (!ours.empty()) {
    out.text = "still has finalizer " + base::join_and(ours);
  } else if (!others.empty()) {
    out.state = Seen::others;
    out.text = "AIBrix's part is done; it " + base::join_and(others);
  } else {
    out.text = watch.finalizers.empty() ? "still exists"
                                        : "its finalizer is removed, and it is about to be deleted";
  }
  return out;
}

Watched look_at_namespace(const checks::Context& context, const std::string& name,
                          const std::vector<Watched>& objects) {
  Watched out;
  out.object = {"", "Namespace", "", name};
  const kube::Lookup ns = context.snapshot.find(kube::resources::namespaces, "", name);
  if (ns.unknown()) {
    out.text = "namespaces were not read";
    return out;
  }
  if (!ns || !ns->deleting()) {
    out.state = Seen::done;
    out.text = "gone";
    return out;
  }
  const auto blockers = namespace_blockers(context, name, {});
  const bool ours_wait = std::any_of(objects.begin(), objects.end(), [&](const Watched& w) {
    return w.object.ns == name && w.state == Seen::waiting;
  });
  const bool held = std::any_of(objects.begin(), objects.end(), [&](const Watched& w) {
    return w.object.ns == name && w.state == Seen::others;
  });
  out.state = !ours_wait && (held || !blockers.empty()) ? Seen::others : Seen::waiting;
  out.text = blockers.empty() ? "still Terminating; its controller checks again about every 15 s"
                              : "still Terminating: " + base::join(blockers, "; ");
  return out;
}

}  // namespace

std::vector<std::string> namespace_blockers(const checks::Context& context, std::string_view ns,
                                            const std::vector<Watch>& watched) {
  checks::Reporter unused{checks::Code()};
  const checks::TerminatingNamespaces all(context, unused);
  std::vector<std::string> out;
  for (const checks::TerminatingNamespace& going : all.list()) {
    if (going.name() != ns) continue;
    for (const BlockingFinalizer& hold : going.holds) {
      if (watches(watched, hold)) continue;
      add_once(out, checks::name_of(*hold.object) + ' ' + foreign_text(hold));
    }
    for (const checks::OverduePod& pod : going.pods) {
      add_once(out, "pod " + pod.pod->full_name() + " does not terminate: " + pod.why);
    }
    for (const checks::UnavailableApiService* api : going.apis) {
      add_once(out, "APIService " + std::string(api->object->name()) + " does not answer (" +
                        api->available.summary() + "): fix or delete it");
    }
    // What the namespace's own conditions count and this program does not list.
    for (const kube::RemainingFinalizer& f : going.status.finalizer_counts) {
      const bool ours = std::any_of(watched.begin(), watched.end(), [&](const Watch& w) {
        return std::find(w.finalizers.begin(), w.finalizers.end(), f.name) != w.finalizers.end();
      });
      const bool listed =
          std::any_of(going.holds.begin(), going.holds.end(),
                      [&](const BlockingFinalizer& h) { return h.finalizer == f.name; });
      if (ours || listed || aibrix::is_aibrix_finalizer(f.name)) continue;
      add_once(out, "finalizer " + std::string(f.name) + " on " +
                        base::plural(static_cast<std::size_t>(f.count), "object") +
                        " of kinds that were not read");
    }
  }
  return out;
}

std::vector<Watched> verify_finalizers(const Plan& plan, const checks::Context& context) {
  std::vector<Watched> out;
  for (const Watch& watch : plan.watch) {
    const bool definition = watch.resource == &kube::resources::crds;  // after its objects
    out.push_back(definition ? look_at_definition(context, watch, out) : look_at(context, watch));
  }
  const std::vector<Watched> objects = out;
  for (const std::string& ns : plan.namespaces) {
    out.push_back(look_at_namespace(context, ns, objects));
  }
  return out;
}

}  // namespace fix
