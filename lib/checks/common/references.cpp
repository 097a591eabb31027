// The judge of routes' references, by ReferenceGrants and by ResolvedRefs.
#include "checks/common/references.hpp"

#include <algorithm>

#include "aibrix/gateway.hpp"
#include "aibrix/names.hpp"

namespace checks {
namespace {

using aibrix::BackendRef;
using aibrix::Permission;
using kube::Condition;

constexpr std::string_view not_permitted = "RefNotPermitted";

bool refuses(const Condition& resolved) {
  return resolved.is_false() && resolved.reason() == not_permitted;
}

// "Failed to process route rule 0 backendRef 0: Backend ref to Service default/llama not permitted
// by any ReferenceGrant." Without a name it may be any.
bool speaks_of(const Condition& resolved, const BackendRef& backend) {
  const std::string_view message = resolved.message();
  const std::string name = backend.target.ns + '/' + backend.target.name;
  const std::size_t at = message.find(name);
  if (at == std::string_view::npos) return message.find('/') == std::string_view::npos;
  const std::size_t end = at + name.size();
  return end == message.size() || message[end] == ' ' || message[end] == '.';
}

// A workload in this namespace whose own labels make the controller write a grant.
bool grant_will_come(const Context& context, std::string_view ns) {
  for (const aibrix::Model& model : context.cluster.models()) {
    for (const aibrix::Workload& w : model.workloads) {
      if (w.routed && w.object->ns() == ns && !w.metadata_model.empty()) return true;
    }
    if (model.adapter != nullptr && model.adapter->ns() == ns &&
        !model.adapter->label(aibrix::names::model_name).empty()) {
      return true;
    }
  }
  return false;
}

ReferenceAccess access_of(const Context& context, const JudgedRoute& judged, const JudgedRef& ref) {
  const Condition& resolved = judged.resolved;
  switch (ref.verdict.permission) {
    case Permission::not_needed:
    case Permission::allowed: return ReferenceAccess::permitted;
    case Permission::denied:
      if (resolved.is_true()) return ReferenceAccess::outlived;
      if (!from_api_server(judged.route.object()) &&
          grant_will_come(context, ref.backend.target.ns)) {
        return ReferenceAccess::promised;
      }
      return ReferenceAccess::denied;
    case Permission::undetermined: break;
  }
  if (refuses(resolved)) {
    return speaks_of(resolved, ref.backend) ? ReferenceAccess::claimed : ReferenceAccess::unknown;
  }
  // Permission is decided first (internal/gatewayapi/validate.go): whatever else is said of the
  // only reference, it was permitted.
  if (resolved.is_true()) return ReferenceAccess::permitted;
  const bool before_fold = judged.route.backends().size() == 1;
  return resolved.is_false() && before_fold ? ReferenceAccess::permitted : ReferenceAccess::unknown;
}

std::vector<JudgedRoute> judge_all(const Context& context) {
  std::vector<JudgedRoute> out;
  for (const aibrix::Route& route : routes_to_judge(context)) {
    JudgedRoute judged{route, {}, {}};
    judged.resolved = judged.route.condition("ResolvedRefs");
    for (const BackendRef& backend : judged.route.backends()) {
      JudgedRef ref;
      ref.backend = backend;
      ref.verdict = aibrix::judge(context.snapshot, judged.route.reference(backend));
      if (ref.verdict.permission == Permission::not_needed) continue;
      ref.access = access_of(context, judged, ref);
      judged.refs.push_back(std::move(ref));
    }
    out.push_back(std::move(judged));
  }
  return out;
}

struct Judged {
  std::vector<JudgedRoute> routes;
};

}  // namespace

bool JudgedRoute::denied() const {
  return std::any_of(refs.begin(), refs.end(), [](const JudgedRef& r) { return r.denied(); });
}

bool JudgedRoute::refused_though_permitted() const {
  return refuses(resolved) && !refs.empty() &&
         std::all_of(refs.begin(), refs.end(), [](const JudgedRef& r) {
           return r.verdict.permission == Permission::allowed;
         });
}

const std::vector<JudgedRoute>& judge_references(const Context& context) {
  return context.memo->once<Judged>([&] { return Judged{judge_all(context)}; }).routes;
}

std::vector<kube::ObjectRef> denied_routes(const std::vector<JudgedRoute>& routes,
                                           std::string_view ns, std::string_view model) {
  std::vector<kube::ObjectRef> out;
  for (const JudgedRoute& judged : routes) {
    if (!model.empty() && judged.route.model() != model) continue;
    const bool here = std::any_of(judged.refs.begin(), judged.refs.end(), [&](const JudgedRef& r) {
      return r.denied() && r.backend.target.ns == ns;
    });
    if (here) out.push_back(judged.route.object().ref());
  }
  return out;
}

}  // namespace checks
