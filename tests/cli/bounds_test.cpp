// The program against servers that hang, trickle or never end.
#include <sys/resource.h>

#include <chrono>

#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/hostile_server.hpp"
#include "support/program.hpp"

using std::chrono::milliseconds;
using support::aibrixctl;
using support::FakeApiServer;
using support::HostileServer;
using Clock = std::chrono::steady_clock;

namespace {

struct Ended {
  base::ProcessResult run;
  milliseconds took{0};
};

Ended run_on(const std::string& kubeconfig, std::vector<std::string> arguments,
             std::vector<std::pair<std::string, std::string>> environment = {}) {
  const TempFolder folder;
  arguments.insert(arguments.end(), {"--kubeconfig", folder.write("config", kubeconfig)});
  const auto start = Clock::now();
  Ended out;
  out.run = aibrixctl(std::move(arguments), std::move(environment));
  out.took = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
  return out;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t errors_in(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("error:"); at != std::string::npos; at = text.find("error:", at + 1)) {
    ++count;
  }
  return count;
}

// The most that any child has had resident, in bytes.
std::size_t peak_of_children() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

TEST_CASE("whatever a server does, doctor ends in time with one error and exit code 3") {
  for (const std::string& mode : HostileServer::modes()) {
    if (mode == "silent-pods") continue;  // one list that hangs is one that is missing
    INFO(mode);
    const HostileServer server(mode);
    const Ended ended =
        run_on(server.kubeconfig(), {"doctor", "--timeout", "2s", "--max-memory", "100M"});
    CAPTURE(ended.run.err, ended.run.out);
    CHECK(ended.run.code == 3);
    CHECK(ended.took < milliseconds(15'000));  // and not without end
    CHECK(errors_in(ended.run.err) == 1);
    CHECK_FALSE(has(ended.run.err, "internal"));
  }
  if (!support::sanitized) CHECK(peak_of_children() < std::size_t{400} << 20);
}

TEST_CASE("a time that is over names the server, the time and the flag") {
  const HostileServer server("silent", 1);
  const Ended ended = run_on(server.kubeconfig(), {"doctor", "--timeout", "1s"});
  CHECK(has(ended.run.err, server.url() + ": reading did not finish within 1s: 1 of "));
  CHECK(has(ended.run.err, "--timeout"));
}

TEST_CASE("memory that is over names the list and the flag") {
  const HostileServer server("endless-objects");
  const Ended ended = run_on(server.kubeconfig(), {"doctor", "--max-memory", "32M"});
  CHECK(ended.run.code == 3);
  CHECK(has(ended.run.err, "the list of pods cannot be read"));
  CHECK(has(ended.run.err, "--max-memory"));
}

TEST_CASE("a size or time that is none is a usage error") {
  for (const char* size : {"0", "5", "-1", "much", "1e30"}) {
    INFO(size);
    CHECK(
        run_on("", {"doctor", "--server", "https://127.0.0.1:1", "--max-memory", size}).run.code ==
        2);
  }
  CHECK(run_on("", {"doctor", "--server", "https://127.0.0.1:1", "--timeout", "soon"}).run.code ==
        2);
}

TEST_CASE("out of memory is told as that, not as an error of ours") {
  if (support::sanitized) return;
  FakeApiServer server;
  server.add(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team-a"}})");
  server.add_pods(4000, "team-a", 20'000);
  const TempFolder folder;
  const std::string config = folder.write("config", server.kubeconfig());
  base::Command probe;
  probe.argv = {"/bin/sh",  "-c", "ulimit -v 200000; exec \"$@\"", "sh", support::program_path(),
                "--version"};
  if (base::run(probe).code != 0) {
    WARN("skipped: the program's memory cannot be limited here (an emulator runs it)");
    return;
  }
  // How much a run takes differs from machine to machine: from enough to too little.
  bool told = false;
  for (int limit = 70'000; limit >= 30'000 && !told; limit -= 2'000) {
    base::Command command;
    const std::string script = "ulimit -v " + std::to_string(limit) + "; exec \"$@\"";
    command.argv = {"/bin/sh", "-c",           script, "sh",           support::program_path(),
                    "doctor",  "--max-memory", "8Gi",  "--kubeconfig", config};
    const auto run = base::run(command);
    CAPTURE(limit, run.err, run.code);
    REQUIRE(run.end == base::ProcessResult::End::exited);
    if (run.code == 127) break;  // not even the libraries fit
    CHECK(run.code != 70);
    told = has(run.err, "out of memory");
    if (told) CHECK(run.code == 3);
  }
  CHECK(told);
}

TEST_CASE("everything forbidden and nothing discovered is not all in order") {
  for (const char* mode : {"forbidden-none", "forbidden-null", "forbidden-odd", "empty-none"}) {
    INFO(mode);
    const HostileServer server(mode);
    const Ended ended = run_on(server.kubeconfig(), {"doctor", "--ci"});
    CAPTURE(ended.run.out, ended.run.err);
    CHECK(ended.run.code == 3);
    CHECK(errors_in(ended.run.err) == 1);
  }
}

TEST_CASE("TLS keys are never written, whatever the environment says") {
  FakeApiServer server;
  const TempFolder folder;
  run_on(server.kubeconfig(), {"doctor"}, {{"SSLKEYLOGFILE", folder.file("keys")}});
  CHECK_FALSE(std::filesystem::exists(folder.file("keys")));
}

TEST_CASE("the proxy of the environment is the cause named when it refuses") {
  const Ended ended = run_on("", {"doctor", "--server", "https://10.99.0.1:6443"},
                             {{"HTTPS_PROXY", "http://u:KCANARY@127.0.0.1:1"}});
  CAPTURE(ended.run.err);
  CHECK(ended.run.code == 3);
  CHECK(has(ended.run.err, "the proxy rejects the connection: http://127.0.0.1:1: "));
  CHECK_FALSE(has(ended.run.err, "KCANARY"));
}
