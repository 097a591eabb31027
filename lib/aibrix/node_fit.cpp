// The comparison of what a pod's spec demands of a node with the nodes there are.
#include "aibrix/node_fit.hpp"

#include <algorithm>

#include "aibrix/scheduling.hpp"
#include "base/lists.hpp"
#include "kube/quantity.hpp"
#include "kube/selector.hpp"

namespace aibrix {
namespace {

using kube::Object;
using kube::Value;

// https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
bool tolerates(const Value& toleration, const Value& taint) {
  const std::string_view effect = toleration["effect"].text();
  if (!effect.empty() && effect != taint["effect"].text()) return false;
  const std::string_view key = toleration["key"].text();
  const bool exists = toleration["operator"].text("Equal") == "Exists";
  if (key.empty()) return exists;
  return key == taint["key"].text() &&
         (exists || toleration["value"].text() == taint["value"].text());
}

void judge_taints(const Object& pod, const Object& node, std::vector<std::string>& refusals) {
  for (const Value& taint : node.spec()["taints"].items()) {
    const std::string_view effect = taint["effect"].text();
    if (effect != "NoSchedule" && effect != "NoExecute") continue;
    const auto tolerations = pod.spec()["tolerations"].items();
    if (std::ranges::any_of(tolerations, [&](const Value& t) { return tolerates(t, taint); })) {
      continue;
    }
    std::string text(taint["key"].text());
    if (!taint["value"].text().empty()) text.append("=").append(taint["value"].text());
    refusals.push_back("taint " + text.append(":").append(effect) + " is not tolerated");
  }
}

void judge_selector(const Object& pod, const Object& node, std::vector<std::string>& refusals) {
  for (const kube::Member& wanted : pod.spec()["nodeSelector"].members()) {
    if (node.label(wanted.key) == wanted.value.text()) continue;
    refusals.push_back("label " + std::string(wanted.key) + '=' + std::string(wanted.value.text()) +
                       " of its nodeSelector is missing");
  }
}

// A term of a node selector has the form of a label selector, but for what only nodes have: what
// compares numbers or fields is taken to hold.
bool term_holds(const Value& term, const Object& node) {
  for (const Value& expression : term["matchExpressions"].items()) {
    const std::string_view how = expression["operator"].text();
    if (how == "Gt" || how == "Lt") return true;
  }
  return kube::matches_selector(term, node.labels());
}

void judge_affinity(const Object& pod, const Object& node, std::vector<std::string>& refusals) {
  const Value terms =
      pod.spec().at("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution",
                    "nodeSelectorTerms");
  if (terms.empty()) return;
  std::string wanted;
  for (const Value& term : terms.items()) {
    if (term_holds(term, node)) return;
    if (!wanted.empty()) wanted += " or ";
    wanted += kube::selector_text(term);
  }
  refusals.push_back("its node affinity (" + wanted + ") does not match");
}

std::vector<std::string> resources_of(const Object& pod) {
  std::vector<std::string> out;
  for (const char* list : {"containers", "initContainers"}) {
    for (const Value& container : pod.spec()[list].items()) {
      for (const char* kind : {"requests", "limits"}) {
        for (const kube::Member& m : container["resources"][kind].members()) {
          // A limit alone is a request only for what is not cpu or memory; those default to it.
          base::add_once(out, std::string(m.key));
        }
      }
    }
  }
  return out;
}

void judge_size(const Object& pod, const std::vector<std::string>& resources, const Object& node,
                std::vector<std::string>& refusals) {
  const Value allocatable = node.status()["allocatable"];
  if (allocatable.empty()) return;
  for (const std::string& resource : resources) {
    const double asked = requested(pod, resource);
    const double has = kube::parse_quantity(allocatable[resource].scalar()).value_or(0);
    if (asked <= has) continue;
    refusals.push_back(has > 0 ? "there is less " + resource + " than it requests"
                               : "there is no " + resource);
  }
}

}  // namespace

NodeFit fit_nodes(const Object& pod, std::span<const Object> nodes) {
  NodeFit out;
  const std::vector<std::string> resources = resources_of(pod);
  for (const Object& node : nodes) {
    ++out.nodes;
    std::vector<std::string> refusals;
    judge_selector(pod, node, refusals);
    judge_affinity(pod, node, refusals);
    judge_taints(pod, node, refusals);
    judge_size(pod, resources, node, refusals);
    if (refusals.empty()) ++out.able;
    for (std::string& why : refusals) {
      const auto known = std::ranges::find_if(
          out.refusals, [&](const NodeRefusal& refusal) { return refusal.why == why; });
      if (known != out.refusals.end()) {
        ++known->nodes;
      } else {
        out.refusals.push_back({std::move(why), 1});
      }
    }
  }
  std::ranges::stable_sort(
      out.refusals, [](const NodeRefusal& a, const NodeRefusal& b) { return a.nodes > b.nodes; });
  return out;
}

std::string_view architecture(const Object& node) {
  const std::string_view reported = node.status().at("nodeInfo", "architecture").text();
  return reported.empty() ? node.label("kubernetes.io/arch") : reported;
}

}  // namespace aibrix
