// The order of events, and the choice of the one that explains a state.
#include "checks/common/pod_events.hpp"

#include <algorithm>

#include "base/lists.hpp"
#include "base/text.hpp"

namespace checks {
namespace {

using kube::Object;

bool is_about(const Object& event, const Object& object) {
  const kube::Value about = event["involvedObject"];
  if (about["name"].text() != object.name()) return false;
  if (!about["kind"].text().empty() && about["kind"].text() != object.kind()) return false;
  const std::string_view uid = about["uid"].text();
  return uid.empty() || object.uid().empty() || uid == object.uid();
}

}  // namespace

std::optional<base::Time> event_time(const Object& event) {
  std::optional<base::Time> newest;
  for (const std::string_view text :
       {event["series"]["lastObservedTime"].text(), event["lastTimestamp"].text(),
        event["eventTime"].text(), event["firstTimestamp"].text()}) {
    const auto time = base::parse_time(text);
    if (time && (!newest || *time > *newest)) newest = time;
  }
  return newest ? newest : event.created();
}

std::string event_text(const Object& event) {
  return std::string(event["reason"].text()) + ": " + base::shorten(event["message"].text(), 300);
}

std::vector<const Object*> events_about(const Context& context, const Object& object) {
  std::vector<const Object*> out;
  for (const Object& event : context.snapshot.list(kube::resources::events, object.ns())) {
    if (is_about(event, object)) out.push_back(&event);
  }
  std::ranges::stable_sort(out, [](const Object* a, const Object* b) {
    return event_time(*a).value_or(base::Time::min()) > event_time(*b).value_or(base::Time::min());
  });
  return out;
}

const Object* newest_warning(const Context& context, const Object& object,
                             std::optional<base::Time> since,
                             std::span<const std::string_view> reasons) {
  for (const Object* event : events_about(context, object)) {
    if (event->at("type").text() == "Normal") continue;
    if (!reasons.empty() && !base::contains(reasons, event->at("reason").text())) continue;
    const auto time = event_time(*event);
    if (since && time && *time < *since) return nullptr;
    return event;
  }
  return nullptr;
}

bool event_fits_container(const Object& event, std::string_view container) {
  const std::string_view path = event["involvedObject"]["fieldPath"].text();
  return path.empty() || path.find('{' + std::string(container) + '}') != std::string_view::npos;
}

}  // namespace checks
