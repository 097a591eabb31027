// Moments and durations, in the forms of Kubernetes, HTTP, flags and people.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace base {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
// Tells the time of day. The command line hands one in: lib reads none itself. An empty one knows
// no time, and nothing has expired for it.
using Clock = std::function<Time()>;

// RFC 3339 as Kubernetes writes it: "2026-08-22T15:00:18Z", with up to nanoseconds, or an offset.
std::optional<Time> parse_time(std::string_view text);
std::string format_time(Time time);  // seconds, UTC, "Z"
// HTTP's Date and Retry-After: "Sat, 22 Aug 2026 15:00:18 GMT".
std::optional<Time> parse_http_date(std::string_view text);
// As people say it: "42s", "3m", "3h12m", "5d4h". Negative counts as zero.
std::string format_age(std::chrono::microseconds age);
// As a flag: "30s", "5m", "1h30m", "500ms", or bare seconds; nothing when malformed or negative.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace base
