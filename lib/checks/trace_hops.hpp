#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/cluster.hpp"
#include "aibrix/route.hpp"
#include "checks/trace.hpp"

// What each hop looks like in the cluster, before findings are laid beside it. For trace.cpp.
namespace checks {

// A hop with what its own objects say, and the checks that judge it. The fact is no verdict: it says
// whether there is something for the findings to be about.
struct HopFacts {
  enum class Fact { yes, no, unknown };
  Hop hop;
  Fact fact = Fact::unknown;
  std::string_view codes;  // comma separated; each code belongs to one hop only
  bool of_model = false;   // only findings that name the model are about it
};

HopFacts make_hop(std::string name, Way way, kube::ObjectRef object, std::string_view codes);
// The hops before it do not lead there.
HopFacts not_reached(HopFacts hop);

std::vector<HopFacts> gateway_hops(const Context& context);
std::vector<HopFacts> model_hops(const Context& context, const std::string& model);
std::vector<HopFacts> strategy_hops(const Context& context, const std::string& model);
std::vector<HopFacts> route_hops(const Context& context, const std::string& model);
HopFacts engine_hop(const Context& context, const std::string& model);

// The pods that serve it: its own, or those a ModelAdapter is loaded in.
std::vector<const kube::Object*> serving_pods(const Context& context, const aibrix::Model& model);

}  // namespace checks
