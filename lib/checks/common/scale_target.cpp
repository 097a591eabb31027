// The workload behind spec.scaleTargetRef.
#include "checks/common/scale_target.hpp"

#include <algorithm>

#include "kube/api_version.hpp"

namespace checks::scaling {

namespace res = aibrix::resources;
using kube::Object;
using kube::Value;

Target target_of_autoscaler(const Context& context, const Object& autoscaler) {
  const Value ref = autoscaler.spec()["scaleTargetRef"];
  Target out;
  out.role = std::string(autoscaler.spec()["subTargetSelector"]["roleName"].text());
  out.text = std::string(ref["kind"].text()) + ' ' + std::string(ref["name"].text());
  if (ref["name"].text().empty()) out.text = "its target";
  if (!out.role.empty()) out.text = "role " + out.role + " of " + out.text;
  const std::string_view group = kube::group_in(ref["apiVersion"].text());
  for (const kube::Resource* kind :
       {&kube::resources::deployments, &kube::resources::statefulsets, &res::ray_fleets,
        &res::storm_services, &res::role_sets, &res::leader_worker_sets}) {
    if (kind->kind == ref["kind"].text() && kind->group == group) out.kind = kind;
  }
  // It looks in its own namespace alone, whatever scaleTargetRef.namespace says.
  if (out.kind != nullptr)
    out.found = context.snapshot.find(*out.kind, autoscaler.ns(), ref["name"].text());
  return out;
}

bool in_replica_mode(const Object& autoscaler) {
  return autoscaler.annotation("autoscaling.aibrix.ai/storm-service-mode") == "replica";
}

bool same_workload(const Object& a, const Object& b) {
  const Value left = a.spec()["scaleTargetRef"];
  const Value right = b.spec()["scaleTargetRef"];
  const auto group = [](const Value& ref) {
    const std::string_view api = ref["apiVersion"].text();
    return api.substr(0, std::min(api.find('/'), api.size()));
  };
  return a.ns() == b.ns() && group(left) == group(right) &&
         left["kind"].text() == right["kind"].text() && left["name"].text() == right["name"].text();
}

Finding& tell(const Context& context, const Object& autoscaler, const Target& target,
              const std::string& what, Reporter& reporter) {
  Finding& f = reporter.warning(autoscaler, kind_and_name(autoscaler) + what);
  f.with_consequence("The number of replicas of " + target.text + " does not change.");
  if (!target.found) return f;
  for (const auto& [model, workload] : context.cluster.served_by(target.found->ref())) {
    f.model(model->name);
  }
  return f;
}

}  // namespace checks::scaling
