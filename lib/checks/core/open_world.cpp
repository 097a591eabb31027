// The judge of outcomes over files that hold only a part of a cluster.
#include "checks/core/open_world.hpp"

namespace checks {
namespace {

// "0 routes": it went over all there was, and there was none.
bool counted_nothing(const CheckOutcome& o) {
  return o.outcome == Outcome::ok && o.measured.starts_with("0 ");
}

bool is_elsewhere(const CheckOutcome& o) {
  if (o.outcome == Outcome::crashed) return false;
  return o.reason == Reason::not_recorded || o.reason == Reason::undecidable || counted_nothing(o);
}

}  // namespace

void set_aside_what_is_elsewhere(Outcomes& outcomes) {
  for (CheckOutcome& o : outcomes.checks) {
    if (is_elsewhere(o)) {
      outcomes.set_aside = true;
      const std::string why = counted_nothing(o) ? o.measured : o.detail;
      o.outcome = Outcome::skipped;
      o.reason = Reason::not_applicable;
      o.detail = "not applicable to these files: " + why;
      o.measured.clear();
    } else if (o.partial) {
      o.partial = false;
      o.detail.clear();
    }
  }
}

}  // namespace checks
