// STR005: in manifests, prefill pods of a model without decode pods, or the other way round.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/common/written.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

struct Roles {
  const Object* object = nullptr;  // the first that has one
  std::string path;
  std::set<std::string> names;
  std::set<std::string> engines;
};
// By namespace and model.
using Models = std::map<std::pair<std::string, std::string>, Roles>;

void add(const Object& object, const Value& pod, std::string_view role, const std::string& path,
         Models& out) {
  const std::string_view model = pod.at("metadata", "labels", aibrix::names::model_name).text();
  if (model.empty()) return;
  Roles& roles = out[{std::string(object.ns()), std::string(model)}];
  // Without a role a pod does both.
  roles.names.emplace(role);
  const std::string_view engine = pod.at("metadata", "labels", aibrix::names::model_engine).text();
  if (!engine.empty()) roles.engines.emplace(engine);
  const bool half = role == "prefill" || role == "decode";
  if (roles.object == nullptr && half) roles.object = &object, roles.path = path;
}

// The controller labels pods with the name of their role.
Models roles_of(const Context& context) {
  Models out;
  for (const Object* object : written_workloads(context)) {
    const bool storm = object->kind() == "StormService";
    if (storm || object->kind() == "RoleSet") {
      const Value spec = storm ? object->spec().at("template", "spec") : object->spec();
      const std::string at = storm ? "spec.template.spec.roles" : "spec.roles";
      for (const Value& role : spec["roles"].items()) {
        add(*object, role["template"], role["name"].text(), at, out);
      }
      continue;
    }
    for (const aibrix::PodTemplate& pod : aibrix::pod_templates(*object)) {
      add(*object, pod.value, pod.value.at("metadata", "labels", aibrix::names::role_name).text(),
          pod.path, out);
    }
  }
  return out;
}

std::string words(const std::set<std::string>& of) {
  const std::vector<std::string> all(of.begin(), of.end());
  return base::join(all, ", ");
}

// "prefil", "Decode": what was meant to be the role.
std::string slip_of(const std::string& role, const std::set<std::string>& names) {
  for (const std::string& name : names) {
    if (base::distance(base::lower(name), role) <= 2) return name;
  }
  return {};
}

// pd_disaggregation.go answers 503 where the two are of different engines.
void judge_engines(const std::string& model, const Roles& roles, Reporter& reporter) {
  if (roles.engines.size() < 2) return;
  Finding& f = reporter.warning(*roles.object,
                                "prefill and decode of model " + model + " have different engines");
  f.model(model).at_field(roles.path);
  f.with_consequence("Requests for " + model + " with strategy pd get 503.");
  f.with_evidence(std::string(aibrix::names::model_engine), words(roles.engines), "one engine");
  f.remedy(Confidence::review, "label the pods of both roles with the same engine");
}

void run_written_pairs(const Context& context, Reporter& reporter) {
  std::size_t judged = 0;
  for (const auto& [key, roles] : roles_of(context)) {
    if (roles.object == nullptr) continue;
    ++judged;
    const bool prefill = roles.names.count("prefill") != 0;
    const bool decode = roles.names.count("decode") != 0;
    if (prefill && decode) {
      judge_engines(key.second, roles, reporter);
      continue;
    }
    const std::string there = prefill ? "prefill" : "decode";
    const std::string missing = prefill ? "decode" : "prefill";
    const std::string slip = slip_of(missing, roles.names);
    // A third role may do both (prompt length bucketing).
    if (roles.names.size() > 1 && slip.empty()) continue;
    Finding& f = reporter.warning(*roles.object, kind_and_name(*roles.object) + " has role " +
                                                     there + " of model " + key.second +
                                                     ", and nothing has role " + missing);
    f.model(key.second).at_field(roles.path);
    f.with_consequence("Requests for " + key.second +
                       " with strategy pd get 503 \"error on selecting target pod\".");
    f.with_evidence("roles", words(roles.names), "prefill and decode");
    f.remedy(Confidence::review,
             slip.empty() ? "add the role " + missing : "call the role " + slip + ' ' + missing);
  }
  if (judged == 0) return reporter.not_applicable("no manifest has a role prefill or decode");
  reporter.measured(base::plural(judged, "model") + " with prefill or decode");
}

}  // namespace

constinit const Check registry::STR005{
    codes::STR005,
    Area::routing,
    "a manifest has only one half of prefill and decode",
    model_lists,
    run_written_pairs,
    {"Prefill and decode run in separate pods. In the manifests there are pods of one role and "
     "none of the other: the routing strategy pd answers 503.",
     "A role was left out or misspelt, or stands in a file that was not given.",
     "Add the role to the StormService, or give the file that has it.", "v0.4 and later"}};

}  // namespace checks
