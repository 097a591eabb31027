// The only file that knows about terminals, the environment, signals and the time of day.
#pragma once
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "commands.hpp"
#include "report/report.hpp"

namespace cli {

std::string environment(const char* name);  // empty when not set

// Variables that libraries obey and nobody means: SSLKEYLOGFILE makes libcurl write the keys of
// every connection to the API server into a file that anybody may read.
void forget_environment();
base::Time wall_clock();

// Of standard output: $COLUMNS, else the terminal's, else 100.
int terminal_width();
bool stdin_is_terminal();
bool stdout_is_terminal();
bool stderr_is_terminal();

// --color > FORCE_COLOR > NO_COLOR > CLICOLOR_FORCE > CLICOLOR=0 > TERM=dumb > is a terminal; CI
// means no colour unless asked.
report::Style style_for(const Global& global);

// At start: a standard stream that is closed must not become the number of a file or a connection.
// What is written to it then fails.
void hold_standard_streams();

// Writes all of it, as base::log_text() makes it safe to show; documents stay as they are. A reader
// that went away (`| head`) is no error, a stream that takes nothing for the moment is waited for,
// anything else throws.
void write_stdout(std::string_view text);
// The same. False: the reader went away.
bool reached_stdout(std::string_view text);
// The same as it stands: scripts, annotations, and what is too large to be looked at once more.
bool write_raw(std::string_view text);
// One line on stderr, safe to show.
void notice(std::string_view text);
// As it stands. What cannot be told there is told nowhere.
void write_stderr(std::string_view text);
// The same without a line end: what read_line() is to answer.
void prompt(std::string_view text);
// One line of standard input, cut to 4 kB; nothing at its end. Throws base::Error on a signal.
std::optional<std::string> read_line();

// Set by SIGINT and SIGTERM to the signal's number; the network layer looks at it. A second signal
// ends the process at once. Within a ServedCall: that call's own.
const std::atomic<int>& cancel_flag();
// The signal that came, whatever is being served; 0: none.
int signal_received();
void install_signal_handlers();
// Throws base::Error(interrupted) when such a signal has come.
void stop_if_cancelled();

// While it lives, nothing has been changed and nothing waits to be put right: the first signal ends
// the process. For long work that looks at no flag, such as reading files.
class EndsAtOnce {
 public:
  EndsAtOnce();  // throws base::Error(interrupted) when a signal has come already
  ~EndsAtOnce();
  EndsAtOnce(const EndsAtOnce&) = delete;
  EndsAtOnce& operator=(const EndsAtOnce&) = delete;
};

// A run that somebody else asked this process for (a call of `mcp`), in the thread that makes one
// and while it lives: it stops where `stop` is not zero, and says how far it is, and what a command
// would say on stderr, to whoever asked.
class ServedCall {
 public:
  struct Ends {
    const std::atomic<int>* stop = nullptr;
    std::function<void(std::string_view)> progress, notice;
  };
  explicit ServedCall(Ends ends);
  ~ServedCall();
  ServedCall(const ServedCall&) = delete;
  ServedCall& operator=(const ServedCall&) = delete;

 private:
  Ends ends_;
};

// One line on stderr that is drawn over itself while a run lasts; nothing off a terminal.
class Progress {
 public:
  explicit Progress(bool enabled);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  // Draws at most ten times a second, and only once the run has lasted 300 ms. Within a ServedCall
  // whoever asked is told at most ten times a second.
  void show(std::string_view what);
  void clear();

 private:
  bool enabled_;
  bool drawn_ = false;
  long long started_ms_;
  long long last_ms_ = 0;
};

}  // namespace cli
