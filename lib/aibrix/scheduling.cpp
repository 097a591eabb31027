// The comparison of a pod's requests with what the nodes can allocate.
#include "aibrix/scheduling.hpp"

#include <algorithm>
#include <cmath>

#include "base/lists.hpp"
#include "kube/quantity.hpp"

namespace aibrix {
namespace {

using kube::Value;

// A request, or for what only has a limit (extended resources may) the limit.
double amount(const Value& container, std::string_view resource) {
  const Value resources = container["resources"];
  Value asked = resources["requests"][resource];
  if (!asked.exists()) asked = resources["limits"][resource];
  return kube::parse_quantity(asked.scalar()).value_or(0);
}

// "16"; "256Gi" for what is counted in bytes.
std::string shown(double value, std::string_view resource) {
  std::string_view unit;
  const bool bytes = resource == "memory" || resource == "ephemeral-storage";
  if (bytes && value >= 0x1p30) {
    value /= 0x1p30;
    unit = "Gi";
  }
  const double rounded = std::round(value * 100) / 100;
  std::string text = std::to_string(rounded);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text.append(unit);
}

}  // namespace

double requested(const kube::Object& pod, std::string_view resource) {
  double sum = 0;
  double init = 0;
  for (const Value& c : pod.spec()["containers"].items()) sum += amount(c, resource);
  for (const Value& c : pod.spec()["initContainers"].items()) {
    if (c["restartPolicy"].text() == "Always") {
      sum += amount(c, resource);
    } else {
      init = std::max(init, amount(c, resource));
    }
  }
  return std::max(sum, init);
}

std::vector<std::string> scarce_resources(std::string_view message) {
  constexpr std::string_view word = "Insufficient ";
  std::vector<std::string> out;
  for (std::size_t at = message.find(word); at != std::string_view::npos;
       at = message.find(word, at)) {
    at += word.size();
    std::string name(message.substr(at, message.find_first_of(", ;", at) - at));
    while (!name.empty() && name.back() == '.') name.pop_back();
    base::add_once(out, std::move(name));
  }
  return out;
}

std::vector<ResourceDemand> unmet_demands(const kube::Object& pod,
                                          std::string_view scheduler_message,
                                          std::span<const kube::Object> nodes) {
  std::vector<ResourceDemand> out;
  if (nodes.empty()) return out;
  for (std::string& resource : scarce_resources(scheduler_message)) {
    ResourceDemand demand;
    demand.asked = requested(pod, resource);
    if (demand.asked <= 0) continue;
    for (const kube::Object& node : nodes) {
      const double has =
          kube::parse_quantity(node.status()["allocatable"][resource].scalar()).value_or(0);
      if (has > 0) ++demand.nodes;
      demand.largest = std::max(demand.largest, has);
    }
    demand.asked_text = shown(demand.asked, resource);
    demand.largest_text = shown(demand.largest, resource);
    demand.resource = std::move(resource);
    out.push_back(std::move(demand));
  }
  return out;
}

}  // namespace aibrix
