// How long things may take before they are judged: every threshold of the checks, and what it keeps
// them from calling broken.
#pragma once
#include <chrono>
#include <optional>
#include <span>

#include "checks/core/check.hpp"
#include "kube/object.hpp"

namespace checks {

namespace limits {

using std::chrono::minutes;
using std::chrono::seconds;

// A condition that has just changed may change again while its controller works through the rest.
inline constexpr seconds condition_settles{10};
// Clocks differ by seconds. A condition from farther in the future says nothing about being new.
inline constexpr minutes clock_skew{1};
// Envoy Gateway writes the status of a new route within a second or two; one that is restarting
// takes longer.
inline constexpr seconds first_look{60};
// A new object's own controller, or the kubelet, may not have been around yet.
inline constexpr seconds first_reaction{30};
// A route follows the workload within a second; a restarting controller takes longer.
inline constexpr seconds route_appears{60};
// Envoy Gateway took 3 s at most to follow a grant that came or went.
inline constexpr seconds grant_followed{60};
// A Ray cluster of two nodes takes a while; nobody is to be blamed before that.
inline constexpr seconds ray_cluster_appears{60};
// An autoscaler has no metrics at first; one that fails says so every ten seconds.
inline constexpr seconds metrics_appear{60};
// A cloud needs a while to make a load balancer.
inline constexpr minutes load_balancer_made{2};
// A Lease is renewed every few seconds and expires after 15 s; four times that is nobody's slow
// clock.
inline constexpr seconds lease_duration{15};
inline constexpr int lease_periods = 4;
// Deletions: of a namespace, and of an object that a namespace waits for.
inline constexpr seconds namespace_slow{60};
// Of any other object: a LoRA unload takes up to 30 s an engine.
inline constexpr seconds object_slow{120};
// What takes this long does not finish by itself.
inline constexpr minutes deletion_stuck{5};

}  // namespace limits

// Since this moment less than `limit` has passed. Where the moment or the present is not known:
// the first says no, the second yes.
bool surely_within(const Context& context, std::optional<base::Time> since,
                   std::chrono::microseconds limit);
bool maybe_within(const Context& context, std::optional<base::Time> since,
                  std::chrono::microseconds limit);

// The following are for what is read live only: files are judged as they are.

// The condition is so young that it may still be moving, and is no error yet.
bool settling(const Context& context, const kube::Condition& condition);
// Made so short a time ago that the gateway's controllers may not have looked at it yet.
bool maybe_unseen(const Context& context, const kube::Object& object);
// Made so short a time ago that its own controller may not have acted on it yet.
bool just_made(const Context& context, const kube::Object& object);
// All of these pods have just been made, and nothing yet says that waiting will not help.
bool still_starting(const Context& context, std::span<const kube::Object* const> pods);

std::chrono::seconds lease_duration(const kube::Object& lease);
// Not renewed for so long that whoever held the Lease is gone. No: also when its age is not known.
bool lease_expired(const Context& context, const kube::Object& lease);

// How far a deletion has come. The limits keep us from judging what still moves; where the owner
// provably cannot act they do not apply.
enum class Stage {
  moving,   // too young to judge
  slow,     // longer than it should take: a warning
  stuck,    // it will not finish by itself: an error
  unknown,  // no clock, or no deletionTimestamp
};
Stage stage_of(const Context& context, const kube::Object& object, std::chrono::seconds slow);
std::optional<Level> level_of(Stage stage);  // slow: warning, stuck: error

}  // namespace checks
