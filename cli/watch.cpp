// The loop of --watch, and what of it is drawn.
#include "watch.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// What comes with a change mostly comes within this time.
constexpr milliseconds shortest_settle{500};
// A large cluster that never rests is not to take a whole core.
constexpr int rest = 5;

// What two reports must differ in to be worth showing. Not its times.
std::string essence(const report::Report& report) {
  return report::plain(report) + report::summary(report) + '\n' + base::join(report.notes, "\n");
}

std::string footer(const report::Report& report, const InputSource& source) {
  std::string out = source.followed();
  if (out.empty()) out = "watching";
  if (report.as_of) out += "; as of " + base::format_time(*report.as_of);
  return out + "; Ctrl-C ends";
}

// On a terminal each report takes the place of the one before.
class Screen {
 public:
  explicit Screen(const Global& global)
      : redraws_(stdout_is_terminal() && environment("TERM") != "dumb" &&
                 (global.output == "text" || global.output == "short" || global.output == "plain")),
        document_(global.output == "json" || global.output == "yaml"),
        yaml_(global.output == "yaml") {}

  void show(const report::Report& report, const std::string& text, const std::string& below) {
    if (redraws_) {
      write_raw("\033[H\033[2J");
      write_stdout(text);
      if (!below.empty()) write_stdout('\n' + below + '\n');
    } else {
      if (shown_ && yaml_) write_raw("---\n");
      if (shown_ && !document_) write_stdout(separator(report));
      write_stdout(text);
    }
    shown_ = true;
  }
  bool redraws() const { return redraws_; }

 private:
  static std::string separator(const report::Report& report) {
    return "\n--- " + (report.as_of ? base::format_time(*report.as_of) : std::string("changed")) +
           "\n\n";
  }

  bool redraws_;
  bool document_;
  bool yaml_;
  bool shown_ = false;
};

}  // namespace

int watch_cluster(const Global& global, const DoctorOptions& options,
                  const std::function<std::string(const report::Report&)>& render,
                  const std::function<void(const report::Report&)>& files) {
  InputSource source(global, options.source);
  source.follow(options.interval);
  Screen screen(global);
  report::Report report = diagnose(global, options, source);
  std::string shown;
  for (;;) {
    std::string now = essence(report);
    if (screen.redraws() || now != shown) {
      if (now != shown) files(report);
      screen.show(report, render(report), footer(report, source));
    }
    shown = std::move(now);
    const auto took = report.run.spent.checks * rest;
    const auto settle = std::max(shortest_settle, std::chrono::duration_cast<milliseconds>(took));
    // Also without a change: conditions grow old.
    if (!source.wait_for_change(Clock::now() + options.interval, settle)) break;
    try {
      report = diagnose(global, options, source);
    } catch (const base::Error& error) {
      if (cancel_flag().load() != 0) break;  // in the middle of reading something again
      throw;
    }
  }
  // What stands above is the last report; on a terminal without the line that says it goes on.
  if (screen.redraws()) screen.show(report, render(report), {});
  return report.exit_code;
}

}  // namespace cli
