// The reader of ReplicaFailure and its like, in workloads and in what was made for them.
#include "checks/common/pod_refusal.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/pod_events.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

bool owned_by(const Object& child, const Object& parent) {
  return std::ranges::any_of(
      child.at("metadata", "ownerReferences").items(), [&](const Value& owner) {
        const std::string_view uid = owner["uid"].text();
        return owner["kind"].text() == parent.kind() && owner["name"].text() == parent.name() &&
               (uid.empty() || parent.uid().empty() || uid == parent.uid());
      });
}

// The workload and all that was made for it, itself first.
std::vector<const Object*> family(const Context& context, const Object& workload) {
  const std::array<const kube::Resource*, 5> kinds = {
      &aibrix::resources::role_sets, &aibrix::resources::pod_sets,
      &aibrix::resources::ray_replicasets, &aibrix::resources::ray_clusters,
      &aibrix::resources::pod_groups};
  std::vector<const Object*> out = {&workload};
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const kube::Resource* kind : kinds) {
      for (const Object& child : context.snapshot.list(*kind, workload.ns())) {
        if (!child.deleting() && owned_by(child, *out[i])) out.push_back(&child);
      }
    }
  }
  return out;
}

void add(std::vector<Failure>& failures, Failure failure) {
  const bool known =
      std::ranges::any_of(failures, [&](const Failure& f) { return f.message == failure.message; });
  if (!known && !failure.message.empty()) failures.push_back(std::move(failure));
}

void read_conditions(const Object& object, std::vector<Failure>& failures) {
  for (const Value& condition : object.status()["conditions"].items()) {
    const std::string_view type = condition["type"].text();
    const bool bad = type == "ReplicaFailure" || type == "GangSchedulingError";
    if (!bad || condition["status"].text() != "True") continue;
    add(failures, {&object, std::string(condition["reason"].text()),
                   std::string(condition["message"].text()), false});
  }
}

// Controllers say in events what the API server refused them. A Deployment's ReplicaSets are not
// read: their events bear the Deployment's name and a hash.
void read_events(const Context& context, const Object& object, std::vector<Failure>& failures) {
  const std::string prefix = std::string(object.name()) + '-';
  const Object* newest = nullptr;
  for (const Object& event : context.snapshot.list(kube::resources::events, object.ns())) {
    const Value about = event["involvedObject"];
    const std::string_view name = about["name"].text();
    const bool set = object.kind() == "Deployment" && about["kind"].text() == "ReplicaSet" &&
                     name.starts_with(prefix) &&
                     name.find('-', prefix.size()) == std::string_view::npos;
    // A LeaderWorkerSet's leaders are a StatefulSet of its name.
    const bool own =
        name == object.name() &&
        (about["kind"].text() == object.kind() ||
         (object.kind() == "LeaderWorkerSet" && about["kind"].text() == "StatefulSet"));
    const std::string_view reason = event["reason"].text();
    if ((!set && !own) || event["type"].text() == "Normal") continue;
    if (reason.find("FailedCreate") == reason.npos &&
        reason.find("FailedToCreate") == reason.npos) {
      continue;
    }
    if (newest == nullptr || event_time(event) > event_time(*newest)) newest = &event;
  }
  if (newest == nullptr) return;
  add(failures, {&object, std::string(newest->at("reason").text()),
                 std::string(newest->at("message").text()), true});
}

std::string quoted_after(std::string_view text, std::string_view words) {
  const std::size_t at = text.find(words);
  if (at == text.npos) return {};
  const std::string_view rest = text.substr(at + words.size());
  return std::string(rest.substr(0, rest.find('"')));
}

std::string word_after(std::string_view text, std::string_view words) {
  const std::size_t at = text.find(words);
  if (at == text.npos) return {};
  const std::string_view rest = text.substr(at + words.size());
  return std::string(rest.substr(0, rest.find_first_of(",: ")));
}

// From here on; the whole text where these words are not in it.
std::string_view after(std::string_view text, std::string_view words) {
  const std::size_t at = text.find(words);
  return at == text.npos ? text : text.substr(at + words.size());
}

std::string explain_quota(std::string_view message, std::string_view ns, Finding& f) {
  const bool used_up = message.find("exceeded quota: ") != message.npos;
  const std::string quota = word_after(message, used_up ? "exceeded quota: " : "failed quota: ");
  f.remedy(Confidence::manual,
           used_up ? "raise the quota, or free what others use of it"
                   : "set the requests and limits that the quota counts on every container",
           kubectl(ns, "describe").on("resourcequota", quota));
  return "ResourceQuota " + quota +
         (used_up ? " is used up" : " demands requests or limits that the pods do not set");
}

