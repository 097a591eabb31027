// fix referencegrants: makes the ReferenceGrants that routes' backends lack.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "aibrix/grant_manifest.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/references.hpp"
#include "checks/core/runner.hpp"
#include "checks/core/select.hpp"
#include "fix/common.hpp"
#include "fix/fix.hpp"
#include "fix/overlay.hpp"
#include "fix/referencegrants.hpp"
#include "fix/referencegrants_verify.hpp"

namespace fix {
namespace {

namespace kinds = aibrix::resources;
using aibrix::PlannedGrant;
using checks::JudgedRoute;
using kube::Object;
using Json = nlohmann::ordered_json;

constexpr aibrix::CodePattern grant_codes[] = {family("REF")};
constexpr std::size_t max_entries = 16;  // of spec.from and spec.to

std::string body_of(const PlannedGrant& grant) {
  Json from = Json::array();
  for (const std::string& ns : grant.from) {
    from.push_back(
        {{"group", std::string(aibrix::gateway_group)}, {"kind", "HTTPRoute"}, {"namespace", ns}});
  }
  Json to = Json::array();
  if (grant.services.empty()) to.push_back({{"group", ""}, {"kind", "Service"}});
  for (const std::string& service : grant.services) {
    to.push_back({{"group", ""}, {"kind", "Service"}, {"name", service}});
  }
  const Json out = {{"apiVersion", std::string(aibrix::gateway_group) + '/' + grant.version},
                    {"kind", "ReferenceGrant"},
                    {"metadata",
                     {{"name", grant.name},
                      {"namespace", grant.ns},
                      {"labels", {{std::string(aibrix::managed_by), "aibrixctl"}}}}},
                    {"spec", {{"from", std::move(from)}, {"to", std::move(to)}}}};
  return out.dump();
}

class GrantPlanner {
 public:
  GrantPlanner(const checks::Context& context, const Options& options)
      : context_(context), options_(options) {}

  Plan make() {
    const std::string why = not_read(context_.snapshot, kinds::http_routes);
    if (!why.empty()) plan_.unread.push_back(why);
    const std::vector<JudgedRoute>& routes = checks::judge_references(context_);
    const MissingGrants lacks = find_missing_grants(context_, routes, options_, plan_);
    if (!lacks.empty() &&
        context_.snapshot.state(kinds::reference_grants) == kube::ListState::absent) {
      plan_.blockers.push_back(
          {"the CRD referencegrants.gateway.networking.k8s.io is not installed", {}});
      return std::move(plan_);
    }
    version_ = aibrix::grant_version(context_.snapshot);
    for (const auto& [where, lack] : lacks) grant(where.first, where.second, lack);
    plan_.manifest = aibrix::manifest(manifests_);
    plan_.summary = base::plural(routes.size(), "HTTPRoute") +
                    " checked: " + base::plural(plan_.watch.size(), "reference") +
                    " to other namespaces not permitted";
    if (!plan_.steps.empty()) report_findings();
    return std::move(plan_);
  }

 private:
  std::vector<const Object*> own_grants(const std::string& ns, const std::string& from) const {
    std::vector<const Object*> out;
    for (const Object& grant : context_.snapshot.list(kinds::reference_grants, ns)) {
      if (!aibrix::is_own_grant(grant) || grant.deleting()) continue;
      const kube::Value list = grant.spec()["from"];
      if (list.size() == 1 && list[0]["namespace"].text() == from) out.push_back(&grant);
    }
    return out;
  }

  void grant(const std::string& ns, const std::string& from, const MissingGrant& lack) {
    std::vector<std::string> services(lack.services.begin(), lack.services.end());
    if (options_[option::whole_namespace]) services.clear();
    if (!options_[option::whole_namespace]) {
      for (const Object* own : own_grants(ns, from)) extend(*own, services);
    }
    if (options_[option::whole_namespace] || !services.empty()) create(ns, from, services);
    for (const kube::ObjectRef& route : lack.routes) {
      Watch watch;
      watch.resource = &kinds::http_routes;
      watch.object = route;
      plan_.watch.push_back(std::move(watch));
    }
  }

  // Puts as many of `services` as there is room for into a grant of ours, and takes them off.
  void extend(const Object& own, std::vector<std::string>& services) {
    const kube::Value to = own.spec()["to"];
    if (services.empty() || to.size() >= max_entries) return;
    const std::size_t room = std::min(max_entries - to.size(), services.size());
    const std::vector<std::string> added(services.begin(),
                                         services.begin() + static_cast<std::ptrdiff_t>(room));
    services.erase(services.begin(), services.begin() + static_cast<std::ptrdiff_t>(room));
    Json wanted = Json::parse(kube::to_json(to));
    Step step = step_on(context_.snapshot, own);
    PlannedGrant whole{std::string(own.name()),
                       std::string(own.ns()),
                       step.version,
                       {std::string(own.spec()["from"][std::size_t{0}]["namespace"].text())},
                       {}};
    for (const kube::Value& entry : to.items()) {
      step.diff.push_back({' ', "- Service " + std::string(entry["name"].text()), ""});
      whole.services.emplace_back(entry["name"].text());
    }
    for (const std::string& name : added) {
      wanted.push_back({{"group", ""}, {"kind", "Service"}, {"name", name}});
      step.diff.push_back({'+', "- Service " + name, ""});
      whole.services.push_back(name);
    }
    const std::string uid = json_string(own.uid());
    step.patch = {test("/metadata/uid", uid), test("/spec/to", kube::to_json(to)),
                  replace("/spec/to", wanted.dump())};
    step.undo = {test("/metadata/uid", uid), test("/spec/to", wanted.dump()),
                 replace("/spec/to", kube::to_json(to))};
    step.diff_path = "spec.to";
    step.what = "permit HTTPRoutes of " + whole.from.front() + " to reference " +
                base::plural(added.size(), "more Service");
    manifests_.push_back(std::move(whole));
    plan_.steps.push_back(std::move(step));
  }

