// Second tries of requests: back-off and Retry-After.
#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "kube/http/transport.hpp"

namespace kube {

// How one try of a request ended.
struct Try {
  int number = 1;  // the first try is 1
  int status = 0;
  Failure failure = Failure::none;
  std::optional<std::chrono::seconds> retry_after = {};
  bool idempotent = true;  // a GET; anything else is sent again only when it surely did nothing
  double jitter = 0.5;     // a random number in [0, 1)
};

inline constexpr int max_tries = 4;
// A server that asks for more patience than this is reported instead.
inline constexpr std::chrono::seconds max_retry_wait{30};

// How long to wait before the next try; nothing: take the answer as it is. Pure.
std::optional<std::chrono::milliseconds> wait_before_retry(const Try& done);

// The Retry-After header: seconds or an HTTP date, relative to the answer's own Date.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text,
                                                      std::optional<base::Time> date);

}  // namespace kube
