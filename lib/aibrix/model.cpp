// The collector of models from labels, routes, ModelAdapters and ModelClaims.
#include "aibrix/model.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/resources.hpp"
#include "base/chars.hpp"
#include "base/lists.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "kube/name_rules.hpp"

namespace aibrix {
namespace {

using kube::Object;
using kube::Value;

void add_name(std::vector<std::string>& list, std::string_view name) {
  if (!name.empty()) base::add_once(list, name);
}

struct WatchedKind {
  const kube::Resource* resource;
  bool routed;  // watched by the model-route-controller, of some release
};
constexpr WatchedKind workload_kinds[] = {
    {&kube::resources::deployments, true},  {&resources::ray_fleets, true},
    {&resources::leader_worker_sets, true}, {&resources::storm_services, false},
    {&resources::role_sets, false},         {&kube::resources::statefulsets, false},
};

Workload make_workload(const Object& object, bool routed) {
  Workload w;
  w.object = &object;
  w.routed = routed;
  w.metadata_model = object.label(names::model_name);
  if (w.metadata_model.empty()) w.metadata_model = object.annotation(names::model_name);
  for (const PodTemplate& t : pod_templates(object)) {
    const Value metadata = t.value["metadata"];
    std::string_view name = metadata["labels"][names::model_name].text();
    if (name.empty()) name = metadata["annotations"][names::model_name].text();
    add_name(w.template_models, name);
  }
  w.replicas = object.spec()["replicas"].integer_or(1);
  return w;
}

// A RoleSet that a StormService made, a PodSet, …: its owner speaks for it.
bool owned(const Object& object) {
  for (const Value& owner : object.at("metadata", "ownerReferences").items()) {
    if (owner["controller"].is_true()) return true;
  }
  return false;
}

class Collector {
 public:
  Collector(const kube::Snapshot& snapshot, const Release& release)
      : snapshot_(snapshot), release_(release) {}

  std::vector<Model> run() {
    for (const WatchedKind& kind : workload_kinds) {
      for (const Object& object : snapshot_.list(*kind.resource)) add_workload(object, kind.routed);
    }
    for (const Object& pod : snapshot_.list(kube::resources::pods)) add_pod(pod);
    for (const Object& adapter : snapshot_.list(resources::model_adapters)) {
      if (!adapter.deleting()) named(adapter.name()).adapter = &adapter;
    }
    for (const Object& claim : snapshot_.list(resources::model_claims)) {
      if (!claim.deleting()) named(claimed_model(claim)).claim = &claim;
    }
    std::vector<Model> models;
    for (auto& [name, model] : models_) {
      model.route =
          snapshot_.find(resources::http_routes, names::system_namespace, route_name(name));
      models.push_back(std::move(model));
    }
    return models;
  }

 private:
  Model& named(std::string_view name) {
    Model& model = models_[std::string(name)];
    model.name = name;
    return model;
  }

  void add_workload(const Object& object, bool routed) {
    if (object.deleting() || owned(object)) return;
    const Workload workload = make_workload(object, routed);
    std::vector<std::string> served = workload.template_models;
    add_name(served, workload.metadata_model);
    for (const std::string& name : served) named(name).workloads.push_back(workload);
  }

  void add_pod(const Object& pod) {
    const std::string_view name = pod_model(pod, release_);
    if (name.empty()) return;
    Model& model = named(name);
    if (is_worker_pod(pod, release_)) {
      model.ignored_pods.push_back(&pod);
      return;
    }
    model.pods.push_back(&pod);
    if (is_routable(&pod)) ++model.routable_pods;
  }

  const kube::Snapshot& snapshot_;
  const Release& release_;
  std::map<std::string, Model> models_;
};

}  // namespace

std::string_view Workload::model() const {
  return template_models.empty() ? std::string_view(metadata_model)
                                 : std::string_view(template_models.front());
}

bool Model::wants_route() const {
  return (adapter != nullptr && !adapter->label(names::model_name).empty()) ||
         std::any_of(workloads.begin(), workloads.end(),
                     [&](const Workload& w) { return w.routed && w.metadata_model == name; });
}

std::vector<std::string> Model::namespaces() const {
  std::vector<std::string> out;
  for (const Workload& w : workloads) add_name(out, w.object->ns());
  if (adapter != nullptr) add_name(out, adapter->ns());
  return out;
}

std::vector<Model> find_models(const kube::Snapshot& snapshot, const Release& release) {
  return Collector(snapshot, release).run();
}

std::string_view claimed_model(const Object& claim) {
  const std::string_view name = claim.spec()["modelName"].text();
  return name.empty() ? claim.name() : name;
}

std::string route_name(std::string_view model) {
  std::string plain(model);
  plain += "-router";
  if (kube::is_subdomain(plain)) return plain;
  std::string slug;
  for (const char c : base::lower(model)) {
    const bool word = base::is_lower(c) || base::is_digit(c);
    if (word) slug += c;
    if (!word && !slug.empty() && slug.back() != '-') slug += '-';
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  if (slug.empty()) slug = "model";
  return (slug + '-' + base::sha256_hex(model).substr(0, 12) + "-router").substr(0, 253);
}

std::string backend_service_name(const Workload& workload) {
  const std::string_view named = workload.object->annotation(names::model_service_name);
  return std::string(named.empty() ? std::string_view(workload.metadata_model) : named);
}

std::int64_t backend_port(const Object& workload) {
  std::int64_t port = 0;
  const std::string_view text = workload.label(names::model_port);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 ? port : 8000;
}

std::vector<PodTemplate> pod_templates(const Object& workload) {
  std::vector<PodTemplate> out;
  const auto add = [&out](const Value& value, std::string path) {
    if (value.exists()) out.push_back({value, std::move(path)});
  };
  const Value spec = workload.spec();
  if (workload.kind() == "RayClusterFleet") {
    const Value ray = spec.at("template", "spec");
    add(ray.at("headGroupSpec", "template"), "spec.template.spec.headGroupSpec.template");
    for (std::size_t i = 0; i < ray["workerGroupSpecs"].size(); ++i) {
      add(ray["workerGroupSpecs"][i]["template"],
          "spec.template.spec.workerGroupSpecs[" + std::to_string(i) + "].template");
    }
    return out;
  }
  if (workload.kind() == "LeaderWorkerSet") {
    const Value lws = spec["leaderWorkerTemplate"];
    add(lws["leaderTemplate"], "spec.leaderWorkerTemplate.leaderTemplate");
    add(lws["workerTemplate"], "spec.leaderWorkerTemplate.workerTemplate");
    return out;
  }
  const bool storm = workload.kind() == "StormService";
  if (storm || workload.kind() == "RoleSet") {
    const Value roles = storm ? spec.at("template", "spec", "roles") : spec["roles"];
    const std::string path = storm ? "spec.template.spec.roles[" : "spec.roles[";
    for (std::size_t i = 0; i < roles.size(); ++i) {
      add(roles[i]["template"], path + std::to_string(i) + "].template");
    }
    return out;
  }
  add(spec["template"], "spec.template");
  return out;
}

}  // namespace aibrix
