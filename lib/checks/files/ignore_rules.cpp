// FIL002, FIL003: rules that say what is not to be counted, and have outlived their use.
#include <algorithm>

#include "base/text.hpp"
#include "checks/core/check.hpp"

namespace checks {
namespace {

using kube::FileFault;

Subject subject_of(const FileFault& rule) {
  Subject subject(kube::ObjectRef{"", "IgnoreRule", "", rule.what});
  subject.file = rule.file;
  subject.line = rule.line;
  subject.column = rule.column;
  return subject;
}

template <typename Tell>
void each(const Context& context, FileFault::Kind kind, Reporter& reporter, Tell tell) {
  bool any = false;
  for (const FileFault& rule : context.snapshot.file_faults()) {
    if (rule.kind != kind) continue;
    any = true;
    Finding& f = tell(rule);
    if (!rule.reason.empty()) f.with_evidence("reason", rule.reason);
  }
  if (!any) {
    reporter.not_applicable(kind == FileFault::Kind::ended_rule
                                ? "no rule of what to ignore has expired"
                                : "no rule of what to ignore is without use");
  }
}

void run_ended(const Context& context, Reporter& reporter) {
  each(context, FileFault::Kind::ended_rule, reporter, [&](const FileFault& rule) -> Finding& {
    return reporter
        .warning(subject_of(rule),
                 "the rule to ignore " + base::printable(rule.what) + " has expired")
        .with_consequence("What it names is counted again.")
        .remedy(Confidence::manual, "repair what it names, or give the rule a later date");
  });
}

void run_idle(const Context& context, Reporter& reporter) {
  each(context, FileFault::Kind::idle_rule, reporter, [&](const FileFault& rule) -> Finding& {
    return reporter
        .info(subject_of(rule),
              "the rule to ignore " + base::printable(rule.what) + " matches no finding")
        .remedy(Confidence::manual, "take the rule out");
  });
}

}  // namespace

constinit const Check registry::FIL002{
    codes::FIL002,
    Area::files,
    "a rule that ignores findings has expired",
    {},
    run_ended,
    {"A rule of .aibrixctl.yaml names findings that are not to be counted, until a date that is "
     "over. They are counted again.",
     "What was to be repaired by that date is not.",
     "Repair it; or take the rule out, or give it another date and a reason.", "every release"}};

constinit const Check registry::FIL003{
    codes::FIL003,
    Area::files,
    "a rule that ignores findings matches none",
    {},
    run_idle,
    {"A rule of .aibrixctl.yaml, of --ignore or of the annotation aibrixctl.io/ignore names "
     "findings that are not there. Told only where the checks that it names have looked.",
     "What it ignored has been repaired, or the code or the object is misspelt.",
     "Take the rule out, or correct it.", "every release"}};

}  // namespace checks
