// The pod templates inside custom kinds: their CRDs take what no pod can be made of.
#include <set>
#include <string>

#include "kube/schema/tell.hpp"

namespace kube {
namespace {

struct Template {
  Value value;
  std::string path;
};

class Templates {
 public:
  explicit Templates(const Value& object) : kind_(object["kind"].text()), spec_(object["spec"]) {}

  std::vector<Template> all() {
    if (kind_ == "StormService") add_roles(spec_.at("template", "spec"), "spec.template.spec");
    if (kind_ == "RoleSet") add_roles(spec_, "spec");
    if (kind_ == "PodSet") add(spec_["template"], "spec.template");
    if (kind_ == "RayCluster") add_ray(spec_, "spec");
    if (kind_ == "RayClusterFleet" || kind_ == "RayClusterReplicaSet") {
      add_ray(spec_.at("template", "spec"), "spec.template.spec");
    }
    if (kind_ == "LeaderWorkerSet") {
      const std::string path = "spec.leaderWorkerTemplate.";
      for (const std::string_view name : {"leaderTemplate", "workerTemplate"}) {
        add(spec_.at("leaderWorkerTemplate", name), path + std::string(name));
      }
    }
    return std::move(found_);
  }

 private:
  void add(const Value& value, const std::string& path) {
    if (value["spec"].is_object()) found_.push_back({value, path});
  }
  void add_roles(const Value& spec, const std::string& path) {
    for (std::size_t i = 0; i < spec["roles"].size(); ++i) {
      add(spec["roles"][i]["template"], item_path(path + ".roles", i) + ".template");
    }
  }
  void add_ray(const Value& spec, const std::string& path) {
    add(spec.at("headGroupSpec", "template"), path + ".headGroupSpec.template");
    for (std::size_t i = 0; i < spec["workerGroupSpecs"].size(); ++i) {
      add(spec["workerGroupSpecs"][i]["template"],
          item_path(path + ".workerGroupSpecs", i) + ".template");
    }
  }

  std::string_view kind_;
  Value spec_;
  std::vector<Template> found_;
};

}  // namespace

std::vector<Violation> validate_templates(const Value& object, const SchemaSource& source,
                                          std::uint32_t node) {
  std::vector<Violation> out;
  for (const Template& one : Templates(object).all()) {
    std::set<std::string> told;
    for (Violation& v : validate(one.value, source, node, {true, true, one.path})) {
      // Fields that the CRD does not know are told by it.
      if (v.mistake == Mistake::unknown_field) continue;
      v.refuser = Refuser::server_of_pods;
      told.insert(v.path);
      out.push_back(std::move(v));
    }
    Teller tell;
    const auto as = tell.as(Refuser::server_of_pods);
    look_at_pod(one.value["spec"], one.path + ".spec", {}, tell);
    for (Violation& v : tell.take()) {
      if (told.count(v.path) == 0) out.push_back(std::move(v));
    }
  }
  return out;
}

}  // namespace kube
