// SCH004: a manifest lacks a required field.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_missing_fields(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::missing);
}

}  // namespace

constinit const Check registry::SCH004{
    codes::SCH004,
    Area::manifests,
    "a manifest lacks a required field",
    {},
    run_missing_fields,
    {"The schema requires the field and gives it no default. The API server refuses the object.",
     "It was left out, misspelled, or stands at another level.", "Add the field.",
     "every release"}};

}  // namespace checks
