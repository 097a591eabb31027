// The judge of outcomes over files that hold only a part of a cluster.
#include "checks/core/open_world.hpp"

#include <algorithm>

namespace checks {
namespace {

// They judge states: conditions, deletions, endpoints, what controllers wrote.
constexpr Code of_states[] = {WH001,  WH002,  WH003,  WH006,  RED001, INS005, INS006,
                              INS009, MDL014, MDL015, DEP001, LOR001, LOR002, LOR004,
                              LOR007, ASC005, ASC006, ASC007, RAY001, GW004,  STR003};

bool judges_states(const Check& check) {
  return check.area == Area::deletion ||
         std::ranges::find(of_states, check.code) != std::end(of_states);
}

// "0 routes": it went over all there was, and there was none.
bool counted_nothing(const CheckOutcome& o) {
  return o.outcome == Outcome::ok && o.measured.starts_with("0 ");
}

bool saw_no_state(const CheckOutcome& o, bool unapplied) {
  return unapplied && o.outcome == Outcome::ok && judges_states(*o.check);
}

bool is_elsewhere(const CheckOutcome& o, bool unapplied) {
  if (o.outcome == Outcome::crashed) return false;
  if (saw_no_state(o, unapplied)) return true;
  return o.reason == Reason::not_recorded || o.reason == Reason::undecidable || counted_nothing(o);
}

}  // namespace

bool is_unapplied(const kube::Snapshot& snapshot) {
  return std::ranges::none_of(snapshot.kinds(), [&](const kube::Resource* kind) {
    return std::ranges::any_of(snapshot.list(*kind), [](const kube::Object& object) {
      return !object.at("metadata", "uid").text().empty();
    });
  });
}

void set_aside_what_is_elsewhere(Outcomes& outcomes, bool unapplied) {
  for (CheckOutcome& o : outcomes.checks) {
    if (is_elsewhere(o, unapplied)) {
      outcomes.set_aside = true;
      const std::string why = counted_nothing(o)           ? o.measured
                              : saw_no_state(o, unapplied) ? "no cluster has written into them"
                                                           : o.detail;
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