  void create(const std::string& ns, const std::string& from, std::vector<std::string> services) {
    const std::vector<std::string> sources = {from};
    std::size_t number = 1;
    for (PlannedGrant& grant : aibrix::plan_grants(ns, sources, services, version_)) {
      // Names in use, by whatever grant, are passed over.
      const std::string base_name = std::string(aibrix::own_grant_prefix) + "-from-" + from;
      do {
        grant.name = base_name + (number == 1 ? "" : '-' + std::to_string(number));
        ++number;
      } while (context_.snapshot.find(kinds::reference_grants, ns, grant.name));
      Step step;
      step.verb = Step::Verb::create;
      step.resource = &kinds::reference_grants;
      step.version = version_;
      step.object = {std::string(aibrix::gateway_group), "ReferenceGrant", ns, grant.name};
      step.body = body_of(grant);
      step.what = "permit HTTPRoutes of " + from + " to reference " +
                  (grant.services.empty()       ? "every Service of " + ns
                   : grant.services.size() == 1 ? "Service " + grant.services.front()
                                                : base::plural(grant.services.size(), "Service"));
      step.diff_path = "spec";
      step.diff.push_back({'+', "from HTTPRoute in " + from, ""});
      for (const std::string& service : grant.services)
        step.diff.push_back({'+', "to Service " + service, ""});
      if (grant.services.empty()) {
        step.diff.push_back({'+', "to every Service", ""});
        step.cost.push_back("HTTPRoutes of " + from + " can reference every Service of " + ns +
                            ", including future ones");
      }
      manifests_.push_back(std::move(grant));
      plan_.steps.push_back(std::move(step));
    }
  }

  // What the grants would clear: the checks run again with them laid over the snapshot. What else
  // they find may be the real defect.
  void report_findings() {
    std::vector<std::string> objects;
    for (const Step& step : plan_.steps) {
      if (step.verb == Step::Verb::create) objects.push_back(step.body);
      if (step.verb != Step::Verb::patch) continue;
      const kube::Lookup grant =
          context_.snapshot.find(*step.resource, step.object.ns, step.object.name);
      Json object = Json::parse(kube::to_json(grant->root()));
      object["spec"]["to"] = Json::parse(step.patch.back().value);
      object["apiVersion"] = std::string(aibrix::gateway_group) + '/' + step.version;
      object["kind"] = "ReferenceGrant";
      objects.push_back(object.dump());
    }
    const auto selection = checks::select(grant_codes);
    const auto before = checks::run(selection, context_);
    const kube::Snapshot then = overlay(context_.snapshot, objects);
    const aibrix::Cluster cluster(then, {context_.cluster.ns()});
    const auto after = checks::run(selection, {then, cluster, context_.models});
    plan_.findings = compare(before.findings, after.findings);
    // What the gateway said of the route it said before the grant came; whether it follows is
    // verified.
    std::erase_if(plan_.findings, [](const FindingChange& change) {
      return change.state == FindingChange::State::fresh && change.code == REF006;
    });
    for (const checks::Finding& f : after.findings) {
      const bool root = f.code == REF002 || f.code == REF003 || f.code == REF004;
      if (!root) continue;
      std::string text = "related: " + f.title + " (" + f.code + ')';
      if (!f.remedies.empty()) text += "; " + f.remedies.front().text;
      add_once(plan_.remaining, std::move(text));
    }
    for (const checks::Finding& f : before.findings) {
      if (f.code == REF003) add_once(plan_.why, f.title);
    }
  }

  const checks::Context& context_;
  const Options& options_;
  Plan plan_;
  std::string version_;
  std::vector<PlannedGrant> manifests_;
};

Plan plan_grants(const checks::Context& context, const Options& options) {
  return GrantPlanner(context, options).make();
}

constexpr std::string_view grant_fields[] = {"/spec/to"};
constexpr WriteRight grant_rights[] = {
    {&kinds::reference_grants, "create"},
    {&kinds::reference_grants, "patch", kube::Scope::workloads, grant_fields},
    {&kinds::reference_grants, "delete"}};
constexpr kube::Need grant_needs[] = {
    {&kube::resources::namespaces, kube::Scope::everywhere, false}};

}  // namespace

extern const Fix referencegrants{
    .name = "referencegrants",
    .summary = "Create missing ReferenceGrants for cross-namespace routes",
    .options = option::of_referencegrants,
    .needs_place = true,
    .codes = grant_codes,
    .more_needs = grant_needs,
    .rights = grant_rights,
    .plan = plan_grants,
    .verify = verify_grants};

}  // namespace fix
