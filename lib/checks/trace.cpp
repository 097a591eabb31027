#include "checks/trace.hpp"

#include <algorithm>
#include <optional>

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

class Judge {
 public:
  Judge(const Outcomes& outcomes, const std::string& model) : outcomes_(outcomes), model_(model) {}

  std::vector<Hop> run(std::vector<HopFacts> facts) const {
    for (HopFacts& h : facts) settle(h, facts);
    explain_broken(facts);
    std::vector<Hop> out;
    for (HopFacts& h : facts) out.push_back(std::move(h.hop));
    return out;
  }

 private:
  bool about(std::string_view code, const std::vector<std::string>& models, const HopFacts& h) const {
    if (!lists(h.codes, code)) return false;
    if (models.empty()) return !h.of_model;
    return std::find(models.begin(), models.end(), model_) != models.end();
  }

  // The level at which the finding speaks of the hop. What folded into it counts where the finding
  // itself does not break the way as much already: a grant that is missing breaks the way at the
  // grant, not at the route that says so too.
  std::optional<Level> level_of(const Finding& f, const HopFacts& h,
                                const std::vector<HopFacts>& facts) const {
    if (about(f.code, f.own_models(), h)) return f.own_level();
    std::optional<Level> out;
    for (const HopFacts& own : facts) {
      const bool on_way = own.hop.way == Way::every || own.hop.way == h.hop.way;
      if (on_way && about(f.code, f.own_models(), own)) out = f.own_level();
    }
    std::optional<Level> told;
    for (const Also& also : f.also) {
      const bool more = also.level != Level::info && (!out || also.level > *out) && (!told || also.level > *told);
      if (more && about(also.code, also.models, h)) told = also.level;
    }
    return told;
  }

  // Every finding about the hop, the one that weighs most first; says how much that is.
  std::optional<Level> gather(HopFacts& h, const std::vector<HopFacts>& facts) const {
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
  std::string not_looked(std::string_view codes) const {
    for (const CheckOutcome& o : outcomes_.checks) {
      if (!lists(codes, o.check->code)) continue;
      const bool blind = (o.outcome == Outcome::skipped && o.reason != Reason::not_applicable) ||
                         o.outcome == Outcome::undetermined || o.outcome == Outcome::broken;
      if (blind) return std::string(o.check->code) + ": " + o.detail;
    }
    return {};
  }

  void settle(HopFacts& h, const std::vector<HopFacts>& facts) const {
    Hop& hop = h.hop;
    const std::optional<Level> level = gather(h, facts);
    if (level == Level::error || (level && h.fact == Fact::no)) {
      hop.state = State::broken;
      hop.reason = headline(*hop.finding);
      return;
    }
    if (h.fact != Fact::yes) {
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
  static void explain_broken(std::vector<HopFacts>& facts) {
    for (HopFacts& h : facts) {
      if (h.fact != Fact::no || h.hop.state == State::broken) continue;
      const Finding* why = nullptr;
      for (const HopFacts& other : facts) {
        const bool same = other.hop.way == h.hop.way || other.hop.way == Way::every;
        if (why == nullptr && same && other.hop.state == State::broken) why = other.hop.finding;
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
