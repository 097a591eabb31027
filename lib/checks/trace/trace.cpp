// The judge of the hops on a request's way, by the findings of the run.
#include "checks/trace/trace.hpp"

#include <algorithm>
#include <optional>

#include "aibrix/cluster.hpp"
#include "aibrix/model_config.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "checks/core/timing.hpp"
#include "checks/trace/hops.hpp"
#include "kube/redact/redact.hpp"

namespace checks {
namespace {

using Observed = ObservedHop::Observed;
using State = Hop::State;

class Judge {
 public:
  Judge(const Outcomes& outcomes, const std::string& model) : outcomes_(outcomes), model_(model) {}

  std::vector<Hop> run(std::vector<ObservedHop> facts) const {
    for (ObservedHop& h : facts) settle(h, facts);
    explain_broken(facts);
    std::vector<Hop> out;
    for (ObservedHop& h : facts) out.push_back(std::move(h.hop));
    return out;
  }

 private:
  bool about(Code code, const std::vector<std::string>& models, const ObservedHop& h) const {
    if (!h.codes.contains(code)) return false;
    if (models.empty()) return !h.of_model;
    return std::find(models.begin(), models.end(), model_) != models.end();
  }

  // The level at which the finding speaks of the hop. What folded into it counts where the finding
  // itself does not break the way as much already: a grant that is missing breaks the way at the
  // grant, not at the route that says so too.
  std::optional<Level> level_of(const Finding& f, const ObservedHop& h,
                                const std::vector<ObservedHop>& facts) const {
    if (about(f.code, f.models_before_fold(), h)) return f.level_before_fold();
    std::optional<Level> out;
    for (const ObservedHop& own : facts) {
      const bool on_way = own.hop.way == RequestPath::every || own.hop.way == h.hop.way;
      if (on_way && about(f.code, f.models_before_fold(), own)) out = f.level_before_fold();
    }
    std::optional<Level> told;
    for (const Symptom& symptom : f.symptoms) {
      const bool more = symptom.level != Level::info && (!out || symptom.level > *out) &&
                        (!told || symptom.level > *told);
      if (more && about(symptom.code, symptom.models, h)) told = symptom.level;
    }
    return told;
  }

  // Every finding about the hop, the one that weighs most first; says how much that is.
  std::optional<Level> gather(ObservedHop& h, const std::vector<ObservedHop>& facts) const {
    std::optional<Level> worst;
    for (const Finding& f : outcomes_.findings) {
      const std::optional<Level> level = level_of(f, h, facts);
      if (!level) continue;
      if (worst && *level <= *worst) {
        h.hop.more.push_back(&f);
        continue;
      }
      if (h.hop.finding != nullptr) h.hop.more.insert(h.hop.more.begin(), h.hop.finding);
      h.hop.finding = &f;
      worst = level;
    }
    return worst;
  }

  // Why the hop's checks said nothing; empty when all of them have looked.
  std::string not_looked(CodeList codes) const {
    for (const CheckOutcome& o : outcomes_.checks) {
      if (!codes.contains(o.check->code)) continue;
      const bool blind = (o.outcome == Outcome::skipped && o.reason != Reason::not_applicable) ||
                         o.outcome == Outcome::undetermined || o.outcome == Outcome::crashed;
      if (blind) return std::string(o.check->code) + ": " + o.detail;
    }
    return {};
  }

  void settle(ObservedHop& h, const std::vector<ObservedHop>& facts) const {
    Hop& hop = h.hop;
    const std::optional<Level> level = gather(h, facts);
    if (level == Level::error || (level && h.observed == Observed::no)) {
      hop.state = State::broken;
      hop.reason = headline(*hop.finding);
      return;
    }
    if (h.observed != Observed::yes) {
      hop.state = State::unknown;
      if (hop.reason.empty()) hop.reason = not_looked(h.codes);
      return;
    }
    if (level == Level::warning) {
      hop.state = State::limited;
      hop.reason = headline(*hop.finding);
      return;
    }
    if (hop.state == State::limited) return;
    const std::string blind = not_looked(h.codes);
    hop.state = blind.empty() ? State::holds : State::unknown;
    hop.reason = blind;
  }

  // What is not there is broken when some finding of this way says so, whatever hop it is filed
  // under: a fleet without its label has neither route nor grant.
  static void explain_broken(std::vector<ObservedHop>& facts) {
    for (ObservedHop& h : facts) {
      if (h.observed != Observed::no || h.hop.state == State::broken) continue;
      const Finding* why = nullptr;
      for (const ObservedHop& other : facts) {
        const bool same = other.hop.way == h.hop.way || other.hop.way == RequestPath::every;
        if (why == nullptr && same && other.hop.state == State::broken) why = other.hop.finding;
      }
      h.hop.finding = why;
      h.hop.state = why != nullptr ? State::broken : State::unknown;
      h.hop.reason = why != nullptr ? headline(*why) : "no check explains it";
    }
  }

  const Outcomes& outcomes_;
  const std::string& model_;
};

void describe_model(const Context& context, Trace& trace) {
  const aibrix::Model* model = context.cluster.model(trace.model);
  if (model == nullptr) return;
  const auto add = [&](const kube::Object& o) {
    base::add_once(trace.served_by, std::string(o.kind()) + ' ' + o.full_name());
  };
  if (model->adapter != nullptr) add(*model->adapter);
  if (model->claim != nullptr) add(*model->claim);
  for (const aibrix::Workload& w : model->workloads) add(*w.object);
  const auto strategy = aibrix::default_strategy(context.cluster, *model);
  trace.plain_known = strategy.known;
  if (strategy.source == aibrix::DefaultStrategy::Source::none) return;
  trace.plain = RequestPath::strategy;
  trace.strategy = strategy.strategy;
}

}  // namespace

std::string_view to_string(RequestPath way) {
  switch (way) {
    case RequestPath::every: return "every request";
    case RequestPath::strategy: return "with a routing strategy";
    case RequestPath::route: return "without a routing strategy";
  }
  return "";
}

std::string_view to_string(State state) {
  switch (state) {
    case State::holds: return "holds";
    case State::limited: return "limited";
    case State::broken: return "broken";
    case State::unknown: return "unknown";
  }
  return "";
}

const Hop* Trace::broken(RequestPath way) const {
  for (const Hop& hop : hops) {
    const bool on_it = hop.way == RequestPath::every || hop.way == way;
    if (on_it && hop.state == State::broken) return &hop;
  }
  return nullptr;
}

bool Trace::works(RequestPath way) const {
  return std::all_of(hops.begin(), hops.end(), [&](const Hop& hop) {
    const bool on_it = hop.way == RequestPath::every || hop.way == way;
    return !on_it || hop.state == State::holds || hop.state == State::limited;
  });
}

Trace trace_model(const Context& context, const Outcomes& outcomes, const std::string& model) {
  Trace out;
  out.model = model;
  std::vector<ObservedHop> facts = gateway_hops(context);
  for (auto&& hops :
       {model_hops(context, model), strategy_hops(context, model), route_hops(context, model)}) {
    facts.insert(facts.end(), hops.begin(), hops.end());
  }
  facts.push_back(engine_hop(context, model));
  out.hops = Judge(outcomes, model).run(std::move(facts));
  describe_model(context, out);
  for (Hop& hop : out.hops) {
    hop.detail = kube::redact_text(hop.detail);
    hop.reason = kube::redact_text(hop.reason);
  }
  out.strategy = kube::redact_text(out.strategy);
  return out;
}

}  // namespace checks
