// The verdict on a model in short, made of its trace.
#include "checks/trace/verdict.hpp"

#include <algorithm>
#include <set>

#include "aibrix/cluster.hpp"
#include "aibrix/pod.hpp"
#include "base/lists.hpp"
#include "checks/trace/hops.hpp"

namespace checks {
namespace {

using WayState = PathVerdict::State;

PathVerdict verdict_of_way(const Trace& trace, RequestPath way) {
  PathVerdict out;
  if (const Hop* broken = trace.broken(way); broken != nullptr) {
    out.state = WayState::fails;
    out.hop = broken->name;
    if (broken->finding != nullptr) {
      out.code = broken->finding->code.text();
      out.level = broken->finding->level;
    }
    return out;
  }
  if (trace.works(way)) {
    out.state = WayState::works;
    return out;
  }
  for (const Hop& hop : trace.hops) {
    const bool on_it = hop.way == RequestPath::every || hop.way == way;
    if (on_it && hop.state == Hop::State::unknown) base::add_once(out.unseen, hop.name);
  }
  return out;
}

}  // namespace

bool ModelVerdict::fails() const {
  return (strategy.state == WayState::fails && strategy.level == Level::error) ||
         (route.state == WayState::fails && route.level == Level::error);
}

bool ModelVerdict::works() const {
  return strategy.state == WayState::works && route.state == WayState::works;
}

ModelVerdict verdict_of(const Context& context, const Trace& trace) {
  ModelVerdict out;
  out.model = trace.model;
  out.served_by = trace.served_by;
  out.plain = trace.plain;
  out.plain_known = trace.plain_known;
  out.default_strategy = trace.strategy;
  out.strategy = verdict_of_way(trace, RequestPath::strategy);
  out.route = verdict_of_way(trace, RequestPath::route);
  if (const aibrix::Model* model = context.cluster.model(trace.model); model != nullptr) {
    out.adapter = model->adapter != nullptr;
    const std::vector<const kube::Object*> pods = serving_pods(context, *model);
    out.pods = pods.size();
    out.ready = static_cast<std::size_t>(std::ranges::count_if(pods, aibrix::is_routable));
  }
  return out;
}

void keep_what_concerns(Outcomes& outcomes, const std::vector<Trace>& traces) {
  const bool none_served =
      std::ranges::all_of(traces, [](const Trace& t) { return t.served_by.empty(); });
  std::set<const Finding*> on_way;
  for (const Trace& trace : traces) {
    for (const Hop& hop : trace.hops) {
      if (hop.finding != nullptr) on_way.insert(hop.finding);
      on_way.insert(hop.more.begin(), hop.more.end());
    }
  }
  std::vector<Finding> kept;
  for (Finding& f : outcomes.findings) {
    const bool general = f.models.empty();
    if (general && (none_served || (f.level == Level::error && !on_way.contains(&f)))) {
      outcomes.elsewhere.add(f.level);
    } else {
      kept.push_back(std::move(f));
    }
  }
  outcomes.findings = std::move(kept);
}

}  // namespace checks
