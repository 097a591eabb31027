// The finder of label and selector values that the API server will refuse.
#include "checks/common/non_string_labels.hpp"

#include <array>

#include "aibrix/model.hpp"
#include "aibrix/resources.hpp"
#include "checks/common/objects.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

namespace core = kube::resources;
namespace res = aibrix::resources;
constexpr auto kinds = std::to_array<const kube::Resource*>(
    {&core::deployments, &core::statefulsets, &core::pods, &core::services, &res::ray_fleets,
     &res::leader_worker_sets, &res::storm_services, &res::role_sets, &res::model_adapters,
     &res::model_claims});

struct Map {
  Value value;
  std::string path;
};

std::vector<Map> maps_of(const Object& object) {
  std::vector<Map> out;
  const auto metadata = [&](const Value& value, const std::string& path) {
    out.push_back({value["labels"], path + ".labels"});
    out.push_back({value["annotations"], path + ".annotations"});
  };
  metadata(object.metadata(), "metadata");
  if (object.kind() == "Service") {
    out.push_back({object.spec()["selector"], "spec.selector"});
    return out;
  }
  for (const char* selector : {"selector", "podSelector"}) {
    out.push_back(
        {object.spec()[selector]["matchLabels"], std::string("spec.") + selector + ".matchLabels"});
  }
  for (const aibrix::PodTemplate& t : aibrix::pod_templates(object)) {
    metadata(t.value["metadata"], t.path + ".metadata");
  }
  return out;
}

bool mentions_aibrix(const Object& object, const std::vector<Map>& maps) {
  if (object.resource().group.ends_with("aibrix.ai")) return true;
  for (const Map& map : maps) {
    for (const kube::Member& m : map.value.members()) {
      if (m.key.find("aibrix.ai/") != std::string_view::npos) return true;
    }
  }
  return false;
}

void report(const Object& object, const Map& map, const kube::Member& member, Reporter& reporter) {
  const bool number = member.value.type() == Value::Type::number;
  const std::string key(member.key);
  const std::string text(member.value.scalar());
  Finding& f =
      reporter.error(object, key + " is a " + (number ? "number" : "boolean") +
                                 ", not a string, in " + map.path + " of " + kind_and_name(object));
  f.at_field(map.path + '[' + key + ']');
  if (member.value.line() != 0) f.subject.line = member.value.line();
  f.with_consequence("The API server rejects the object.");
  f.with_evidence(key, text, '"' + text + '"');
  f.remedy(Confidence::safe, "quote the value: " + key + ": \"" + text + '"');
}

}  // namespace

void report_non_string_labels(const Context& context, Reporter& reporter) {
  for (const kube::Resource* kind : kinds) {
    for (const Object& object : context.snapshot.list(*kind)) {
      const std::vector<Map> maps = maps_of(object);
      for (const Map& map : maps) {
        for (const kube::Member& member : map.value.members()) {
          const Value::Type type = member.value.type();
          const bool typed = type == Value::Type::number || type == Value::Type::boolean;
          if (typed && mentions_aibrix(object, maps)) report(object, map, member, reporter);
        }
      }
    }
  }
}

}  // namespace checks
