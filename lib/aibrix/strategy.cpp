// The table of routing strategies by release, and the judge of how one is written.
#include "aibrix/strategy.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "aibrix/release_facts.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

// A routing strategy and what it can do.
struct Strategy {
  std::string_view name;
  ReleaseSpan releases;
  bool scorer = false;     // can be one of a list
  bool exclusive = false;  // in a list it wins alone
};
// pkg/plugins/gateway/algorithms at the tags v0.1.0 to v0.7.0 and, for v0.8, single files after
// them: whether "external" scores was not read, so it is not refused in lists.
constexpr auto strategy_table = std::to_array<Strategy>({
    {"random", since(v0_1), false, false},
    {"least-request", since(v0_1), true, false},
    {"throughput", since(v0_1), true, false},
    {"prefix-cache", since(v0_2), true, false},
    {"least-kv-cache", since(v0_2), true, false},
    {"least-busy-time", since(v0_2), true, false},
    {"least-latency", since(v0_2), true, false},
    {"prefix-cache-preble", since(v0_3), true, false},
    {"vtc-basic", since(v0_3), true, false},
    {"least-gpu-cache", since(v0_4), true, false},
    {"least-utilization", since(v0_4), true, false},
    {"pd", since(v0_4), false, true},
    {"slo", since(v0_4), false, true},
    {"slo-pack-load", since(v0_4), false, true},
    {"slo-least-load", since(v0_4), false, true},
    {"slo-least-load-pulling", since(v0_4), false, true},
    {"session-affinity", since(v0_6), true, false},
    {"power-of-two", since(v0_7), false, false},
    {"load-balance", since(v0_8), true, false},
    {"least-request-top-k", since(v0_8), true, false},
    {"external", since(v0_8), true, false},
});

const Strategy* find_strategy(std::string_view name) {
  const auto it = std::find_if(strategy_table.begin(), strategy_table.end(),
                               [&](const Strategy& s) { return s.name == name; });
  return it == strategy_table.end() ? nullptr : &*it;
}

// "name:weight" taken apart; weight 1 when there is none, nothing when it is not one.
struct Member {
  std::string name;
  std::optional<int> weight = 1;
};
Member read_member(std::string_view text) {
  const std::size_t colon = text.find(':');
  Member member;
  member.name = base::trim(text.substr(0, colon));
  if (colon == std::string_view::npos) return member;
  const std::string_view number = base::trim(text.substr(colon + 1));
  int weight = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), weight);
  const bool whole = error == std::errc() && end == number.data() + number.size();
  if (!whole || weight < 0 || weight > 1000000) {
    member.weight.reset();
  } else {
    member.weight = weight;
  }
  return member;
}

void judge_name(const std::string& name, const Release& release, std::vector<StrategyFault>& out) {
  using Kind = StrategyFault::Kind;
  if (const Strategy* known = find_strategy(name)) {
    if (known->releases.holds(release).value_or(true)) return;
    const bool unreleased = known->releases.starts_on_main();
    out.push_back({Kind::too_new, name, unreleased ? "the main branch" : known->releases.start()});
    return;
  }
  out.push_back({release.beyond_known() ? Kind::unknown_here : Kind::unknown_name, name,
                 base::closest_match(name, strategy_names(release))});
}

bool is_exclusive(std::string_view name) {
  // pkg/plugins/gateway/algorithms/router.go isExclusiveStrategyName
  return name == "pd" || name.starts_with("slo");
}

}  // namespace

std::vector<std::string> strategy_names(const Release& release) {
  std::vector<std::string> out;
  for (const Strategy& s : strategy_table) {
    if (s.releases.holds(release).value_or(true)) out.emplace_back(s.name);
  }
  return out;
}

bool refuses(const StrategyFault& fault) {
  using Kind = StrategyFault::Kind;
  return fault.kind != Kind::wins_alone && fault.kind != Kind::unknown_here;
}

bool about_a_list(const StrategyFault& fault) {
  using Kind = StrategyFault::Kind;
  switch (fault.kind) {
    case Kind::empty:
    case Kind::unknown_name:
    case Kind::unknown_here:
    case Kind::too_new: return false;
    case Kind::list_too_new:
    case Kind::empty_member:
    case Kind::bad_weight:
    case Kind::all_zero:
    case Kind::not_a_scorer:
    case Kind::wins_alone: return true;
  }
  return false;
}

std::string describe(const StrategyFault& fault) {
  using Kind = StrategyFault::Kind;
  const std::string name = '"' + base::printable(fault.member) + '"';
  switch (fault.kind) {
    case Kind::empty: return "it is empty, which is not a strategy";
    case Kind::unknown_name: return name + " is not a routing strategy";
    case Kind::unknown_here:
      return name + " is unknown to this program, which knows the strategies up to " +
             last_known_release();
    case Kind::too_new: return name + " is supported only from " + fault.nearest + " on";
    case Kind::list_too_new:
      return "lists of strategies are supported only from " + facts::strategy_lists.start() + " on";
    case Kind::empty_member: return "the list has an empty entry";
    case Kind::bad_weight: return name + " has a weight that is not a whole number up to 1000000";
    case Kind::all_zero: return "every weight is 0, which leaves no strategy";
    case Kind::not_a_scorer: return name + " cannot be in a list, because it does not score pods";
    case Kind::wins_alone:
      return name + " always decides alone, so the rest of the list is ignored";
  }
  return "";
}

std::vector<StrategyFault> strategy_faults(std::string_view written, const Release& release) {
  using Kind = StrategyFault::Kind;
  std::vector<StrategyFault> out;
  if (base::trim(written).empty()) return {{Kind::empty, "", ""}};
  const bool list = written.find_first_of(",:") != std::string_view::npos;
  if (!list) {
    judge_name(std::string(base::trim(written)), release, out);
    return out;
  }
  if (!facts::strategy_lists.holds(release).value_or(true)) {
    return {{Kind::list_too_new, std::string(written), ""}};
  }
  std::vector<Member> kept;
  for (const std::string_view part : base::split(written, ',')) {
    Member member = read_member(part);
    const std::string shown(base::trim(part));
    if (member.name.empty()) out.push_back({Kind::empty_member, shown, ""});
    if (!member.weight) out.push_back({Kind::bad_weight, shown, ""});
    if (!member.name.empty() && member.weight != 0) kept.push_back(std::move(member));
  }
  if (kept.empty() && out.empty()) return {{Kind::all_zero, std::string(written), ""}};
  if (!out.empty()) return out;
  for (const Member& member : kept) {
    if (!is_exclusive(member.name)) continue;
    judge_name(member.name, release, out);
    if (kept.size() > 1) out.push_back({Kind::wins_alone, member.name, ""});
    return out;
  }
  for (const Member& member : kept) {
    judge_name(member.name, release, out);
    const Strategy* known = find_strategy(member.name);
    if (kept.size() > 1 && known != nullptr && !known->scorer) {
      out.push_back({Kind::not_a_scorer, member.name, ""});
    }
  }
  return out;
}

std::vector<std::string> strategy_members(std::string_view written) {
  std::vector<std::string> out;
  for (const std::string_view part : base::split(written, ',')) {
    const Member member = read_member(part);
    if (member.name.empty() || member.weight == 0) continue;
    if (is_exclusive(member.name)) return {member.name};
    out.push_back(member.name);
  }
  return out;
}

}  // namespace aibrix
