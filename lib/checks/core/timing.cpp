// Which of a cluster's objects are too young to be judged.
#include "checks/core/timing.hpp"

#include <algorithm>

#include "aibrix/pod.hpp"

namespace checks {

bool surely_within(const Context& context, std::optional<base::Time> since,
                   std::chrono::microseconds limit) {
  const auto age = context.snapshot.age(since);
  return age && *age < limit;
}

bool maybe_within(const Context& context, std::optional<base::Time> since,
                  std::chrono::microseconds limit) {
  const auto age = context.snapshot.age(since);
  return !age || *age < limit;
}

bool settling(const Context& context, const kube::Condition& condition) {
  if (!context.snapshot.live()) return false;
  const auto since = condition.since();
  const auto now = context.snapshot.now();
  if (!since || !now) return false;
  return *now - *since < limits::condition_settles && *since - *now < limits::clock_skew;
}

bool maybe_unseen(const Context& context, const kube::Object& object) {
  return context.snapshot.live() && surely_within(context, object.created(), limits::first_look);
}

bool just_made(const Context& context, const kube::Object& object) {
  return context.snapshot.live() &&
         surely_within(context, object.created(), limits::first_reaction);
}

bool still_starting(const Context& context, std::span<const kube::Object* const> pods) {
  return !pods.empty() && std::all_of(pods.begin(), pods.end(), [&](const kube::Object* pod) {
    return just_made(context, *pod) && !aibrix::pod_state(*pod).terminal;
  });
}

std::chrono::seconds lease_duration(const kube::Object& lease) {
  return std::chrono::seconds(
      lease.spec()["leaseDurationSeconds"].integer_or(limits::lease_duration.count()));
}

bool lease_expired(const Context& context, const kube::Object& lease) {
  const auto age = context.snapshot.age(base::parse_time(lease.spec()["renewTime"].text()));
  return age && *age > limits::lease_periods * lease_duration(lease);
}

Stage stage_of(const Context& context, const kube::Object& object, std::chrono::seconds slow) {
  const auto age = context.snapshot.age(object.deleted());
  if (!age) return Stage::unknown;
  if (*age >= limits::deletion_stuck) return Stage::stuck;
  return *age >= slow ? Stage::slow : Stage::moving;
}

std::optional<Level> level_of(Stage stage) {
  switch (stage) {
    case Stage::stuck: return Level::error;
    case Stage::slow: return Level::warning;
    case Stage::moving:
    case Stage::unknown: break;
  }
  return std::nullopt;
}

}  // namespace checks
