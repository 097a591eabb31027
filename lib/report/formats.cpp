// The table of the formats that are made of a digest.
#include "report/formats.hpp"

#include <algorithm>
#include <array>

namespace report {
namespace {

constexpr auto format_table = std::to_array<Format>({
    {"junit", junit},
    {"sarif", sarif},
    {"github", github},
    {"gitlab", gitlab},
    {"markdown", markdown},
    {"prometheus", prometheus},
    {"policyreport", policy_report},
    {"html", html},
});

}  // namespace

std::span<const Format> digest_formats() {
  return format_table;
}

const Format* find_digest_format(std::string_view name) {
  const auto it = std::ranges::find(format_table, name, &Format::name);
  return it == format_table.end() ? nullptr : &*it;
}

}  // namespace report
