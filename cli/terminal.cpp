// Standard streams, environment, signals and clock, for all commands.
#include "terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"
#include "base/log_text.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "called.hpp"
#include "kube/redact/redact.hpp"
#include "report/layout.hpp"

namespace cli {
namespace {

std::atomic<int> cancelled{0};

std::atomic<bool> ends_at_once{false};

// Of the call that this thread serves; nullptr: none.
thread_local const ServedCall::Ends* served = nullptr;

extern "C" void on_signal(int number) {
  if (cancelled.load() != 0) _exit(128 + number);
  if (ends_at_once.load()) {
    constexpr std::string_view line = "interrupted: nothing was changed\n";
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
    _exit(128 + number);
  }
  cancelled.store(number);
}

[[noreturn]] void interrupted() {
  throw base::stopped_by(cancelled.load());
}

// Waits where the descriptor does not (a pipe that another process made non-blocking). 0, or errno;
// EINTR only for a signal that came meanwhile.
int write_all(int fd, std::string_view text) {
  const int before = cancelled.load();
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    const bool full = errno == EAGAIN || errno == EWOULDBLOCK;
    if (!full && errno != EINTR) return errno;
    if (cancelled.load() != before) return EINTR;
    pollfd output{fd, POLLOUT, 0};
    // Looked at now and then: a signal may come just before the wait.
    if (full) poll(&output, 1, 100);
  }
  return 0;
}

bool utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = base::lower(environment(name));
    if (value.empty()) continue;
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return true;  // nothing set, as in most containers: UTF-8 is the better guess
}

bool wants_colour(const std::string& flag) {
  if (flag == "always") return true;
  if (flag == "never") return false;
  if (!environment("FORCE_COLOR").empty()) return environment("FORCE_COLOR") != "0";
  if (!environment("NO_COLOR").empty()) return false;
  // bixense.com/clicolors
  const std::string forced = environment("CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return true;
  if (environment("CLICOLOR") == "0") return false;
  if (environment("TERM") == "dumb" || !environment("CI").empty()) return false;
  return stdout_is_terminal();
}

long long now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read before any thread
  return value == nullptr ? std::string() : std::string(value);
}

int terminal_width() {
  const std::string columns = environment("COLUMNS");
  if (!columns.empty() && std::atoi(columns.c_str()) > 0) return std::atoi(columns.c_str());
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

void forget_environment() {
  unsetenv("SSLKEYLOGFILE");  // NOLINT(concurrency-mt-unsafe): before any thread
}

base::Time wall_clock() {
  return std::chrono::time_point_cast<base::Time::duration>(std::chrono::system_clock::now());
}

bool stdin_is_terminal() {
  return isatty(STDIN_FILENO) == 1;
}
bool stdout_is_terminal() {
  return isatty(STDOUT_FILENO) == 1;
}
bool stderr_is_terminal() {
  return isatty(STDERR_FILENO) == 1;
}

report::Style style_for(const Global& global) {
  report::Style style;
  style.colour = wants_colour(global.color);
  style.ascii = global.ascii || !utf8_locale();
  style.width = terminal_width();
  style.verbose = global.verbose;
  return style;
}

void hold_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this one. Not for writing, so that a report that goes nowhere
    // fails.
    if (open("/dev/null", O_RDONLY) < 0) open("/", O_RDONLY);  // NOLINT(*-o-cloexec)
  }
}

bool write_raw(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == EINTR) interrupted();
  if (error != 0 && error != EPIPE) {
    throw base::Error(base::Fault::unavailable, "OutputFailed",
                      std::string("cannot write the output: ") + std::strerror(error));
  }
  return error == 0;
}

void write_stdout(std::string_view text) {
  reached_stdout(text);
}

bool reached_stdout(std::string_view text) {
  if (called() == base::program_name) return write_raw(base::log_text(text));
  return write_raw(base::log_text(as_called(text)));
}

void notice(std::string_view text) {
  const std::string line = base::log_text(as_called(kube::redact_text(text)));
  if (served != nullptr) return served->notice(line);
  write_stderr(line + '\n');
}

void write_stderr(std::string_view text) {
  write_all(STDERR_FILENO, text);
}

void prompt(std::string_view text) {
  write_stderr(base::log_text(text) + ' ');
}

std::optional<std::string> read_line() {
  std::string line;
  for (;;) {
    stop_if_cancelled();
    // Looked at now and then: a signal may come just before the wait.
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, 100) <= 0) continue;
    char c = 0;
    const ssize_t count = read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    if (c == '\n') return line;
    if (line.size() < 4096) line += c;
  }
}

const std::atomic<int>& cancel_flag() {
  return served == nullptr ? cancelled : *served->stop;
}

int signal_received() {
  return cancelled.load();
}

void stop_if_cancelled() {
  const int stopped = cancel_flag().load();
  if (stopped != 0) throw base::stopped_by(stopped);
}

EndsAtOnce::EndsAtOnce() {
  ends_at_once.store(true);
  stop_if_cancelled();
}

EndsAtOnce::~EndsAtOnce() {
  ends_at_once.store(false);
}

void install_signal_handlers() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
  sigaction(SIGXFSZ, &action, nullptr);  // a file at its limit is a failed write, which is told
}

ServedCall::ServedCall(Ends ends) : ends_(std::move(ends)) {
  served = &ends_;
}

ServedCall::~ServedCall() {
  served = nullptr;
}

Progress::Progress(bool enabled)
    : enabled_(enabled && stderr_is_terminal() && environment("CI").empty() &&
               environment("TERM") != "dumb"),
      started_ms_(now_ms()) {}

Progress::~Progress() {
  clear();
}

void Progress::show(std::string_view what) {
  const long long now = now_ms();
  if (now - last_ms_ < 100) return;
  if (served != nullptr) {
    last_ms_ = now;
    return served->progress(base::printable(what));
  }
  if (!enabled_ || now - started_ms_ < 300) return;
  last_ms_ = now;
  drawn_ = true;
  const std::string line = "\r\033[K" + base::shorten(base::printable(what), 72);
  write_stderr(line);
}

void Progress::clear() {
  if (!drawn_) return;
  write_stderr("\r\033[K");
  drawn_ = false;
}

}  // namespace cli
