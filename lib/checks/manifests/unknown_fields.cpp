// SCH001: a field of a manifest is unknown to its kind.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_unknown_fields(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::unknown_field);
}

}  // namespace

constinit const Check registry::SCH001{
    codes::SCH001,
    Area::manifests,
    "a field of a manifest is unknown to its kind",
    {},
    run_unknown_fields,
    {"A manifest has a field that the schema of its kind does not have. A strict API server "
     "refuses the object; others drop the field and say nothing.",
     "A misspelling, a field of another release of AIBrix, or one that stands a level too "
     "high or too low.",
     "Write the field as the evidence says, or leave it out.", "every release"}};

}  // namespace checks
