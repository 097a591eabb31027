// Other programs: how one is started, and how it ended.
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace base {

// A program to run, without a shell between.
struct Command {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH unless it has a slash
  std::vector<std::pair<std::string, std::string>> env;  // for the child; wins over what we have
  // False: stdin is /dev/null, stderr is captured, and the child leads a process group that is
  // ended as a whole. True: a person talks to it: stdin and stderr are ours, and so is the process
  // group, since the terminal lets only the foreground group read.
  bool interactive = false;
  std::chrono::milliseconds deadline{30'000};
  std::size_t max_out_bytes = std::size_t{1} << 20U;   // more ends the child
  std::size_t max_err_bytes = std::size_t{16} << 10U;  // more is read and dropped
  const std::atomic<int>* cancel = nullptr;  // becomes non-zero: the child is ended within 150 ms
};

struct ProcessResult {
  enum class End {
    exited,       // code: exit status
    signalled,    // code: signal number
    not_started,  // code: errno
    timed_out,
    cancelled,
    too_much_output,  // on stdout
  };
  End end = End::exited;
  int code = 0;
  std::string out;
  std::string err;  // the beginning of it
};

// Waits until the program has ended; what it leaves running in the background is left alone unless
// the deadline or `cancel` ends it.
ProcessResult run(const Command& command);

}  // namespace base
