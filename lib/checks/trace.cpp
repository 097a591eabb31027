#include "checks/trace.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/model_config.hpp"
#include "base/text.hpp"
#include "checks/trace_hops.hpp"

namespace checks {
namespace {

using Fact = HopFacts::Fact;
using State = Hop::State;

bool lists(std::string_view codes, std::string_view code) {
  const auto parts = base::split(codes, ',');
  return std::find(parts.begin(), parts.end(), code) != parts.end();
}

bool concerns(const Finding& f, const std::string& model) {
  return f.models.empty() || std::find(f.models.begin(), f.models.end(), model) != f.models.end();
}

// Each finding goes to one hop: that of its own code, else of the first that folded into it.
const Finding* better(const Finding* a, const Finding* b) {
  if (a == nullptr || b->level > a->level) return b;
  return a;
}

class Judge {
 public:
  Judge(const Outcomes& outcomes, const std::string& model) : outcomes_(outcomes), model_(model) {}

  std::vector<Hop> run(std::vector<HopFacts> facts) {
    for (const Finding& f : outcomes_.findings) {
      if (concerns(f, model_)) assign(f, facts);
    }
    for (HopFacts& h : facts) settle(h);
    explain_broken(facts);
    std::vector<Hop> out;
    for (HopFacts& h : facts) out.push_back(std::move(h.hop));
    return out;
  }

 private:
  static HopFacts* hop_of(std::string_view code, std::vector<HopFacts>& facts) {
    for (HopFacts& h : facts) {
      if (lists(h.codes, code)) return &h;
    }
    return nullptr;
  }

  static void assign(const Finding& f, std::vector<HopFacts>& facts) {
    HopFacts* hop = hop_of(f.code, facts);
    for (std::size_t i = 0; hop == nullptr && i < f.also.size(); ++i) {
      hop = hop_of(f.also[i].code, facts);
    }
    if (hop != nullptr) hop->hop.finding = better(hop->hop.finding, &f);
  }

  // Why the hop's checks said nothing; empty when all of them have looked.
  std::string not_looked(std::string_view codes) const {
    for (const CheckOutcome& o : outcomes_.checks) {
      if (!lists(codes, o.check->code)) continue;
      const bool blind = (o.outcome == Outcome::skipped && o.reason != Reason::not_applicable) ||
                         o.outcome == Outcome::undetermined || o.outcome == Outcome::broken;
      if (blind) return std::string(o.check->code) + ": " + o.detail;
    }
    return {};
  }

  void settle(HopFacts& h) const {
    Hop& hop = h.hop;
    const bool limited = hop.state == State::limited;
    // A finding that is here only for what folded into it may be an error for other reasons.
    const bool fails = hop.finding != nullptr && hop.finding->level == Level::error &&
                       (h.fact != Fact::yes || lists(h.codes, hop.finding->code));
    if (fails || (hop.finding != nullptr && h.fact == Fact::no)) {
      hop.state = State::broken;
      hop.reason = headline(*hop.finding);
      return;
    }
    if (h.fact == Fact::yes) {
      hop.state = limited ? State::limited : State::holds;
      if (hop.finding != nullptr && hop.finding->level != Level::info) {
        hop.state = State::limited;
        hop.reason = headline(*hop.finding);
      }
      return;
    }
    hop.state = State::unknown;
    if (hop.reason.empty()) hop.reason = not_looked(h.codes);
  }

  // What is not there is broken when some finding of this way says so, whatever hop it is filed
  // under: a fleet without its label has neither route nor grant.
  static void explain_broken(std::vector<HopFacts>& facts) {
    for (HopFacts& h : facts) {
      if (h.fact != Fact::no || h.hop.state == State::broken) continue;
      const Finding* why = nullptr;
      for (const HopFacts& other : facts) {
        const bool same = other.hop.way == h.hop.way || other.hop.way == Way::every;
        if (same && other.hop.finding != nullptr && other.hop.state == State::broken) {
          why = better(why, other.hop.finding);
        }
      }
      h.hop.finding = why;
      h.hop.state = why != nullptr ? State::broken : State::unknown;
      h.hop.reason = why != nullptr ? headline(*why) : "no check says that this is wrong";
    }
  }

  const Outcomes& outcomes_;
  const std::string& model_;
};

void describe_model(const Context& context, Trace& trace) {
  const aibrix::Model* model = context.cluster.model(trace.model);
  if (model == nullptr) return;
  const auto add = [&](const kube::Object& o) {
    std::string text = std::string(o.kind()) + ' ' + o.full_name();
    if (std::find(trace.served_by.begin(), trace.served_by.end(), text) == trace.served_by.end()) {
      trace.served_by.push_back(std::move(text));
    }
  };
  if (model->adapter != nullptr) add(*model->adapter);
  if (model->claim != nullptr) add(*model->claim);
  for (const aibrix::Workload& w : model->workloads) add(*w.object);
  const auto strategy = aibrix::default_strategy(context.cluster, *model);
  trace.plain_known = strategy.known;
  if (strategy.source == aibrix::DefaultStrategy::Source::none) return;
  trace.plain = Way::strategy;
  trace.strategy = strategy.strategy;
}

}  // namespace

std::string_view to_string(Way way) {
  switch (way) {
    case Way::every: return "every request";
    case Way::strategy: return "with a routing strategy";
    case Way::route: return "without a routing strategy";
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

const Hop* Trace::broken(Way way) const {
  for (const Hop& hop : hops) {
    const bool on_it = hop.way == Way::every || hop.way == way;
    if (on_it && hop.state == State::broken) return &hop;
  }
  return nullptr;
}

bool Trace::works(Way way) const {
  return std::all_of(hops.begin(), hops.end(), [&](const Hop& hop) {
    const bool on_it = hop.way == Way::every || hop.way == way;
    return !on_it || hop.state == State::holds || hop.state == State::limited;
  });
}

Trace trace_model(const Context& context, const Outcomes& outcomes, const std::string& model) {
  Trace out;
  out.model = model;
  std::vector<HopFacts> facts = gateway_hops(context);
  for (auto&& hops : {model_hops(context, model), strategy_hops(context, model), route_hops(context, model)}) {
    facts.insert(facts.end(), hops.begin(), hops.end());
  }
  facts.push_back(engine_hop(context, model));
  out.hops = Judge(outcomes, model).run(std::move(facts));
  describe_model(context, out);
  return out;
}

}  // namespace checks
