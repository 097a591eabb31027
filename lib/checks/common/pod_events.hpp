// Events about an object, by when they last happened.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "checks/core/check.hpp"

namespace checks {

// When it was last seen: of a series, of what is counted, or of a single one.
std::optional<base::Time> event_time(const kube::Object& event);
// "Unhealthy: Readiness probe failed: …"
std::string event_text(const kube::Object& event);
// Those about this object, and not about an earlier one of its name; the newest first. Lists are
// not in order of time. Reads: Events when there (Normal ones are there in files only).
std::vector<const kube::Object*> events_about(const Context& context, const kube::Object& object);
// The newest of them that is a warning, did not happen before `since`, and is for one of these
// reasons (empty: any); nullptr when there is none.
const kube::Object* newest_warning(const Context& context, const kube::Object& object,
                                   std::optional<base::Time> since,
                                   std::span<const std::string_view> reasons = {});
// It is about this container ("spec.containers{engine}"), or about none in particular.
bool event_fits_container(const kube::Object& event, std::string_view container);

}  // namespace checks
