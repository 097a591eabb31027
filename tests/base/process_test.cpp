// Other programs run: output, signals, deadlines, cancelling.
#include "base/process.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include "base/file.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"

using base::Command;
using base::ProcessResult;
using base::run;
using std::chrono::milliseconds;
using End = base::ProcessResult::End;

namespace {

Command shell(std::string script) {
  Command command;
  command.argv = {"/bin/sh", "-c", std::move(script)};
  command.deadline = milliseconds(10'000);
  return command;
}

bool alive(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

// Waits for a process that is not our child to be gone.
bool goes_away(pid_t pid) {
  for (int i = 0; i < 200 && alive(pid); ++i) std::this_thread::sleep_for(milliseconds(10));
  return !alive(pid);
}

}  // namespace

TEST_CASE("a program's output, errors and exit code come back apart") {
  const ProcessResult done = run(shell("echo out; echo err >&2; exit 3"));
  CHECK(done.end == End::exited);
  CHECK(done.code == 3);
  CHECK(done.out == "out\n");
  CHECK(done.err == "err\n");
}

TEST_CASE("arguments reach the program as they are, whatever a shell would make of them") {
  Command command;
  command.argv = {"printf", "%s|", "a b", "$HOME", "`id`", "", "*"};
  CHECK(run(command).out == "a b|$HOME|`id`||*|");
}

TEST_CASE("the environment is ours with additions for the child alone") {
  Command command = shell("echo \"$AIBRIX_A,$AIBRIX_B,$PATH\"");
  command.env = {{"AIBRIX_A", "first"}, {"AIBRIX_B", "x=y"}, {"AIBRIX_A", "last"}};
  const char* path = std::getenv("PATH");
  CHECK(run(command).out == "last,x=y," + std::string(path == nullptr ? "" : path) + "\n");
  CHECK(std::getenv("AIBRIX_A") == nullptr);
}

TEST_CASE("stdin of a program is empty") {
  CHECK(run(shell("cat; echo end")).out == "end\n");
}

TEST_CASE("a program that does not exist or may not run is told by errno") {
  const TempFolder folder;
  Command command;
  command.argv = {"aibrixctl-no-such-program"};
  CHECK(run(command).end == End::not_started);
  CHECK(run(command).code == ENOENT);
  command.argv = {folder.write("text", "not a program")};
  CHECK(run(command).code == EACCES);
  command.argv = {};
  CHECK(run(command).end == End::not_started);
}

TEST_CASE("death by a signal is not an exit code") {
  const ProcessResult done = run(shell("kill -9 $$"));
  CHECK(done.end == End::signalled);
  CHECK(done.code == 9);
}

TEST_CASE("a signal that we ignore is not ignored by the program") {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const ProcessResult done = run(shell("kill -PIPE $$; echo survived"));
  std::signal(SIGPIPE, before);
  CHECK(done.end == End::signalled);
  CHECK(done.code == SIGPIPE);
}

TEST_CASE("at the deadline the whole process group ends, grandchildren too") {
  const TempFolder folder;
  Command command = shell("trap '' TERM; sleep 60 & echo $! > " + folder.file("pid") + "; wait");
  command.deadline = milliseconds(300);
  const auto start = std::chrono::steady_clock::now();
  const ProcessResult done = run(command);
  CHECK(done.end == End::timed_out);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  const pid_t grandchild = std::stoi(base::read_file(folder.file("pid"), 100));
  CHECK(goes_away(grandchild));
}

TEST_CASE("cancelling ends the program at once") {
  std::atomic<int> cancel = 0;
  Command command = shell("sleep 60");
  command.cancel = &cancel;
  std::thread later([&] {
    std::this_thread::sleep_for(milliseconds(100));
    cancel = 1;
  });
  const auto start = std::chrono::steady_clock::now();
  CHECK(run(command).end == End::cancelled);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  later.join();
}

TEST_CASE("endless output is cut and ends the program") {
  Command command = shell("yes");
  command.max_out_bytes = 1000;
  const ProcessResult done = run(command);
  CHECK(done.end == End::too_much_output);
  CHECK(done.out.size() == 1000);
}

TEST_CASE("long error output keeps its beginning and does not block the program") {
  Command command = shell("echo first >&2; head -c 500000 /dev/zero | tr '\\0' x >&2; echo done");
  command.max_err_bytes = 100;
  const ProcessResult done = run(command);
  CHECK(done.end == End::exited);
  CHECK(done.out == "done\n");
  CHECK(done.err.size() == 100);
  CHECK(done.err.starts_with("first\nxxx"));
}

TEST_CASE("a helper left in the background neither blocks us nor is ended") {
  const TempFolder folder;
  const auto start = std::chrono::steady_clock::now();
  const ProcessResult done =
      run(shell("sleep 60 & echo $! > " + folder.file("pid") + "; echo token"));
  CHECK(done.end == End::exited);
  CHECK(done.out == "token\n");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  const pid_t helper = std::stoi(base::read_file(folder.file("pid"), 100));
  CHECK(alive(helper));
  ::kill(helper, SIGKILL);
}

TEST_CASE("a program gets none of our open files") {
  int ours[2];
  REQUIRE(::pipe(ours) == 0);  // as libraries open them: without close-on-exec
  const ProcessResult finished = run(shell("ls /proc/self/fd"));
  ::close(ours[0]);
  ::close(ours[1]);
  // Its three, and the folder that ls reads.
  CHECK(finished.out == "0\n1\n2\n3\n");
}
