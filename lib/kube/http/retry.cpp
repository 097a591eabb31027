// The decision whether a request is tried again, and when.
#include "kube/http/retry.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace kube {
namespace {

using std::chrono::milliseconds;

// 100 ms, 200 ms, 400 ms, each give or take a half, so that clients do not come back in step.
milliseconds back_off(const Try& done) {
  const double base = 100.0 * static_cast<double>(1 << (done.number - 1));
  return milliseconds(static_cast<long>(base * (0.5 + done.jitter)));
}

}  // namespace

std::optional<milliseconds> wait_before_retry(const Try& done) {
  if (done.number < 1 || done.number >= max_tries) return std::nullopt;
  if (done.failure == Failure::reset || done.failure == Failure::cut_short) {
    if (!done.idempotent) return std::nullopt;
    return back_off(done);
  }
  if (done.failure != Failure::none) return std::nullopt;
  // 429: priority and fairness turned the request away before anything was done. 503 comes from a
  // server on its way up or down, with Retry-After; without it, from an APIService that has no
  // backend, where trying again brings the same.
  if (done.status == 429) {
    const auto asked = done.retry_after.value_or(std::chrono::seconds(0));
    if (asked > max_retry_wait) return std::nullopt;
    return std::max<milliseconds>(asked, back_off(done));
  }
  if (done.status == 503 && done.retry_after && done.idempotent) {
    if (*done.retry_after > max_retry_wait) return std::nullopt;
    return std::max<milliseconds>(*done.retry_after, back_off(done));
  }
  return std::nullopt;
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text,
                                                      std::optional<base::Time> date) {
  text = base::trim(text);
  long seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size()) {
    if (seconds < 0) return std::nullopt;
    return std::chrono::seconds(std::min(seconds, 86400L));
  }
  const auto when = base::parse_http_date(text);
  if (!when || !date) return std::nullopt;
  const auto wait = std::chrono::ceil<std::chrono::seconds>(*when - *date);
  return std::max(wait, std::chrono::seconds(0));
}

}  // namespace kube
