// SCH003: a field of a manifest has a value that is not permitted.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_choices(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::not_a_choice);
}

}  // namespace

constinit const Check registry::SCH003{
    codes::SCH003,
    Area::manifests,
    "a field of a manifest has a value that is not permitted",
    {},
    run_choices,
    {"The field takes one of a few values, in exactly this spelling. The API server refuses the "
     "object.",
     "Capitals, or a word of another release.", "Write one of the values that the evidence names.",
     "every release"}};

}  // namespace checks
