// SCH008: a manifest has a label or annotation that Kubernetes refuses.
#include "checks/common/manifest_mistakes.hpp"

namespace checks {
namespace {

void run_refused_labels(const Context& context, Reporter& reporter) {
  report_mistakes(context, reporter, kube::Mistake::bad_label);
}

}  // namespace

constinit const Check registry::SCH008{
    codes::SCH008,
    Area::manifests,
    "a manifest has a label or annotation that Kubernetes refuses",
    {},
    run_refused_labels,
    {"Label values are at most 63 letters, digits, -, _ and ., with a letter or digit at both "
     "ends; keys may have a prefix. The API server refuses the object.",
     "A model's name with a slash, or a blank at the end of a value.",
     "Write a value that labels can have.", "every release"}};

}  // namespace checks
