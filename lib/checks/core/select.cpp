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
        "unknown check or area \"" + base::printable(word) + "\"",
        near.empty() ? "list them with: aibrixctl explain" : "did you mean " + near + "?");
  }
}

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// What these areas look at concerns every request, wherever it is installed;
// a file that cannot be read may hold anything.
bool of_every_request(Area area) {
  return area == Area::files || area == Area::install || area == Area::gateway ||
         area == Area::endpoint;
}

// AIBrix's and Envoy Gateway's namespaces, what is in them, and what has none.
bool of_the_install(const kube::ObjectRef& ref, const aibrix::Cluster& cluster) {
  const std::string& ns = ref.kind == "Namespace" ? ref.name : ref.ns;
  return ns.empty() || ns == cluster.ns() || ns == cluster.envoy_gateway_ns();
}

bool lives_in(const aibrix::Model* model, const std::vector<std::string>& namespaces) {
  if (model == nullptr) return false;
  return std::ranges::any_of(model->namespaces(),
                             [&](const std::string& ns) { return contains(namespaces, ns); });
}

bool is_of_model(const kube::ObjectRef& ref, const aibrix::Model* model) {
  if (model == nullptr) return false;
  const auto is = [&](const kube::Object* object) {
    return object != nullptr && object->ref() == ref;
  };
  return is(model->adapter) || is(model->claim) || is(model->route.object) ||
         std::ranges::any_of(model->pods, is) ||
         std::ranges::any_of(model->workloads,
                             [&](const aibrix::Workload& w) { return is(w.object); });
}

Concern concern_of_models(const Finding& finding, const std::vector<std::string>& models,
                          const aibrix::Cluster& cluster) {
  if (!finding.models.empty()) {
    const bool named = std::ranges::any_of(
        finding.models, [&](const std::string& model) { return contains(models, model); });
    return named ? Concern::focus : Concern::others;
  }
  const bool of_one = std::ranges::any_of(models, [&](const std::string& name) {
    return is_of_model(finding.subject.ref, cluster.model(name));
  });
  if (of_one) return Concern::focus;
  const Check* check = find(finding.code);
  if (check == nullptr || of_every_request(check->area)) return Concern::everybody;
  const bool on_way = check->area == Area::grants || check->area == Area::routing;
  return on_way && of_the_install(finding.subject.ref, cluster) ? Concern::everybody
                                                                : Concern::others;
}

Concern concern_of_namespaces(const Finding& finding, const std::vector<std::string>& namespaces,
                              const aibrix::Cluster& cluster) {
  const kube::ObjectRef& ref = finding.subject.ref;
  const bool within = contains(namespaces, ref.kind == "Namespace" ? ref.name : ref.ns);
  const bool serves = std::ranges::any_of(finding.models, [&](const std::string& name) {
    return lives_in(cluster.model(name), namespaces);
  });
  if (within || serves) return Concern::focus;
  if (!finding.models.empty()) return Concern::others;
  const Check* check = find(finding.code);
  const bool general = check == nullptr || of_every_request(check->area);
  return general || of_the_install(ref, cluster) ? Concern::everybody : Concern::others;
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

Concern concern(const Finding& finding, const Focus& focus, const aibrix::Cluster& cluster) {
  Concern out = Concern::focus;
  if (!focus.models.empty()) out = concern_of_models(finding, focus.models, cluster);
  if (focus.namespaces.empty()) return out;
  return std::min(out, concern_of_namespaces(finding, focus.namespaces, cluster));
}

}  // namespace checks
