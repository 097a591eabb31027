// An object held against its schema: what an API server would refuse of it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kube/parse/value.hpp"
#include "kube/schema/node.hpp"

namespace kube {

// One kind of mistake; each has a code of its own.
enum class Mistake {
  unknown_field,
  wrong_type,
  not_a_choice,
  missing,
  malformed,
  out_of_range,
  bad_name,
  bad_label,
  bad_selector,
  not_served,
  rule
};

// Who refuses what has the mistake.
enum class Refuser {
  server,
  usual_server,    // one whose settings nobody changed
  server_of_pods,  // the object is taken, the pods that are made from it are not
};

struct Violation {
  Mistake mistake;
  std::string path;    // "spec.metricsSources[0].port", as kube::field_path reads it
  std::string what;    // behind the object's name: "has no field spec.metricSources"
  std::string server;  // what the API server says
  std::string fix;     // "spec.metricsSources"; empty: not known
  Value at;            // the value at fault, or the one that lacks something
  Refuser refuser = Refuser::server;
};

struct Manner {
  // A kind of Kubernetes itself, whose decoder is not a schema: empty text is nothing.
  bool core = false;
  // Nothing of the object was left out while reading (is_pruned).
  bool whole = true;
  std::string path = {};  // of the value itself
};
std::vector<Violation> validate(const Value& object, const SchemaSource& source, std::uint32_t root,
                                const Manner& manner);

// Names, labels and annotations, as the API server looks at them for every kind. `kind` without a
// group: "Service".
std::vector<Violation> validate_names(const Value& object, std::string_view kind, bool core);

// What no schema says of Kubernetes' own kinds: a workload selects its own pods, a Service has
// ports. Nothing of the object may have been left out while reading.
std::vector<Violation> validate_core(const Value& object);
// Of a custom kind that can be scaled.
std::vector<Violation> validate_scale(const Value& object);

// The pod templates of AIBrix's kinds, KubeRay's and LeaderWorkerSet's, whose CRDs say little of
// pods: what the API server refuses of the pods. `node` is that of Kubernetes' PodTemplateSpec.
std::vector<Violation> validate_templates(const Value& object, const SchemaSource& source,
                                          std::uint32_t node);

// The path with one more step.
std::string member_path(const std::string& path, std::string_view key);

}  // namespace kube
