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
    {"Fields that go together do not fit: a rule of the schema (x-kubernetes-validations) such as a "
     "backend without a port, or what Kubernetes itself asks for, such as a volume for each mount, "
     "one handler for each probe, requests within limits, no name twice. The API server refuses "
     "the object, or the pods that are made from it.",
     "Two fields that go together do not fit.", "Make the fields fit, as the evidence says.",
     "every release"}};

}  // namespace checks
