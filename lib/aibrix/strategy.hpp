// Routing strategies: which a release knows, and what is wrong with a given one.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/releases.hpp"
#include "kube/parse/value.hpp"

namespace aibrix {

// Names of the routing strategies a release knows, for people; every name when the release is not
// known.
std::vector<std::string> strategy_names(const Release& release);

// One thing the gateway dislikes about a strategy as written.
struct StrategyFault {
  enum class Kind {
    empty,         // set to "": still counts as set
    unknown_name,  // no release knows it
    unknown_here,  // as unknown_name, but AIBrix is newer than this program knows
    too_new,       // a later release knows it
    list_too_new,  // lists came later
    empty_member,  // "a,,b"
    bad_weight,    // not a whole number from 0 to 1,000,000
    all_zero,      // every weight is 0: nothing is left
    not_a_scorer,  // cannot be one of several
    wins_alone,    // an exclusive member: the others are ignored. The only one that is no refusal.
  };
  Kind kind{};
  std::string member;   // the part of the list it is about
  std::string nearest;  // a name it may be a slip of
};
// A refusal makes every request that uses the strategy answer 400.
bool refuses(const StrategyFault& fault);
bool about_a_list(const StrategyFault& fault);
std::string describe(const StrategyFault& fault);  // "\"lest-request\" is no routing strategy"

// All that is wrong with a strategy as written, as the installed release would see it; with an
// unknown release only what is wrong in every one. Names are case-sensitive.
std::vector<StrategyFault> strategy_faults(std::string_view written, const Release& release);
// The strategy that decides: the exclusive member of a list, else all names, without weights.
std::vector<std::string> strategy_members(std::string_view written);

}  // namespace aibrix
