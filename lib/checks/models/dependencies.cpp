// DEP001: what pods of models and of AIBrix need by name or by address is there. Objects that were
// read tell it; of those that are not read from a cluster (ConfigMaps, ServiceAccounts, classes,
// and Secrets unless asked for) the words of the kubelet, the scheduler and the API server do.
#include <algorithm>
#include <string>
#include <vector>

#include "aibrix/pod.hpp"
#include "aibrix/redis.hpp"
#include "aibrix/resources.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/orchestration.hpp"
#include "checks/common/pod_needs.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using aibrix::Model;
using aibrix::Workload;
using kube::Object;
using kube::Value;
namespace core = kube::resources;

constexpr kube::Need secrets_need{
    &core::secrets, kube::Scope::workloads, false, {}, &kube::secrets_right};
// The one ConfigMap that is read from a cluster; from files all of them are.
constexpr auto dependency_needs =
    with(model_lists, need::optional(need::services), need::optional(need::endpointslices),
         need::optional({&core::pvcs}), need::optional(need::namespaces),
         need::optional(need::warning_events), need::optional(need::envoy_gateway_config),
         need::optional({&aibrix::resources::kv_caches}), secrets_need);

// A workload and how its pods are.
struct User {
  const Model* model = nullptr;  // nullptr: it is a part of the install
  const Object* workload = nullptr;
  std::vector<const Object*> pods;
  std::vector<std::string> complaints;  // what was said of pods that are not there or not ready
  bool down = false;                    // replicas are wanted, and none is routable

  const Object& object() const { return *workload; }
  bool serves(std::string_view name) const { return model != nullptr && model->name == name; }
};

struct Thing {
  PodNeed need;
  std::string what;      // "does not exist", "has no ready endpoint"
  std::string measured;  // evidence
  std::string key = "found";
  std::string want;
  const Object* object = nullptr;  // when it exists
  bool stops = true;               // pods cannot start without it
  std::vector<const User*> users;
};

void add_events(const Context& context, const Object& about, std::vector<std::string>& out) {
  for (const Object& event : context.snapshot.list(core::events, about.ns())) {
    const Value object = event["involvedObject"];
    const std::string_view name = object["name"].text();
    // A Deployment's pods are made by ReplicaSets that are named after it.
    const bool its = name == about.name() ||
                     (object["kind"].text() == "ReplicaSet" && about.kind() == "Deployment" &&
                      name.starts_with(std::string(about.name()) + '-'));
    if (its && event["type"].text() != "Normal") out.emplace_back(event["message"].text());
  }
}

void add_pod(const Context& context, const Object& pod, std::vector<std::string>& out) {
  for (const char* list : {"initContainerStatuses", "containerStatuses"}) {
    for (const Value& container : pod.status()[list].items())
      out.emplace_back(container["state"]["waiting"]["message"].text());
  }
  out.emplace_back(pod.condition("PodScheduled").message());
  add_events(context, pod, out);
}

std::vector<std::string> complaints_about(const Context& context, const User& user) {
  std::vector<std::string> out;
  const Object& object = user.object();
  out.emplace_back(replica_failure(object).message());
  for (const Object* set : role_sets_of(context, object))
    out.emplace_back(replica_failure(*set).message());
  add_events(context, object, out);
  for (const Object* pod : user.pods) {
    if (!aibrix::is_routable(pod)) add_pod(context, *pod, out);
  }
  return out;
}

User user_of(const Context& context, const Model* model, const Object& object,
             std::vector<const Object*> pods) {
  User user{model, &object, std::move(pods), {}, false};
  const auto served = std::count_if(user.pods.begin(), user.pods.end(), aibrix::is_routable);
  user.down = from_api_server(object) && !just_made(context, object) && served == 0;
  const bool all = static_cast<std::size_t>(served) == user.pods.size();
  if (user.down || !all) user.complaints = complaints_about(context, user);
  return user;
}

std::vector<const Object*> pods_of_cache(const Context& context, const Object& cache) {
  std::vector<const Object*> out;
  for (const Object& pod : context.snapshot.list(core::pods, cache.ns())) {
    if (pod.label("kvcache.orchestration.aibrix.ai/name") == cache.name()) out.push_back(&pod);
  }
  return out;
}

std::vector<User> users_of(const Context& context, Reporter& reporter) {
  std::vector<User> out;
  for (const Model& model : models_to_judge(context, reporter)) {
    for (const Workload& w : model.workloads) {
      if (w.replicas != 0)
        out.push_back(user_of(context, &model, *w.object, pods_of(w, model.pods)));
    }
  }
  for (const Object& cache : context.snapshot.list(aibrix::resources::kv_caches)) {
    if (!cache.deleting())
      out.push_back(user_of(context, nullptr, cache, pods_of_cache(context, cache)));
  }
  // What the others need has checks of its own (RED001, RED002, WH004).
  for (const auto role :
       {aibrix::ComponentRole::metadata_service, aibrix::ComponentRole::gpu_optimizer}) {
    const aibrix::Component& part = context.cluster.component(role);
    if (part.deployment != nullptr && part.desired != 0 && !part.deployment->deleting())
      out.push_back(user_of(context, nullptr, *part.deployment, part.pods));
  }
  return out;
}

