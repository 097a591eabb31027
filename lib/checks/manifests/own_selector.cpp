// SCH009: a workload's selector does not select its own pods.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_own_selector(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::bad_selector);
}

}  // namespace

constinit const Check registry::SCH009{
    codes::SCH009,
    Area::manifests,
    "a workload's selector does not select its own pods",
    {},
    run_own_selector,
    {"spec.selector of a workload must fit the labels of its own pod template. The API server "
     "refuses the object.",
     "Labels were changed in one of the two places.", "Write the same labels into both.",
     "every release"}};

}  // namespace checks
