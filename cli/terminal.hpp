#pragma once
#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "commands.hpp"
#include "report/report.hpp"

// The only file that knows about terminals, the environment, signals and the time of day.
namespace cli {

std::string environment(const char* name);  // empty when not set

// Variables that libraries obey and nobody means: SSLKEYLOGFILE makes libcurl write the keys of
// every connection to the API server into a file that anybody may read.
void forget_environment();
base::Time wall_clock();

bool stdin_is_terminal();
bool stdout_is_terminal();
bool stderr_is_terminal();

// --color > FORCE_COLOR > NO_COLOR > TERM=dumb > is a terminal; CI means no colour unless asked.
report::Style style_for(const Global& global);

// Writes all of it; a reader that went away (`| head`) is no error, anything else throws.
void write_stdout(std::string_view text);
// One line on stderr.
void notice(std::string_view text);
// The same without a line end: what read_line() is to answer.
void prompt(std::string_view text);
// One line of standard input, cut to 4 kB; nothing at its end. Throws base::Error on a signal.
std::optional<std::string> read_line();

// Set by SIGINT and SIGTERM to the signal's number; the network layer looks at it. A second signal
// ends the process at once.
std::atomic<int>& cancel_flag();
void install_signal_handlers();

// One line on stderr that is drawn over itself while a run lasts; nothing off a terminal.
class Progress {
 public:
  explicit Progress(bool enabled);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  // Draws at most ten times a second, and only once the run has lasted 300 ms.
  void show(std::string_view what);
  void clear();

 private:
  bool enabled_;
  bool drawn_ = false;
  long long started_ms_;
  long long last_ms_ = 0;
};

}  // namespace cli
