// SCH002: a field of a manifest has the wrong type.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_wrong_types(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::wrong_type);
}

}  // namespace

constinit const Check registry::SCH002{
    codes::SCH002,
    Area::manifests,
    "a field of a manifest has the wrong type",
    {},
    run_wrong_types,
    {"A number stands where a string is required, a list where an object is, and so on. The API "
     "server refuses the object.",
     "YAML reads 8000 and true as a number and a boolean; only quotes make them text.",
     "Write the value in the type that the evidence names.", "every release"}};

}  // namespace checks
