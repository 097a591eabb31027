// SCH006: a field of a manifest is out of range.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_out_of_range(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::out_of_range);
}

}  // namespace

constinit const Check registry::SCH006{
    codes::SCH006,
    Area::manifests,
    "a field of a manifest is out of range",
    {},
    run_out_of_range,
    {"A number, a length or a count lies beyond what the schema permits. The API server refuses "
     "the object.",
     "A number with a digit too many, an empty list, a text that is too long.",
     "Write a value within the range that the evidence names.", "every release"}};

}  // namespace checks
