// The judge of a catalogue row's causes against the outcomes of checks.
#include "checks/trace/response_causes.hpp"

#include <algorithm>

#include "base/lists.hpp"
#include "base/text.hpp"

namespace checks {
namespace {

// The finding, or one that folded into it, has this code.
bool speaks_of(const Finding& finding, Code code) {
  return finding.code == code ||
         std::any_of(finding.symptoms.begin(), finding.symptoms.end(),
                     [&](const Symptom& symptom) { return symptom.code == code; });
}

const CheckOutcome* outcome_of(const Outcomes& outcomes, Code code) {
  for (const CheckOutcome& o : outcomes.checks) {
    if (o.check->code == code) return &o;
  }
  return nullptr;
}

// Why the check says nothing about this; empty when it has looked.
std::string not_looked(const Outcomes& outcomes, Code code) {
  const CheckOutcome* o = outcome_of(outcomes, code);
  if (o == nullptr) return std::string(code) + " was not run";
  const bool looked = !o->not_asked &&
                      (o->outcome == Outcome::ok || (o->outcome == Outcome::found && !o->partial) ||
                       (o->outcome == Outcome::skipped && o->reason == Reason::not_applicable));
  return looked ? std::string() : std::string(code) + ": " + o->detail;
}

// Findings of these areas are about one model or another; those about the install, the gateway or a
// deletion hold for every answer that they explain, whichever models they touch.
bool is_about_models(const Outcomes& outcomes, Code code) {
  const CheckOutcome* o = outcome_of(outcomes, code);
  if (o == nullptr) return true;
  switch (o->check->area) {
    case Area::files:
    case Area::manifests:
    case Area::install:
    case Area::webhooks:
    case Area::gateway:
    case Area::endpoint:
    case Area::deletion: return false;
    default: return true;
  }
}

CauseVerdict judge(const aibrix::ResponseCause& cause, const Outcomes& outcomes, bool model_known) {
  CauseVerdict out;
  out.cause = &cause;
  if (cause.codes.empty()) {
    if (!cause.visible) return out;
    out.state = CauseVerdict::State::unchecked;
    out.why = "no check looks at it";
    return out;
  }
  std::vector<std::string> missing;
  for (const Code code : cause.codes) {
    for (const Finding& f : outcomes.findings) {
      if (!speaks_of(f, code)) continue;
      if (!model_known && !f.models.empty() && is_about_models(outcomes, code)) {
        base::add_once(missing, "the response does not say which model it was for: --model NAME");
        continue;
      }
      const bool known =
          std::find(out.findings.begin(), out.findings.end(), &f) != out.findings.end();
      if (!known) out.findings.push_back(&f);
    }
    if (std::string why = not_looked(outcomes, code); !why.empty())
      base::add_once(missing, std::move(why));
  }
  if (!out.findings.empty()) {
    out.state = CauseVerdict::State::holds;
  } else if (!missing.empty()) {
    out.state = CauseVerdict::State::unchecked;
    out.why = base::join(missing, "; ");
  } else {
    out.state = CauseVerdict::State::ruled_out;
  }
  return out;
}

}  // namespace

std::string_view to_string(CauseVerdict::State state) {
  switch (state) {
    case CauseVerdict::State::holds: return "holds";
    case CauseVerdict::State::ruled_out: return "ruled out";
    case CauseVerdict::State::unchecked: return "not checked";
    case CauseVerdict::State::unseen: return "not visible in the cluster";
  }
  return "";
}

std::vector<CauseVerdict> judge_causes(const aibrix::ResponsePattern& kind,
                                       const Outcomes& outcomes, bool model_known) {
  std::vector<CauseVerdict> out;
  for (const aibrix::ResponseCause& cause : kind.causes) {
    out.push_back(judge(cause, outcomes, model_known));
  }
  return out;
}

std::vector<const Finding*> proofs(const std::vector<CauseVerdict>& verdicts) {
  std::vector<const Finding*> out;
  for (const CauseVerdict& v : verdicts) {
    for (const Finding* f : v.findings) base::add_once(out, f);
  }
  std::stable_sort(out.begin(), out.end(), [](const Finding* a, const Finding* b) {
    return (a->level == Level::error) > (b->level == Level::error);
  });
  return out;
}

}  // namespace checks