std::string complaint_of(const User& user, const kube::ObjectRef& ref) {
  const auto it = std::ranges::find_if(
      user.complaints, [&](const std::string& complaint) { return says_missing(complaint, ref); });
  return it == user.complaints.end() ? "" : *it;
}

const kube::Resource* list_of(const kube::ObjectRef& ref) {
  if (ref.kind == "ConfigMap") return &core::configmaps;
  if (ref.kind == "Secret") return &core::secrets;
  return ref.kind == "PersistentVolumeClaim" ? &core::pvcs : nullptr;
}

// A pod of it is about to start, and has not got what it mounts or reads.
bool waits_to_start(const User& user) {
  return std::any_of(user.pods.begin(), user.pods.end(), [](const Object* pod) {
    if (pod->condition("PodScheduled").is_false()) return false;
    for (const char* list : {"initContainerStatuses", "containerStatuses"}) {
      for (const Value& container : pod->status()[list].items()) {
        const std::string_view reason = container["state"]["waiting"]["reason"].text();
        if (reason == "ContainerCreating" || reason == "CreateContainerConfigError") return true;
      }
    }
    return false;
  });
}

// Whether the list tells that an object is not there. Of ConfigMaps a cluster shows only one. A
// file of a whole cluster may lack a kind all the same: it does not where there are some of this
// namespace, and where a pod waits for just such a thing.
bool list_tells(const Context& context, const User& user, const kube::ObjectRef& ref) {
  const kube::Resource& kind = *list_of(ref);
  const auto& snapshot = context.snapshot;
  if (snapshot.withheld(kind) || !snapshot.complete(kind, ref.ns)) return false;
  if (ref.kind == "PersistentVolumeClaim" && !user.down) return false;  // a pod in use keeps it
  if (snapshot.source() == kube::Source::files)
    return !snapshot.list(kind, ref.ns).empty() || waits_to_start(user);
  return ref.kind != "ConfigMap";
}

// A claim waits for a volume, or has lost it.
void judge_volume_claim(const Context& context, const User& user, Thing& thing) {
  const Object& claim = *thing.object;
  const std::string phase(claim.status()["phase"].text());
  const bool waits = phase == "Pending" && user.down && !just_made(context, claim);
  if (phase != "Lost" && !waits) return;
  thing.what = phase == "Lost" ? "no longer has its volume" : "is not bound to a volume";
  thing.key = "phase";
  thing.measured = phase;
  thing.want = "Bound";
  std::vector<std::string> said;
  add_events(context, claim, said);
  if (!said.empty()) thing.measured += ": " + said.back();
}

void judge_object(const Context& context, const User& user, Thing& thing, Reporter& reporter) {
  const kube::ObjectRef& ref = thing.need.ref;
  std::string said = complaint_of(user, ref);
  if (const kube::Resource* kind = list_of(ref)) {
    const kube::Lookup found = context.snapshot.find(*kind, ref.ns, ref.name);
    thing.object = found.object;
    if (found && ref.kind == "PersistentVolumeClaim")
      return judge_volume_claim(context, user, thing);
    if (found && said.find("find key") == std::string::npos) return;  // there by now
    if (!found && said.empty() && found.missing() && list_tells(context, user, ref)) {
      thing.what = "does not exist";
      thing.measured = "no";
      return;
    }
  }
  if (said.empty()) {
    if (ref.kind == "Secret" && user.down && context.snapshot.withheld(core::secrets))
      reporter.not_asked("whether Secret " + ref.ns + '/' + ref.name + " exists",
                         kube::secrets_right);
    return;
  }
  thing.what = said.find("find key") != std::string::npos ? "lacks a key" : "does not exist";
  thing.key = "pods";
  thing.measured = std::move(said);
}

void judge_service(const Context& context, const User& user, Thing& thing, Reporter& reporter) {
  const aibrix::ServiceAddress& address = thing.need.address;
  const aibrix::ServiceState state = aibrix::service_state(context.cluster, address);
  thing.stops = false;
  if (!state.known) {
    reporter.undetermined("Service " + address.text() + " or its endpoints were not read");
    return;
  }
  // A model's own Service has no ready endpoint as long as its pods have not started.
  if (!state.bad() || (state.missing && !address.certain && !user.down)) return;
  if (state.unready && (!from_api_server(*state.service) || user.serves(address.name))) return;
  thing.object = state.service.object;
  thing.what = state.what();
  thing.key = state.missing ? "found" : "Service";
  thing.measured = state.missing ? "no" : state.measured;
  thing.want = state.want;
}

// The pods behind the Service are the workload's own: it waits for itself, not for another.
bool is_own_service(const Context& context, const User& user, const Thing& thing) {
  if (thing.object == nullptr || !thing.need.is_service()) return false;
  const auto behind =
      context.cluster.pods_for_map(thing.object->ns(), thing.object->spec()["selector"]);
  return std::any_of(behind.begin(), behind.end(), [&](const Object* pod) {
    return std::find(user.pods.begin(), user.pods.end(), pod) != user.pods.end();
  });
}

