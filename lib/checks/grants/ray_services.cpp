// RAY002: Services that also pick Ray workers.
#include <algorithm>
#include <set>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/ray_fleet.hpp"
#include "checks/common/routes.hpp"
#include "checks/core/command.hpp"
#include "kube/label_index.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

constexpr auto selector_needs =
    routes_and(kube::Need{&aibrix::resources::ray_fleets}, need::services);

// What KubeRay adds to the labels of a worker (ray-operator/controllers/ray/common/pod.go).
bool worker_has(const Value& group, std::string_view key, std::string_view value) {
  if (key == aibrix::names::ray_node_type) return value == "worker";
  if (key == "ray.io/is-ray-node") return value == "yes";
  if (key == "ray.io/group") return value == group["groupName"].text();
  if (key == "ray.io/identifier") return value.ends_with("-worker");
  if (key == "app.kubernetes.io/name") return value == "kuberay";
  if (key == "app.kubernetes.io/created-by") return value == "kuberay-operator";
  return key == "ray.io/cluster";
}

bool picks_workers(const Value& selector, const Value& group) {
  const bool runs = group["replicas"].integer_or(0) > 0 || group["minReplicas"].integer_or(0) > 0;
  const Value labels = group.at("template", "metadata", "labels");
  return runs && selector.size() != 0 &&
         std::all_of(selector.members().begin(), selector.members().end(),
                     [&](const kube::Member& m) {
                       const std::string_view value = m.value.text();
                       return labels[m.key].exists() ? labels[m.key].text() == value
                                                     : worker_has(group, m.key, value);
                     });
}

// Services requests for the fleet's model go through: named as the model, or by its route.
std::set<std::string> service_names(const std::vector<aibrix::Route>& routes, const Fleet& fleet) {
  std::set<std::string> names = {fleet.model};
  const std::string_view named = fleet.object->annotation(aibrix::names::model_service_name);
  if (!named.empty()) names.emplace(named);
  for (const aibrix::Route& route : routes) {
    if (route.model() != fleet.model) continue;
    for (const aibrix::BackendRef& b : route.backends()) {
      if (b.is_service() && b.target.ns == fleet.object->ns()) names.insert(b.target.name);
    }
  }
  return names;
}

void report_picked(const Context& context, const Fleet& fleet, const Object& service,
                   const std::vector<const Object*>& workers, Reporter& reporter) {
  const bool used = unusable_route(context, fleet.model).level != Level::info;
  const std::string title = "Service " + service.full_name() +
                            " also selects the Ray workers of fleet " +
                            std::string(fleet.object->name());
  Finding& f = used ? reporter.warning(service, title) : reporter.info(service, title);
  f.model(fleet.model).at_field("spec.selector");
  f.with_consequence("Some requests for " + fleet.model +
                     " reach a worker, where no server listens, and get 503.");
  std::vector<std::string> pairs;
  for (const kube::Member& m : service.spec()["selector"].members()) {
    pairs.push_back(std::string(m.key) + '=' + std::string(m.value.scalar()));
  }
  f.with_evidence("selector", base::join(pairs, ","),
                  "also " + std::string(aibrix::names::ray_node_type) + "=head");
  if (!workers.empty())
    f.with_evidence("workers selected", base::plural(workers.size(), "pod"), "0");
  for (const Object* pod : workers) f.with_related(*pod);
  f.with_related(*fleet.object);
  if (!from_api_server(service)) {
    f.remedy(Confidence::safe, "add ray.io/node-type: head to its spec.selector");
    return;
  }
  const auto merge = [&](const char* patch) {
    return merge_patch(service.ns(), "service", service.name(), patch);
  };
  f.remedy(Confidence::review, "select only the head",
           merge(R"({"spec":{"selector":{"ray.io/node-type":"head"}}})"));
  f.remedies.back().undo = merge(R"({"spec":{"selector":{"ray.io/node-type":null}}})");
}

void run_selector(const Context& context, Reporter& reporter) {
  kube::LabelIndex index(context.snapshot, kube::resources::pods);
  const std::vector<aibrix::Route>& routes = routes_to_judge(context);
  const std::vector<Fleet> all = fleets(context);
  std::size_t judged = 0;
  for (const Fleet& fleet : all) {
    for (const std::string& name : service_names(routes, fleet)) {
      const kube::Lookup service =
          context.snapshot.find(kube::resources::services, fleet.object->ns(), name);
      if (!service || service->deleting()) continue;
      ++judged;
      const Value selector = service->spec()["selector"];
      std::vector<const Object*> workers = index.select(service->ns(), selector);
      workers.erase(std::remove_if(workers.begin(), workers.end(),
                                   [](const Object* pod) {
                                     return pod->deleting() ||
                                            pod->label(aibrix::names::ray_node_type) != "worker";
                                   }),
                    workers.end());
      const auto groups = fleet.object->spec().at("template", "spec", "workerGroupSpecs").items();
      if (!workers.empty() || std::any_of(groups.begin(), groups.end(), [&](const Value& group) {
            return picks_workers(selector, group);
          })) {
        report_picked(context, fleet, *service, workers, reporter);
      }
    }
  }
  if (judged != 0) {
    reporter.measured(base::plural(judged, "Service"));
  } else if (context.snapshot.complete(aibrix::resources::ray_fleets) &&
             (all.empty() || context.snapshot.complete(kube::resources::services))) {
    reporter.not_applicable("no RayClusterFleet has a Service");
  } else {
    reporter.undetermined("no Service of a RayClusterFleet was read");
  }
}

}  // namespace

constinit const Check registry::RAY002{
    codes::RAY002,
    Area::grants,
    "the Service of a RayClusterFleet also selects Ray workers",
    selector_needs,
    run_selector,
    {"The Service of a model on a RayClusterFleet selects only by the model label, which the "
     "worker pods have as well. Only the head runs the server, so requests that reach a worker get "
     "503.",
     "The sample samples/distributed/fleet-two-node.yaml has this fault.",
     "Add ray.io/node-type: head to the selector. Requests with a routing strategy do not use the "
     "Service.",
     "v0.2 and later"}};

}  // namespace checks
