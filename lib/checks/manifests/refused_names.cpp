// SCH007: a manifest has a name that Kubernetes refuses.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_refused_names(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::bad_name);
}

}  // namespace

constinit const Check registry::SCH007{
    codes::SCH007,
    Area::manifests,
    "a manifest has a name that Kubernetes refuses",
    {},
    run_refused_names,
    {"Names are small letters, digits and hyphens; those of Services and namespaces have no dots "
     "and at most 63 characters. The API server refuses the object.",
     "A model's name with capitals or dots was used as the name of a Service.",
     "Name the object otherwise. AIBrix finds a model's Service by the model's name, so the "
     "model needs a name that a Service can have.",
     "every release"}};

}  // namespace checks
