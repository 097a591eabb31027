// The search of an object for its newest timestamp.
#include "kube/files/manifest_time.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace kube {
namespace {

void take(std::optional<base::Time>& newest, std::optional<base::Time> time) {
  if (time && (!newest || *time > *newest)) newest = time;
}

void take(std::optional<base::Time>& newest, const Value& value) {
  if (value.is_string()) take(newest, base::parse_time(value.text()));
}

// Conditions stand in status, in its parents, listeners and ancestors.
void take_conditions(std::optional<base::Time>& newest, const Value& value) {
  constexpr auto times = std::to_array<std::string_view>(
      {"lastTransitionTime", "lastUpdateTime", "lastHeartbeatTime"});
  for (const Value& item : value.items()) take_conditions(newest, item);
  for (const Member& member : value.members()) {
    if (member.value.is_string()) {
      if (std::ranges::find(times, member.key) != times.end()) take(newest, member.value);
    } else {
      take_conditions(newest, member.value);
    }
  }
}

}  // namespace

std::optional<base::Time> newest_time(const Object& object) {
  std::optional<base::Time> newest;
  take(newest, object.metadata()["creationTimestamp"]);
  if (auto deleted = object.deleted()) {
    constexpr std::int64_t longest = 366L * 24 * 3600;
    const std::int64_t grace = object.metadata()["deletionGracePeriodSeconds"].integer_or(0);
    take(newest, *deleted - std::chrono::seconds(std::clamp<std::int64_t>(grace, 0, longest)));
  }
  take_conditions(newest, object.status());
  if (&object.resource() == &resources::leases) {
    take(newest, object.spec()["renewTime"]);
    take(newest, object.spec()["acquireTime"]);
  }
  if (&object.resource() == &resources::events) {
    for (const char* key : {"firstTimestamp", "lastTimestamp", "eventTime"}) {
      take(newest, object[key]);
    }
    take(newest, object.at("series", "lastObservedTime"));
  }
  return newest;
}

}  // namespace kube
