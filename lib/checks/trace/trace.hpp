// The way of a request through the gateway to a model's engine, hop by hop, as far as the cluster's
// objects show it. Findings of the same run are what judges it: an error about a hop breaks it, and
// nothing else does but what is not there and has a finding that says why; a hop holds only where
// its checks could look. So trace and doctor cannot disagree.
#pragma once
#include <string>
#include <vector>

#include "checks/core/runner.hpp"

namespace checks {

enum class RequestPath {
  every,     // every request
  strategy,  // those with a routing strategy: the gateway plugin chooses the pod
  route,     // those without: the model's HTTPRoute
};
std::string_view to_string(RequestPath way);

struct Hop {
  enum class State {
    holds,
    limited,  // holds, but not for everybody or not fully: `reason` says for whom
    broken,
    unknown,  // not looked at, or it cannot be told
  };
  std::string name;  // "ReferenceGrant"
  RequestPath way{};
  kube::ObjectRef object;  // that decides; may be missing in the cluster, or empty
  State state = State::unknown;
  std::string detail;                // what was seen: "2 of 2 pods take requests"
  std::string reason;                // why it breaks or is limited, or why it is not known
  const Finding* finding = nullptr;  // the one that explains it
  std::vector<const Finding*> more;  // that are about it too
};
std::string_view to_string(Hop::State state);

struct Trace {
  std::string model;
  std::vector<Hop> hops;  // in the request's order: every, then strategy, then route, then every
  RequestPath plain =
      RequestPath::route;  // that requests take which bring no strategy of their own
  bool plain_known = false;
  std::string strategy;                // the default one, for Way::strategy
  std::vector<std::string> served_by;  // "Deployment default/llama", "ModelAdapter team-a/sql-lora"

  // The first broken hop of a request that goes this way; nullptr: none is.
  const Hop* broken(RequestPath way) const;
  // Every hop was looked at and holds.
  bool works(RequestPath way) const;
};

// `outcomes` is a run of all checks on the same snapshot, and must outlive the result.
Trace trace_model(const Context& context, const Outcomes& outcomes, const std::string& model);

}  // namespace checks
