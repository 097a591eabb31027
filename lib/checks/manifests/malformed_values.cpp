// SCH005: a field of a manifest is malformed.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_malformed_values(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::malformed);
}

}  // namespace

constinit const Check registry::SCH005{
    codes::SCH005,
    Area::manifests,
    "a field of a manifest is malformed",
    {},
    run_malformed_values,
    {"The value does not fit the pattern that the schema requires. The API server refuses the "
     "object.",
     "A mistyped value, a quantity with an unknown unit, a version where only a group belongs.",
     "Write the value in the form that the evidence names.", "every release"}};

}  // namespace checks
