// The readers and writers of RFC 3339 and HTTP times, ages and durations.
#include "base/time.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

#include "base/chars.hpp"

namespace base {
namespace {

namespace chr = std::chrono;

// Reads exactly `digits` digits from the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Time> assemble(int year, int month, int day, chr::microseconds of_day) {
  const chr::year_month_day date{chr::year(year), chr::month(static_cast<unsigned>(month)),
                                 chr::day(static_cast<unsigned>(day))};
  if (!date.ok() || of_day >= chr::hours(24) + chr::seconds(1)) return std::nullopt;
  return Time(chr::sys_days(date)) + of_day;
}

std::optional<chr::microseconds> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return chr::hours(*hour) + chr::minutes(*minute) + chr::seconds(*second);
}

chr::microseconds take_fraction(std::string_view& text) {
  std::int64_t micros = 0;
  std::int64_t unit = 100'000;
  while (!text.empty() && is_digit(text.front())) {
    micros += unit * (text.front() - '0');
    unit /= 10;
    text.remove_prefix(1);
  }
  return chr::microseconds(micros);
}

}  // namespace

std::optional<Time> parse_time(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
  auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  if (take(text, '.')) *clock += take_fraction(text);
  const auto time = assemble(*year, *month, *day, *clock);
  if (!time) return std::nullopt;
  if (text == "Z" || text == "z") return time;
  const bool west = !text.empty() && text.front() == '-';
  if (!west && (text.empty() || text.front() != '+')) return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || !text.empty()) return std::nullopt;
  const chr::microseconds offset = chr::hours(*hours) + chr::minutes(*minutes);
  return west ? *time + offset : *time - offset;
}

std::string format_time(Time time) {
  const auto days = chr::floor<chr::days>(time);
  const chr::year_month_day date(days);
  const chr::hh_mm_ss clock(chr::floor<chr::seconds>(time - days));
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return buffer;
}

std::optional<Time> parse_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::size_t comma = text.find(", ");
  if (comma == std::string_view::npos) return std::nullopt;
  text.remove_prefix(comma + 2);
  const auto day = take_digits(text, 2);
  if (!day || !take(text, ' ') || text.size() < 3) return std::nullopt;
  int month = 0;
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (text.starts_with(months[i])) month = static_cast<int>(i) + 1;
  }
  text.remove_prefix(3);
  if (month == 0 || !take(text, ' ')) return std::nullopt;
  const auto year = take_digits(text, 4);
  if (!year || !take(text, ' ')) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock || text != " GMT") return std::nullopt;
  return assemble(*year, month, *day, *clock);
}

std::string format_age(std::chrono::microseconds age) {
  const std::int64_t s = age.count() < 0 ? 0 : age.count() / 1'000'000;
  const auto two = [](std::int64_t big, const char* unit, std::int64_t small, const char* rest) {
    std::string out = std::to_string(big) + unit;
    return small == 0 ? out : out + std::to_string(small) + rest;
  };
  if (s < 120) return std::to_string(s) + "s";
  if (s < 600) return two(s / 60, "m", s % 60, "s");
  if (s < 3600) return std::to_string(s / 60) + "m";
  if (s < std::int64_t{48} * 3600) return two(s / 3600, "h", s / 60 % 60, "m");
  if (s < std::int64_t{10} * 86400) return two(s / 86400, "d", s / 3600 % 24, "h");
  return std::to_string(s / 86400) + "d";
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || !(value >= 0) || value > 1e9) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    double unit = 1000;
    if (text.starts_with("ms")) {
      unit = 1;
      text.remove_prefix(2);
    } else if (!text.empty()) {
      switch (text.front()) {
        case 's': break;
        case 'm': unit = 60'000; break;
        case 'h': unit = 3'600'000; break;
        default: return std::nullopt;
      }
      text.remove_prefix(1);
    }
    total += value * unit;
  }
  return total > 1e12 ? std::nullopt
                      : std::optional(chr::milliseconds(static_cast<std::int64_t>(total)));
}

}  // namespace base
