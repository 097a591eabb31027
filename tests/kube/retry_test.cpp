// Which requests are tried again, and after how long.
#include "kube/http/retry.hpp"

#include "catch.hpp"

using kube::Failure;
using kube::Try;
using kube::wait_before_retry;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("retry: what is tried again, and after how long") {
  struct Row {
    const char* what;
    Try done;
    std::optional<milliseconds> wait;
  };
  const std::optional<milliseconds> stop;
  const Row rows[] = {
      {"a good answer", {1, 200}, stop},
      {"401 is the login's business", {1, 401}, stop},
      {"403 stays", {1, 403}, stop},
      {"404 stays", {1, 404}, stop},
      {"409 stays", {1, 409}, stop},
      {"410 is the list's business", {1, 410}, stop},
      {"500 stays", {1, 500}, stop},
      {"503 without Retry-After stays", {1, 503}, stop},
      {"503 with Retry-After", {1, 503, Failure::none, seconds(2)}, milliseconds(2000)},
      {"503 to a write", {1, 503, Failure::none, seconds(2), false}, stop},
      {"429 with Retry-After", {1, 429, Failure::none, seconds(1)}, milliseconds(1000)},
      {"429 to a write: nothing was done",
       {1, 429, Failure::none, seconds(1), false},
       milliseconds(1000)},
      {"429 without Retry-After", {1, 429}, milliseconds(100)},
      {"429 that asks for a minute", {1, 429, Failure::none, seconds(60)}, stop},
      {"a lost connection", {1, 0, Failure::reset}, milliseconds(100)},
      {"lost twice", {2, 0, Failure::reset}, milliseconds(200)},
      {"lost three times", {3, 0, Failure::reset}, milliseconds(400)},
      {"lost four times", {4, 0, Failure::reset}, stop},
      {"a lost connection, of a write", {1, 0, Failure::reset, {}, false}, stop},
      {"half an answer", {1, 200, Failure::cut_short}, milliseconds(100)},
      {"a name that does not resolve", {1, 0, Failure::dns}, stop},
      {"a refused connection", {1, 0, Failure::refused}, stop},
      {"a bad certificate", {1, 0, Failure::tls}, stop},
      {"a timeout", {1, 0, Failure::timeout}, stop},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(wait_before_retry(row.done) == row.wait);
  }
}

TEST_CASE("retry: jitter spreads the wait by half to either side") {
  Try done{1, 0, Failure::reset};
  done.jitter = 0;
  CHECK(wait_before_retry(done) == milliseconds(50));
  done.jitter = 0.99;
  CHECK(wait_before_retry(done) == milliseconds(149));
}

TEST_CASE("retry: Retry-After is seconds or a date") {
  const auto date = base::parse_http_date("Sat, 22 Aug 2026 15:00:18 GMT");
  CHECK(kube::parse_retry_after("3", date) == seconds(3));
  CHECK(kube::parse_retry_after("Sat, 22 Aug 2026 15:00:28 GMT", date) == seconds(10));
  CHECK(kube::parse_retry_after("Sat, 22 Aug 2026 15:00:00 GMT", date) == seconds(0));
  CHECK(kube::parse_retry_after("-1", date) == std::nullopt);
  CHECK(kube::parse_retry_after("soon", date) == std::nullopt);
  CHECK(kube::parse_retry_after("Sat, 22 Aug 2026 15:00:28 GMT", std::nullopt) == std::nullopt);
}