std::string explain_name(std::string_view message, const Object& workload, Finding& f) {
  const std::string name = quoted_after(message, "Invalid value: \"");
  const std::size_t limit = message.find("253") != message.npos ? 253 : 63;
  const std::size_t over = name.size() > limit ? name.size() - limit : 0;
  f.remedy(Confidence::manual, over == 0 ? "make it under a shorter name"
                                         : "make it under a name that is shorter by " +
                                               base::plural(over, "character") +
                                               " or more (also names of its roles "
                                               "and groups count)");
  // Kubernetes checks a pod's spec.hostname and the values of labels alike.
  const bool label = message.find("labels: Invalid value") != message.npos;
  return std::string(label ? "its name is too long for the labels of what is made for it ("
                           : "the names of its pods are too long for a host name (") +
         (over == 0 ? "more than " : std::to_string(name.size()) + " characters, at most ") +
         std::to_string(limit) + ')' +
         (label ? "" : ", since they begin with " + std::string(workload.name()));
}

// What the API server's refusal means; the sentences are those of Kubernetes' admission plugins
// (plugin/pkg/admission) and of its validation (pkg/apis/core/validation).
std::string meaning(std::string_view message, const Object& workload, Finding& f) {
  const auto says = [&](std::string_view words) { return message.find(words) != message.npos; };
  const std::string_view ns = workload.ns();
  if (says("exceeded quota: ") || says("failed quota: ")) return explain_quota(message, ns, f);
  if (says("violates PodSecurity")) {
    const std::string level = quoted_after(message, "violates PodSecurity \"");
    f.remedy(Confidence::manual,
             "set the securityContext that the message asks for, or lower the namespace's label "
             "pod-security.kubernetes.io/enforce",
             kubectl("", "get", "namespace", operand(ns), "--show-labels"));
    return "namespace " + std::string(ns) + " enforces Pod Security level " +
           level.substr(0, level.find(':')) + ", which refuses its pods";
  }
  if (says("usage per Container is") || says("usage per Pod is") ||
      says("limit to request ratio")) {
    f.remedy(Confidence::manual, "request what the LimitRange allows, or change it",
             kubectl(ns, "describe", "limitranges"));
    return "a LimitRange of namespace " + std::string(ns) + " refuses its pods";
  }
  if (says("no more than 63 ") || says("no more than 253 ")) {
    return explain_name(message, workload, f);
  }
  if (says("serviceaccount \"") && says("not found")) {
    const std::string account = quoted_after(message, "serviceaccount \"");
    f.remedy(Confidence::review, "create the ServiceAccount, or name another one",
             kubectl(ns, "create", "serviceaccount", operand(account)));
    return "its ServiceAccount " + account + " does not exist";
  }
  if (says("no PriorityClass with name ")) {
    f.remedy(Confidence::manual, "create the PriorityClass, or take priorityClassName out",
             kubectl("", "get", "priorityclasses"));
    return "its PriorityClass " + word_after(message, "no PriorityClass with name ") +
           " does not exist";
  }
  if (says("admission webhook \"")) {
    f.remedy(Confidence::manual, "correct what the webhook refuses");
    return "admission webhook " + quoted_after(message, "admission webhook \"") +
           " refuses its pods";
  }
  if (says("failed calling webhook \"")) {
    f.remedy(Confidence::manual, "repair the service behind the webhook");
    return "webhook " + quoted_after(message, "failed calling webhook \"") +
           " does not answer, and refuses its pods by that";
  }
  f.remedy(Confidence::manual, "correct what the message names in the workload's template",
           kubectl(ns, "describe", target_of(workload)));
  if (says(" is invalid: ")) {
    return "its pods are invalid: " + base::shorten(after(message, " is invalid: "), 160);
  }
  if (says(" is forbidden: ")) {
    return "its pods are forbidden: " + base::shorten(after(message, " is forbidden: "), 160);
  }
  return base::shorten(message, 160);
}

}  // namespace

std::vector<Failure> failures_of(const Context& context, const Object& workload) {
  std::vector<Failure> out;
  const std::vector<const Object*> all = family(context, workload);
  for (auto it = all.rbegin(); it != all.rend(); ++it) read_conditions(**it, out);
  const bool told = !out.empty();
  for (auto it = all.rbegin(); it != all.rend() && !told; ++it) read_events(context, **it, out);
  return out;
}

std::string explain_failures(const std::vector<Failure>& failures, const Object& workload,
                             Finding& finding) {
  for (const Failure& f : failures) {
    finding.with_evidence(
        (f.of_event ? "event of " : "status of ") + kind_and_name(*f.object),
        (f.reason.empty() ? "" : f.reason + ": ") + base::shorten(f.message, 400));
    if (f.object != &workload) finding.with_related(*f.object);
  }
  return failures.empty() ? std::string() : meaning(failures.front().message, workload, finding);
}

}  // namespace checks
