// The comparison of findings before and after an undo.
#include "undo_seen.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "checks/core/runner.hpp"
#include "checks/core/select.hpp"
#include "fix/overlay.hpp"

namespace cli {

using State = fix::FindingChange::State;

std::vector<checks::Finding> findings_of(const fix::Record& record, const Global& global,
                                         InputSource& source) {
  const fix::Fix* fix = fix::find(record.plan.fix);
  if (fix == nullptr) return {};
  const auto selection = checks::select(fix->codes);
  const Reading reading = source.read(checks::needs_of(selection));
  const aibrix::Cluster cluster(reading.snapshot, {global.install_namespace});
  return checks::run(selection, {reading.snapshot, cluster, {}}).findings;
}

std::vector<fix::Watched> found_again(const fix::Record& record,
                                      const std::vector<checks::Finding>& before,
                                      const std::vector<checks::Finding>& after) {
  std::vector<fix::Watched> out;
  const auto seen = fix::compare(before, after);
  const auto is_in = [](const std::vector<fix::FindingChange>& list, const fix::FindingChange& c,
                        State other_than) {
    return std::any_of(list.begin(), list.end(), [&](const fix::FindingChange& o) {
      return o.state != other_than && o.code == c.code && o.object == c.object;
    });
  };
  for (const fix::FindingChange& c : seen) {
    if (c.state != State::fresh) continue;
    const bool known = is_in(record.plan.findings, c, State::fresh);
    out.push_back(
        {fix::Watched::State::done, c.object,
         c.code + (known ? " is back, as before the fix: " : " is found now: ") + c.title});
  }
  for (const fix::FindingChange& c : record.plan.findings) {
    if (c.state != State::fixed || is_in(seen, c, State::fixed)) continue;
    out.push_back({fix::Watched::State::waiting, c.object,
                   c.code + " was cleared by the fix, and is not found yet"});
  }
  return out;
}

}  // namespace cli
