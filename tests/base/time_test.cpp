// Times, ages and durations, read and written.
#include "base/time.hpp"

#include "catch.hpp"

using base::format_age;
using base::parse_duration;
using base::parse_time;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// What parse_time reads, written again; "none" when it refuses.
std::string again(std::string_view text) {
  const auto time = parse_time(text);
  return time ? base::format_time(*time) : "none";
}

}  // namespace

TEST_CASE("Kubernetes times are read in all their forms") {
  CHECK(again("2026-08-22T15:00:18Z") == "2026-08-22T15:00:18Z");
  CHECK(again("2026-08-22t15:00:18z") == "2026-08-22T15:00:18Z");
  CHECK(again("2026-08-22T15:00:18+02:00") == "2026-08-22T13:00:18Z");
  CHECK(again("2026-01-01T00:30:00-01:00") == "2026-01-01T01:30:00Z");
  CHECK(again("2024-02-29T23:59:60Z") == "2024-03-01T00:00:00Z");
  CHECK(again("0001-01-01T00:00:00Z") == "0001-01-01T00:00:00Z");
  CHECK(*parse_time("2026-08-22T15:00:18.123456789Z") - *parse_time("2026-08-22T15:00:18Z") ==
        microseconds(123456));
}

TEST_CASE("what is not a time is refused") {
  for (const char* text :
       {"", "2026-08-22", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-08-22T24:00:00Z",
        "2026-08-22T15:00:18", "2026-08-22T15:00:18+0200", "2026-08-22T15:00:18Zx",
        "2026-08-22T15:60:18Z", "-026-08-22T15:00:18Z", "2026-08-22T15:00:18+02:0"}) {
    CAPTURE(text);
    CHECK(again(text) == "none");
  }
}

TEST_CASE("times before 1970 keep their second") {
  CHECK(again("1969-12-31T23:59:58.5Z") == "1969-12-31T23:59:58Z");
}

TEST_CASE("HTTP dates are read") {
  CHECK(base::parse_http_date("Sat, 22 Aug 2026 15:00:18 GMT") ==
        parse_time("2026-08-22T15:00:18Z"));
  CHECK_FALSE(base::parse_http_date("Sat, 22 Aug 2026 15:00:18 CET"));
  CHECK_FALSE(base::parse_http_date("Saturday, 22-Aug-26 15:00:18 GMT"));
  CHECK_FALSE(base::parse_http_date("Sat, 22 Avg 2026 15:00:18 GMT"));
  CHECK_FALSE(base::parse_http_date(""));
}

TEST_CASE("ages are written as people say them") {
  CHECK(format_age(seconds(42)) == "42s");
  CHECK(format_age(seconds(119)) == "119s");
  CHECK(format_age(seconds(125)) == "2m5s");
  CHECK(format_age(seconds(180)) == "3m");
  CHECK(format_age(seconds(3599)) == "59m");
  CHECK(format_age(hours(3) + seconds(720)) == "3h12m");
  CHECK(format_age(hours(5 * 24 + 4)) == "5d4h");
  CHECK(format_age(hours(40 * 24 + 4)) == "40d");
  CHECK(format_age(seconds(-5)) == "0s");
}

TEST_CASE("durations are read as flags write them") {
  CHECK(parse_duration("30s") == milliseconds(30'000));
  CHECK(parse_duration("1h30m") == milliseconds(5'400'000));
  CHECK(parse_duration("500ms") == milliseconds(500));
  CHECK(parse_duration("1.5m") == milliseconds(90'000));
  CHECK(parse_duration("7") == milliseconds(7000));
  CHECK(parse_duration("0") == milliseconds(0));
}

TEST_CASE("what is not a duration is refused") {
  for (const char* text : {"", "s", "-1s", "1d", "1 s", "nan", "inf", "1e30", "1h-1m"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}
