// Where the time went, and what was read.
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/report.hpp"

namespace report {
namespace {

using std::chrono::microseconds;

std::string milliseconds(microseconds time) {
  const double ms = static_cast<double>(time.count()) / 1000;
  return ms < 10 ? fmt::format("{:.1f} ms", ms) : fmt::format("{:.0f} ms", ms);
}

std::string size(std::size_t bytes) {
  const auto amount = static_cast<double>(bytes);
  if (amount < 10e6) return fmt::format("{:.0f} kB", amount / 1e3);
  return fmt::format("{:.0f} MB", amount / 1e6);
}

std::string times(const Spent& spent) {
  std::vector<std::string> parts;
  const auto add = [&](const char* what, microseconds time) {
    if (time >= microseconds(50)) parts.push_back(std::string(what) + ' ' + milliseconds(time));
  };
  add("connecting", spent.connect);
  add("waiting for the server", spent.wait);
  add("receiving", spent.receive);
  add("parsing", spent.parse);
  add("checks", spent.checks);
  add("looking again", spent.confirm);
  return base::join(parts, ", ");
}

}  // namespace

std::string costs(const Report& report) {
  const Run& run = report.run;
  std::string out;
  const std::string where = times(run.spent);
  if (!where.empty()) out += "time: " + where + '\n';
  std::vector<std::string> read;
  if (run.requests != 0) {
    std::string text = size(run.bytes) + " in " + base::plural(run.requests, "request") + " over " +
                       base::plural(run.connections, "connection");
    if (run.rounds != 0) text += ", " + base::plural(run.rounds, "round trip") + " in series";
    if (run.retries != 0) text += ", " + base::plural(run.retries, "retry", "retries");
    read.push_back(text);
  }
  if (run.peak_memory != 0) read.push_back("peak memory " + size(run.peak_memory));
  if (!read.empty()) out += "read: " + base::join(read, "; ") + '\n';
  return out;
}

}  // namespace report
