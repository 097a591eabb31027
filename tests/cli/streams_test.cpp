// Streams and files that are full, closed, slow, or no files: a report that was not written is
// never exit 0, and nothing that is no file is replaced.
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/process.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"

namespace {

namespace fs = std::filesystem;
using support::aibrixctl;

constexpr const char* broken = SOURCE_DIR "/examples/broken-cluster/cluster.yaml";

// A line of shell in which "$@" is the program with these arguments.
base::ProcessResult shell(const std::string& line, std::vector<std::string> arguments,
                          std::vector<std::pair<std::string, std::string>> environment = {}) {
  base::Command command;
  command.argv = {"bash", "-c", line, "bash", support::program_path()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.env = {
      {"NO_COLOR", ""}, {"CI", ""}, {"GITHUB_ACTIONS", ""}, {"KUBECONFIG", "/nonexistent/config"}};
  for (auto& pair : environment) command.env.push_back(std::move(pair));
  command.max_out_bytes = std::size_t{64} << 20U;
  return base::run(command);
}

std::string read(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

bool ended(const base::ProcessResult& run, int code) {
  INFO(run.err);
  CHECK(run.end == base::ProcessResult::End::exited);
  CHECK(run.code == code);
  return run.code == code;
}

// A manifest that takes a while to read.
std::string long_manifest() {
  std::string out = "apiVersion: v1\nkind: List\nitems:\n";
  for (int i = 0; i < 60'000; ++i) {
    out += "- {apiVersion: v1, kind: Pod, metadata: {name: p" + std::to_string(i) +
           ", namespace: default, labels: {a: b, c: d, e: f}},\n"
           "   spec: {containers: [{name: c, image: i}]}}\n";
  }
  return out;
}

// Runs the program; prints the processor time that it took, in hundredths of a second.
constexpr const char* timed = R"(
  "$@" >/dev/null & used=0
  while read -r -a stat 2>/dev/null </proc/$!/stat && [ "${stat[2]}" != Z ]; do
    used=$((stat[13] + stat[14]))
    if [ -n "$SIGNAL" ] && [ "$used" -ge "$ENOUGH" ]; then kill "-$SIGNAL" $!; SIGNAL=; fi
    sleep 0.01
  done
  wait $!; code=$?; echo "$used"; exit "$code")";

}  // namespace

TEST_CASE("a full or closed stdout ends every format with an error and its exit code") {
  for (const char* format : {"text", "plain", "json", "yaml"}) {
    for (const char* line : {"\"$@\" > /dev/full", "\"$@\" >&-"}) {
      INFO(format << ", " << line);
      const auto run = shell(line, {"doctor", "-f", broken, "-o", format});
      ended(run, 3);
      CHECK(run.err.find("cannot write the output") != std::string::npos);
    }
  }
  // An error that cannot be told there keeps its own code.
  const auto missing = shell("\"$@\" > /dev/full", {"doctor", "-f", "/no/such", "-o", "json"});
  ended(missing, 2);
  CHECK(missing.err.find("/no/such") != std::string::npos);
}

TEST_CASE("a reader that has gone is no error of the report") {
  for (const char* format : {"text", "json", "yaml"}) {
    ended(shell("\"$@\" | true; exit ${PIPESTATUS[0]}", {"doctor", "-f", broken, "-o", format}), 1);
  }
}

TEST_CASE("a closed stdout does not become a connection to the cluster") {
  support::FakeApiServer server;
  server.load(broken);
  const TempFolder folder;
  const std::string kubeconfig = folder.write("config", server.kubeconfig());
  const auto run = shell("\"$@\" >&-", {"snapshot", "--kubeconfig", kubeconfig});
  ended(run, 3);
  CHECK(run.err.find("cannot write the output") != std::string::npos);
  ended(shell("\"$@\" >&- <&- 2>&-", {"doctor", "--kubeconfig", kubeconfig}), 3);
  // Where nothing has to be written there, nothing is wrong.
  const std::string file = folder.file("snapshot");
  ended(shell("\"$@\" >&- 2>&-", {"snapshot", "--kubeconfig", kubeconfig, "--to", file}), 0);
  CHECK(read(file).find("Snapshot") != std::string::npos);
}

TEST_CASE("a pipe that does not block is waited for") {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  REQUIRE(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const std::vector<std::string> words = {support::program_path(), "snapshot", "-f", broken};
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_t pid = 0;
  REQUIRE(posix_spawn(&pid, support::program_path().c_str(), &actions, nullptr, argv.data(),
                      environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::this_thread::sleep_for(std::chrono::seconds(1));  // the pipe is full by now
  std::string out;
  char part[4096];
  for (;;) {
    const ssize_t got = ::read(ends[0], part, sizeof part);
    if (got <= 0) break;
    out.append(part, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(out == aibrixctl({"snapshot", "-f", broken}).out);
}

TEST_CASE("snapshot --to writes through links and into what is no file, and replaces neither") {
  const TempFolder folder;
  const auto snapshot = [&](const std::string& to) {
    return aibrixctl({"snapshot", "-f", broken, "--to", to});
  };
  const std::string whole = aibrixctl({"snapshot", "-f", broken}).out;
  fs::create_directory(folder.file("d"));
  const std::string target = folder.write("d/target", "old");
  fs::create_symlink("d/target", folder.file("link"));
  fs::create_symlink(folder.file("link"), folder.file("second"));
  CHECK(snapshot(folder.file("second")).code == 0);
  CHECK(fs::is_symlink(folder.file("second")));
  CHECK(fs::is_symlink(folder.file("link")));
  CHECK(read(target) == whole);
  fs::create_symlink("d/made", folder.file("dangling"));
  CHECK(snapshot(folder.file("dangling")).code == 0);
  CHECK(fs::is_symlink(folder.file("dangling")));
  CHECK(read(folder.file("d/made")) == whole);
  // Links, so that a program that replaces what it writes to hurts nobody.
  fs::create_symlink("/dev/null", folder.file("null"));
  CHECK(snapshot(folder.file("null")).code == 0);
  CHECK(fs::is_symlink(folder.file("null")));
  fs::create_symlink("/dev/full", folder.file("full"));
  const auto full = snapshot(folder.file("full"));
  CHECK(full.code == 2);
  CHECK(full.err.find("No space left") != std::string::npos);
  const std::string fifo = folder.file("fifo");
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  const auto piped = shell("cat \"$FIFO\" & \"$@\"; code=$?; wait; exit $code",
                           {"snapshot", "-f", broken, "--to", fifo}, {{"FIFO", fifo}});
  ended(piped, 0);
  CHECK(piped.out == whole);
  CHECK(fs::is_fifo(fifo));
  ended(shell("\"$@\" | cat", {"snapshot", "-f", broken, "--to", "/dev/stdout"}), 0);
  CHECK(snapshot(folder.file("d")).code == 2);
}

TEST_CASE("what has no end is refused by -f at once, and an open pipe is read") {
  const TempFolder folder;
  const std::string fifo = folder.file("fifo.yaml");
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  for (const std::string& path : {std::string("/dev/zero"), fifo}) {
    const auto run = shell("timeout 20 \"$@\"", {"doctor", "-f", path});
    ended(run, 2);
    CHECK(run.err.find(path + " is a ") != std::string::npos);
  }
  const auto zero = shell("timeout 20 \"$@\" < /dev/zero", {"doctor", "-f", "-"});
  ended(zero, 2);
  CHECK(zero.err.find("stdin is a device") != std::string::npos);
  const auto substituted = shell("\"$@\" -f <(cat " + std::string(broken) + ")", {"doctor"});
  ended(substituted, 1);
  ended(shell("cat " + std::string(broken) + " | \"$@\"", {"doctor", "-f", "-"}), 1);
}

TEST_CASE("the first signal ends the reading of files") {
  const TempFolder folder;
  const std::vector<std::string> doctor = {
      "doctor", "-f", folder.write("long.yaml", long_manifest()), "-o", "plain"};
  const auto whole = shell(timed, doctor, {{"SIGNAL", ""}});
  ended(whole, 0);
  const int all = std::stoi("0" + whole.out);
  REQUIRE(all >= 20);
  for (const auto& [name, code] : {std::pair{"INT", 130}, std::pair{"TERM", 143}}) {
    const auto run = shell(timed, doctor, {{"SIGNAL", name}, {"ENOUGH", std::to_string(all / 4)}});
    ended(run, code);
    CHECK(run.err.find("interrupted: nothing was changed") != std::string::npos);
    CHECK(std::stoi("0" + run.out) < all * 3 / 4);
  }
}

TEST_CASE("a step summary that cannot be written is told") {
  const auto run = aibrixctl({"doctor", "-f", broken, "--ci"},
                             {{"GITHUB_ACTIONS", "true"}, {"GITHUB_STEP_SUMMARY", "/dev/full"}});
  CHECK(run.code == 1);
  CHECK(run.err.find("cannot write the step summary: No space left") != std::string::npos);
}

TEST_CASE("completion offers no word that a shell would run") {
  const TempFolder folder;
  const std::string config =
      folder.write("config",
                   "apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts:\n"
                   "- {name: good, context: {cluster: a, user: a}}\n"
                   "- {name: \"$(touch pasted)\", context: {cluster: a, user: a}}\n"
                   "- {name: \"a`id`\", context: {cluster: a, user: a}}\n"
                   "- {name: \"arn:aws:eks:eu-1:12:cluster/x\", context: {cluster: a, user: a}}\n");
  const auto run = aibrixctl({"__complete", "doctor", "--context", ""}, {{"KUBECONFIG", config}});
  CHECK(run.out == "arn:aws:eks:eu-1:12:cluster/x\ngood\n:4\n");
}
