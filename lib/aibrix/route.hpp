// HTTPRoutes on AIBrix's gateway, and the backends behind their rules.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/grants.hpp"
#include "kube/object.hpp"

namespace aibrix {

// Where a rule of a HTTPRoute sends requests, with the CRD's defaults filled in (group "", kind
// Service, the route's namespace, weight 1): manifests leave them out, the API server does not.
struct BackendRef {
  kube::ObjectRef target;
  std::optional<std::int64_t> port;
  std::int64_t weight = 1;
  bool mirror = false;  // of a RequestMirror filter
  std::string path;     // "spec.rules[0].backendRefs[0]"

  bool is_service() const { return target.group.empty() && target.kind == "Service"; }
  std::string text() const;  // "Service default/llama, port 8000"
};

// A HTTPRoute as far as AIBrix's gateway is concerned: what it matches, where it sends it, and what
// the gateway's controller says of it. Borrows from the object.
class Route {
 public:
  // `controller`: the controllerName of our GatewayClass; status of others is not read.
  explicit Route(const kube::Object& object, std::string_view controller);

  const kube::Object& object() const { return *object_; }
  // One of its parentRefs names Gateway aibrix-system/aibrix-eg.
  bool attached() const { return attached_; }
  // The model all its matches ask for (header `model`, exact); empty: it is no model's route.
  const std::string& model() const { return model_; }
  const std::vector<BackendRef>& backends() const { return backends_; }
  // Name, place and shape are those of the model-route-controller's routes; people who copy one
  // make the same, nothing marks who made it.
  bool looks_generated() const;
  Reference reference(const BackendRef& backend) const;

  // Some controller has written into status.parents for our Gateway.
  bool has_status() const { return !conditions_.empty(); }
  // The condition our Gateway's controller has written about the spec as it is now: where there are
  // several entries (one per listener), a False one first. A condition of an older spec says
  // nothing and does not exist.
  kube::Condition condition(std::string_view type) const;
  // What there is was written about an older spec.
  bool outdated() const;

 private:
  const kube::Object* object_;
  bool attached_ = false;
  std::string model_;
  std::vector<BackendRef> backends_;
  std::vector<kube::Value> conditions_;  // status.parents[].conditions, those that are ours
};

// A match of the route takes requests to `path`. Gateway API's PathPrefix compares element by
// element; a RegularExpression is taken to cover everything.
bool match_covers(const kube::Value& match, std::string_view path);
bool covers(const kube::Object& route, std::string_view path);

}  // namespace aibrix