std::vector<Thing> things_in_the_way(const Context& context, const std::vector<User>& users,
                                     Reporter& reporter) {
  std::vector<Thing> out;
  for (const User& user : users) {
    for (const PodNeed& need : pod_needs(user.object())) {
      if (need.optional) continue;
      Thing thing;
      thing.need = need;
      if (need.is_service()) {
        judge_service(context, user, thing, reporter);
      } else {
        judge_object(context, user, thing, reporter);
      }
      if (thing.what.empty() || is_own_service(context, user, thing)) continue;
      auto same = std::find_if(out.begin(), out.end(),
                               [&](const Thing& t) { return t.need.ref == need.ref; });
      if (same == out.end()) same = out.insert(same, std::move(thing));
      same->users.push_back(&user);
    }
  }
  return out;
}

void name_cause(const Context& context, const Thing& thing, Finding& f) {
  if (!thing.need.is_service()) return;
  // pkg/controller/kvcache: NAME-redis, NAME-rpc, NAME-0, …
  for (const Object& cache :
       context.snapshot.list(aibrix::resources::kv_caches, thing.need.ref.ns)) {
    const std::string name(cache.name());
    if (thing.need.ref.name == name || thing.need.ref.name.starts_with(name + '-'))
      f.caused_by(KVC001, cache.ref());
  }
  const aibrix::Redis redis = aibrix::find_redis(context.cluster);
  if (redis.where == aibrix::Redis::Where::service && redis.ns == thing.need.ref.ns &&
      redis.name == thing.need.ref.name) {
    f.caused_by(RED001, redis.ref(context.cluster));
  }
}

void advise_on(const Thing& thing, Finding& f) {
  const kube::ObjectRef& ref = thing.need.ref;
  if (thing.object != nullptr) {
    const bool service = thing.need.is_service();
    f.remedy(Confidence::manual,
             service ? "bring back the pods behind it, or correct the address"
                     : "read what it waits for, or correct it",
             kubectl(ref.ns, "describe").on(*thing.object));
    return;
  }
  if (ref.kind == "ServiceAccount") {
    f.remedy(Confidence::review, "create it, or correct its name in the workload",
             kubectl(ref.ns, "create", "serviceaccount", operand(ref.name)));
    return;
  }
  f.remedy(Confidence::manual, "create it" + (ref.ns.empty() ? "" : " in namespace " + ref.ns) +
                                   ", or correct its name in the workload");
}

void report_thing(const Context& context, const Thing& thing, Reporter& reporter) {
  const kube::ObjectRef& ref = thing.need.ref;
  const bool down = std::any_of(thing.users.begin(), thing.users.end(),
                                [](const User* user) { return user->down; });
  std::vector<std::string> names;
  for (const User* user : thing.users) base::add_once(names, kind_and_name(user->object()));
  const std::string place = ref.ns.empty() ? ref.name : ref.ns + '/' + ref.name;
  const std::string title = ref.kind + ' ' + place + ", which " + base::join_and(names) +
                            (names.size() == 1 ? " needs, " : " need, ") + thing.what;
  const Subject subject = thing.object != nullptr ? Subject(*thing.object) : Subject(ref);
  Finding& f =
      down && thing.stops ? reporter.error(subject, title) : reporter.warning(subject, title);
  if (thing.need.is_service()) {
    f.with_consequence(thing.need.store
                           ? "Engines that wait for it do not get ready; others work without it."
                           : "What connects to it fails.");
  } else {
    f.with_consequence(down ? "Its pods cannot start."
                            : "Pods that run go on; no new one can start.");
  }
  f.with_evidence("named by", kind_and_name(thing.users.front()->object()) + ' ' + thing.need.path);
  f.with_evidence(thing.key, thing.measured, thing.want);
  for (const User* user : thing.users) {
    f.with_related(user->object());
    if (user->model != nullptr) base::add_once(f.models, user->model->name);
  }
  name_cause(context, thing, f);
  advise_on(thing, f);
}

void run_dependencies(const Context& context, Reporter& reporter) {
  const std::vector<User> users = users_of(context, reporter);
  for (const Thing& thing : things_in_the_way(context, users, reporter))
    report_thing(context, thing, reporter);
}

}  // namespace

constinit const Check registry::DEP001{
    codes::DEP001,
    Area::models,
    "something that pods need is missing or down",
    dependency_needs,
    run_dependencies,
    {"The pods of a model or KVCache, the metadata service or the GPU optimizer name something that is not there or does not work: a ConfigMap, Secret, "
     "PersistentVolumeClaim, ServiceAccount, PriorityClass or RuntimeClass, or, by its address, the "
     "Service of a KV cache, of Redis or of another part. References marked optional are left out.",
     "The object was never created, is in another namespace or has another name; no volume fits the "
     "claim; the KV cache was deleted or has no ready pod.",
     "Create or repair it, or correct the name. Pods that wait start by themselves then. From a "
     "cluster, ConfigMaps, ServiceAccounts and classes are not listed: there the messages of pods "
     "that do not start tell, and Secrets are looked up only with --with-secrets.",
     "every release"}};

}  // namespace checks
