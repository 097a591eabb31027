// The finder of pairs of a prefill and a decode pod.
#include "aibrix/pd.hpp"

#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/pod.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/strategy.hpp"

namespace aibrix {
namespace {

using kube::Object;

const Object* routable(const std::vector<const Object*>& pods) {
  const auto it = std::find_if(pods.begin(), pods.end(), is_routable);
  return it == pods.end() ? nullptr : *it;
}

RolePods& set_named(std::vector<RolePods>& sets, std::string_view name) {
  for (RolePods& set : sets) {
    if (set.role_set == name) return set;
  }
  sets.emplace_back().role_set = name;
  return sets.back();
}

}  // namespace

std::vector<RolePods> role_pods(const Model& model, const Release& release) {
  const bool needs_set = facts::pd_stays_in_one_set.holds(release).value_or(true);
  const bool no_followers = facts::pd_ignores_group_followers.holds(release).value_or(true);
  std::vector<RolePods> out;
  for (const Object* pod : model.pods) {
    const std::string_view set = pod->label(names::roleset_name);
    const std::string_view role = pod->label(names::role_name);
    if ((set.empty() && needs_set) || (role != "prefill" && role != "decode")) continue;
    if (no_followers && is_group_follower(*pod)) continue;
    RolePods& mine = set_named(out, set);
    (role == "prefill" ? mine.prefill : mine.decode).push_back(pod);
  }
  return out;
}

std::optional<PdPair> pd_pair(const std::vector<RolePods>& sets, const Release& release) {
  const Object* prefill = nullptr;
  const Object* decode = nullptr;
  for (const RolePods& set : sets) {
    const Object* p = routable(set.prefill);
    const Object* d = routable(set.decode);
    if (p != nullptr && d != nullptr) return PdPair{p, d};
    if (prefill == nullptr) prefill = p;
    if (decode == nullptr) decode = d;
  }
  const bool one_set = facts::pd_stays_in_one_set.holds(release).value_or(false);
  if (one_set || prefill == nullptr || decode == nullptr) return std::nullopt;
  return PdPair{prefill, decode};
}

bool is_pd(std::string_view strategy) {
  const std::vector<std::string> members = strategy_members(strategy);
  return members.size() == 1 && members.front() == "pd";
}

}  // namespace aibrix
