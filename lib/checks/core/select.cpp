// The choice of checks by code, glob or area, and of findings by model or namespace.
#include "checks/core/select.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace checks {
namespace {

bool matches(std::string_view word, const Check& check) {
  const std::string wanted = base::lower(word);
  return wanted == to_string(check.area) || base::glob(wanted, base::lower(check.code));
}

bool matches_any(std::span<const std::string> words, const Check& check) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return matches(word, check); });
}

void require_known(std::span<const std::string> words) {
  for (const std::string& word : words) {
    const auto checks = all();
    const bool known = std::any_of(checks.begin(), checks.end(),
                                   [&](const Check* check) { return matches(word, *check); });
    if (known) continue;
    const std::string near = base::closest_match(word, selectable());
    throw base::Error(
        base::Fault::usage, "UnknownCheck",
        "no check or area is called \"" + base::printable(word) + "\"",
        near.empty() ? "list them with: aibrixctl explain" : "did you mean " + near + "?");
  }
}

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool in_models(const Finding& finding, const std::vector<std::string>& models) {
  const bool named = std::any_of(finding.models.begin(), finding.models.end(),
                                 [&](const std::string& model) { return contains(models, model); });
  // A cause of every model's is not that of those alone which its symptoms name.
  if (named || !finding.models_before_fold().empty()) return named;
  const Check* check = find(finding.code);
  if (check == nullptr) return true;
  switch (check->area) {
    case Area::install:
    case Area::gateway:
    case Area::endpoint:
    case Area::grants:
    case Area::routing: return true;
    case Area::webhooks:
    case Area::models:
    case Area::lora:
    case Area::scaling:
    case Area::deletion: return false;
  }
  return true;
}

bool in_namespaces(const Finding& finding, const std::vector<std::string>& namespaces,
                   const aibrix::Cluster& cluster) {
  const kube::ObjectRef& ref = finding.subject.ref;
  if (contains(namespaces, ref.ns) || (ref.kind == "Namespace" && contains(namespaces, ref.name))) {
    return true;
  }
  for (const std::string& name : finding.models) {
    const aibrix::Model* model = cluster.model(name);
    if (model == nullptr) continue;
    for (const std::string& ns : model->namespaces()) {
      if (contains(namespaces, ns)) return true;
    }
  }
  if (!finding.models.empty()) return false;
  for (const Symptom& symptom : finding.symptoms) {
    if (contains(namespaces, symptom.subject.ref.ns)) return true;
  }
  if (ref.kind == "Namespace") return false;
  return ref.ns.empty() || ref.ns == cluster.ns() || ref.ns == cluster.envoy_gateway_ns();
}

}  // namespace

std::vector<const Check*> select(std::span<const std::string> only,
                                 std::span<const std::string> skip) {
  require_known(only);
  require_known(skip);
  std::vector<const Check*> selected;
  for (const Check* check : all()) {
    if (!only.empty() && !matches_any(only, *check)) continue;
    if (!matches_any(skip, *check)) selected.push_back(check);
  }
  if (selected.empty()) {
    throw base::Error(base::Fault::usage, "NothingSelected",
                      "--only and --skip leave no check to run");
  }
  return selected;
}

std::vector<const Check*> select(std::span<const aibrix::CodePattern> patterns) {
  std::vector<const Check*> out;
  for (const Check* check : all()) {
    const auto has = [&](const aibrix::CodePattern& p) { return p.contains(check->code); };
    if (std::any_of(patterns.begin(), patterns.end(), has)) out.push_back(check);
  }
  return out;
}

std::vector<std::string> selectable() {
  std::vector<std::string> words;
  for (const Check* check : all()) {
    const std::string area(to_string(check->area));
    if (!contains(words, area)) words.push_back(area);
  }
  for (const Check* check : all()) words.emplace_back(check->code);
  return words;
}

std::vector<Finding> in_focus(std::vector<Finding> findings, const Focus& focus,
                              const aibrix::Cluster& cluster) {
  const auto outside = [&](const Finding& f) {
    return (!focus.models.empty() && !in_models(f, focus.models)) ||
           (!focus.namespaces.empty() && !in_namespaces(f, focus.namespaces, cluster));
  };
  findings.erase(std::remove_if(findings.begin(), findings.end(), outside), findings.end());
  return findings;
}

}  // namespace checks
