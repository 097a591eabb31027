// SCH010: a manifest has an apiVersion that is not served.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_api_versions(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::not_served);
}

}  // namespace

constinit const Check registry::SCH010{
    codes::SCH010,
    Area::manifests,
    "a manifest has an apiVersion that is not served",
    {},
    run_api_versions,
    {"The kind does not exist in this group and version. The API server refuses the object.",
     "An old version, another product's group, or a slip of the pen.",
     "Write the apiVersion that the evidence names.", "every release"}};

}  // namespace checks
