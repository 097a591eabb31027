// The table of output formats.
#include "formats.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "report/formats.hpp"

namespace cli {
namespace {

struct Formats {
  std::string_view command;
  std::string_view formats;  // the default first
  bool reports = false;      // also those of report::digest_formats(), and into files
};
constexpr auto formats_table = std::to_array<Formats>({
    {"doctor", "text short plain json yaml", true},
    {"trace", ""},
    {"endpoint", ""},
    {"explain", "text plain json yaml"},
    {"fix", "text json yaml kubectl"},
    {"undo", "text plain json yaml kubectl"},
    {"preflight", "text plain json yaml", true},
    {"rbac", "text yaml json"},
    {"config", "text json yaml"},
    {"version", "text json yaml"},
});

}  // namespace

std::vector<std::string> formats_of(std::string_view command) {
  const auto it = std::ranges::find(formats_table, command, &Formats::command);
  if (it == formats_table.end()) return {"text"};
  std::vector<std::string> out;
  for (const std::string_view format : base::split(it->formats, ' ')) {
    if (!format.empty()) out.emplace_back(format);
  }
  if (!it->reports) return out;
  for (const report::Format& format : report::digest_formats()) out.emplace_back(format.name);
  return out;
}

bool writes_files(std::string_view command) {
  const auto it = std::ranges::find(formats_table, command, &Formats::command);
  return it != formats_table.end() && it->reports;
}

}  // namespace cli
