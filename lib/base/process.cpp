// The runner of other programs, with deadline, cancelling and limits on output.
#include "base/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <span>
#include <string_view>
#include <thread>

#include "base/file.hpp"
#include "base/system.hpp"

extern char** environ;  // handed on to the child, never read

namespace base {
namespace {

using Stopwatch = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds look_around{20};  // how often `cancel` is looked at
constexpr milliseconds goodbye{100};     // between SIGTERM and SIGKILL; also for the last output

struct Pipe {
  UniqueFd read, write;
};

std::optional<Pipe> open_pipe() {
  std::array<int, 2> fds{};
  if (!base::open_pipe(fds)) return std::nullopt;
  ::fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

// "NAME=value" lines: ours without those that `added` sets, then `added`.
std::vector<std::string> child_environment(
    std::span<const std::pair<std::string, std::string>> added) {
  std::vector<std::string> lines;
  for (char** line = environ; line != nullptr && *line != nullptr; ++line) {
    const std::string_view text(*line);
    const std::string_view name = text.substr(0, text.find('='));
    const bool replaced =
        std::any_of(added.begin(), added.end(), [&](const auto& a) { return a.first == name; });
    if (!replaced) lines.emplace_back(text);
  }
  for (std::size_t i = 0; i < added.size(); ++i) {
    const bool again = std::any_of(added.begin() + static_cast<std::ptrdiff_t>(i) + 1, added.end(),
                                   [&](const auto& a) { return a.first == added[i].first; });
    if (!again) lines.push_back(added[i].first + '=' + added[i].second);
  }
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

struct SpawnPlan {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};

  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
};

// 0 and the child's id, or errno.
int spawn(const Command& command, const Pipe& out, const Pipe& err, pid_t& child) {
  SpawnPlan plan;
  short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
  if (!command.interactive) {
    ::posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&plan.actions, err.write.get(), 2);
    flags |= POSIX_SPAWN_SETPGROUP;  // group 0: a new one, named after the child
  }
  ::posix_spawn_file_actions_adddup2(&plan.actions, out.write.get(), 1);
  // Of our files it gets these three and no other: connections, a journal, what libraries opened.
  keep_three_files(plan.actions, flags);
  // A network client ignores SIGPIPE; a plugin written in sh must not inherit that.
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGPIPE, SIGHUP}) sigaddset(&defaults, signal);
  sigset_t none;
  sigemptyset(&none);
  ::posix_spawnattr_setsigdefault(&plan.attributes, &defaults);
  ::posix_spawnattr_setsigmask(&plan.attributes, &none);
  ::posix_spawnattr_setflags(&plan.attributes, flags);

  std::vector<std::string> arguments = command.argv;
  std::vector<std::string> environment = child_environment(command.env);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  return ::posix_spawnp(&child, argv[0], &plan.actions, &plan.attributes, argv.data(), envp.data());
}

// The child while it runs; its exit status is collected once.
class Child {
 public:
  Child(pid_t pid, bool leads_group) : pid_(pid), leads_group_(leads_group) {}

  bool ended() {
    if (ended_) return true;
    const pid_t got = ::waitpid(pid_, &status_, WNOHANG);
    // ECHILD: whoever started us ignores SIGCHLD, so the status is lost. Its output decides.
    ended_ = got == pid_ || (got < 0 && errno == ECHILD);
    return ended_;
  }
  int status() const { return status_; }

  // Asks, then insists. The group may hold more than the child.
  void end() {
    const Stopwatch::time_point until = Stopwatch::now() + goodbye;
    send(SIGTERM);
    while (!ended() && Stopwatch::now() < until) std::this_thread::sleep_for(milliseconds(2));
    send(SIGKILL);
    while (!ended()) std::this_thread::sleep_for(milliseconds(1));
  }

 private:
  void send(int signal) const {
    if (leads_group_) {
      ::kill(-pid_, signal);
    } else if (!ended_) {
      ::kill(pid_, signal);
    }
  }

  pid_t pid_;
  bool leads_group_;
  bool ended_ = false;
  int status_ = 0;
};

struct Stream {
  UniqueFd fd;
  std::string text;
  std::size_t max_bytes = 0;
  bool overflow = false;

  // Takes what is there now; closes at the end of the stream.
  void take() {
    std::array<char, 16384> buffer;
    while (fd) {
      const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (got <= 0) {
        fd.reset();
        return;
      }
      const std::size_t room = max_bytes - text.size();
      text.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
      overflow = overflow || static_cast<std::size_t>(got) > room;
      if (overflow) return;  // an endless writer must not keep us here
    }
  }
};

void wait_for(const Stream& out, const Stream& err, milliseconds time) {
  std::array<pollfd, 2> fds{};
  nfds_t count = 0;
  if (out.fd) fds[count++] = {out.fd.get(), POLLIN, 0};
  if (err.fd) fds[count++] = {err.fd.get(), POLLIN, 0};
  ::poll(fds.data(), count, static_cast<int>(time.count()));
}

ProcessResult::End watch(const Command& command, Child& child, Stream& out, Stream& err) {
  const Stopwatch::time_point deadline = Stopwatch::now() + command.deadline;
  std::optional<Stopwatch::time_point> last_words;  // set once the child has ended
  for (;;) {
    // Ended before the pipes are read: then what is read after it is all the child wrote.
    const bool ended = child.ended();
    out.take();
    err.take();
    const Stopwatch::time_point now = Stopwatch::now();
    if (out.overflow) return ProcessResult::End::too_much_output;
    if (command.cancel != nullptr && command.cancel->load() != 0)
      return ProcessResult::End::cancelled;
    if (ended) {
      // Something in the background may keep the pipes open for ever.
      if (!last_words) last_words = now + goodbye;
      if ((!out.fd && !err.fd) || now >= *last_words) return ProcessResult::End::exited;
    } else if (now >= deadline) {
      return ProcessResult::End::timed_out;
    }
    const bool silent = !out.fd && !err.fd;
    wait_for(out, err, silent ? milliseconds(1) : look_around);
  }
}

}  // namespace

ProcessResult run(const Command& command) {
  ProcessResult finished;
  finished.end = ProcessResult::End::not_started;
  finished.code = EINVAL;
  if (command.argv.empty() || command.argv.front().empty()) return finished;
  auto out_pipe = open_pipe();
  auto err_pipe = open_pipe();
  pid_t pid = 0;
  finished.code = out_pipe && err_pipe ? spawn(command, *out_pipe, *err_pipe, pid) : errno;
  if (finished.code != 0) return finished;
  out_pipe->write.reset();
  err_pipe->write.reset();

  Child child(pid, !command.interactive);
  Stream out{std::move(out_pipe->read), {}, command.max_out_bytes};
  Stream err{std::move(err_pipe->read), {}, command.max_err_bytes};
  finished.end = watch(command, child, out, err);
  const int status = child.status();
  if (finished.end != ProcessResult::End::exited) {
    child.end();
    err.take();
  } else if (WIFSIGNALED(status)) {
    finished.end = ProcessResult::End::signalled;
    finished.code = WTERMSIG(status);
  } else {
    finished.code = WEXITSTATUS(status);
  }
  finished.out = std::move(out.text);
  finished.err = std::move(err.text);
  return finished;
}

}  // namespace base
