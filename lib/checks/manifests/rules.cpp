// SCH011: a manifest breaks a rule between fields.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_rules(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::rule);
}

}  // namespace

constinit const Check registry::SCH011{
    codes::SCH011,
    Area::manifests,
    "a manifest breaks a rule between fields",
    {},
    run_rules,
    {"A rule of the schema (x-kubernetes-validations) does not hold: a backend without a port, a "
     "filter without its settings. The API server refuses the object.",
     "Two fields that go together do not fit.", "Make the fields fit, as the evidence says.",
     "every release"}};

}  // namespace checks
