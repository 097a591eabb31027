// What each hop looks like in the cluster, before findings are laid beside it. For trace.cpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/cluster.hpp"
#include "aibrix/route.hpp"
#include "checks/trace/trace.hpp"

namespace checks {

// A hop with what its own objects say, and the checks that judge it. The fact is no verdict: it
// says whether there is something for the findings to be about.
struct ObservedHop {
  enum class Observed { yes, no, unknown };
  Hop hop;
  Observed observed = Observed::unknown;
  CodeList codes;         // each code belongs to one hop only
  bool of_model = false;  // only findings that name the model are about it
};

ObservedHop make_hop(std::string name, RequestPath way, kube::ObjectRef object, CodeList codes);
// The hops before it do not lead there.
ObservedHop not_reached(ObservedHop hop);

std::vector<ObservedHop> gateway_hops(const Context& context);
std::vector<ObservedHop> model_hops(const Context& context, const std::string& model);
std::vector<ObservedHop> strategy_hops(const Context& context, const std::string& model);
std::vector<ObservedHop> route_hops(const Context& context, const std::string& model);
ObservedHop engine_hop(const Context& context, const std::string& model);

// The pods that serve it: its own, or those a ModelAdapter is loaded in.
std::vector<const kube::Object*> serving_pods(const Context& context, const aibrix::Model& model);

}  // namespace checks
