// A fix that is broken off: whatever is lost in the middle, the run ends in words that are true,
// the journal knows what was done, and the rest can be applied.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>

#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "fix/record.hpp"
#include "fix/run_folder.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::FakeApiServer;

namespace {

constexpr int objects = 40;

// Forty stuck adapters without a controller, a kubeconfig, and a state folder of its own.
class Bench {
 public:
  Bench() {
    server.add_namespace("kube-system", "cluster-1");
    server.add_namespace("team-a", "ns");
    server.add_namespace("aibrix-system", "sys");
    for (int i = 0; i < objects; ++i) {
      server.add(
          R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":")" +
          name(i) + R"(","namespace":"team-a","uid":"u)" + std::to_string(i) +
          R"(","deletionTimestamp":"2026-08-22T12:00:00Z","finalizers":["adapter.model.aibrix.ai/finalizer"]}})");
    }
    folder.write("kubeconfig", server.kubeconfig());
  }

  static std::string name(int i) { return "lora-" + std::to_string(i); }

  // Through a shell, which writes down the process id; `after` stands behind the command.
  base::ProcessResult apply(const std::string& after = {}) const {
    base::Command command;
    const std::string script = "echo $$ > '" + folder.file("pid") + "'; exec '" +
                               support::program_path() +
                               "' fix finalizers -n team-a --apply --wait 3s --confirm "
                               "'team-a/40 objects' --kubeconfig '" +
                               folder.file("kubeconfig") + "' " + after;
    command.argv = {"sh", "-c", script};
    command.env = {{"XDG_STATE_HOME", folder.file("state")}, {"CI", ""}, {"LC_ALL", "C.UTF-8"}};
    return base::run(command);
  }
  // Those that are left, as many as there are.
  base::ProcessResult again() const {
    const int left = objects - gone();
    return support::aibrixctl(
        {"fix", "finalizers", "-n", "team-a", "--apply", "--wait", "3s", "--confirm",
         left == 1 ? last() : "team-a/" + std::to_string(left) + " objects", "--kubeconfig",
         folder.file("kubeconfig")},
        {{"XDG_STATE_HOME", folder.file("state")}});
  }
  pid_t process() const {
    std::ifstream file(folder.file("pid"));
    pid_t pid = 0;
    file >> pid;
    return pid;
  }
  int gone() const {
    int count = 0;
    for (int i = 0; i < objects; ++i)
      count += server.object("modeladapters", "team-a", name(i)).empty() ? 1 : 0;
    return count;
  }
  std::string last() const {
    for (int i = 0; i < objects; ++i) {
      if (!server.object("modeladapters", "team-a", name(i)).empty()) return name(i);
    }
    return {};
  }
  std::string runs() const { return folder.file("state") + "/aibrixctl/runs"; }

  // What the journal says is so: nothing was changed without its intent, nothing is called done
  // that was not.
  void check_journal() const {
    std::set<std::string> intended;
    const auto runs_there = fix::list_runs(runs());
    for (const std::string& id : runs_there) {
      const fix::Record record = fix::read_record(runs(), id);
      for (std::size_t i = 0; i < record.steps.size(); ++i) {
        const std::string& object = record.plan.steps[i].object.name;
        const auto state = record.steps[i].state;
        if (state != fix::StepResult::State::not_sent) intended.insert(object);
        if (state == fix::StepResult::State::done) {
          CHECK(server.object("modeladapters", "team-a", object).empty());
        }
      }
    }
    for (int i = 0; i < objects; ++i) {
      if (server.object("modeladapters", "team-a", name(i)).empty())
        CHECK(intended.count(name(i)) == 1);
    }
  }

  FakeApiServer server;
  TempFolder folder;
};

bool is_write(const support::SeenRequest& request) {
  return request.method == "PATCH" && request.target.find("dryRun") == std::string::npos;
}

// Once something was written: in part, unseen or seen. Before: the cause's own code.
void check_ending(const Bench& b, const base::ProcessResult& run, int cause) {
  CAPTURE(run.out, run.err, run.code);
  const std::string said = run.out + run.err;
  if (b.gone() == 0) {
    CHECK(run.code == cause);
    CHECK(said.find("nothing was written") != std::string::npos);
  } else if (b.gone() == objects) {
    CHECK((run.code == 0 || run.code == 7));
  } else {
    CHECK(run.code == 6);
    CHECK(said.find("of 40 steps applied") != std::string::npos);
    CHECK(said.find("journal: " + b.runs()) != std::string::npos);
    CHECK(said.find("to go on: aibrixctl fix finalizers") != std::string::npos);
  }
  b.check_journal();
}

void check_rest(const Bench& b) {
  if (b.gone() == objects) return;
  const auto run = b.again();
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(b.gone() == objects);
  b.check_journal();
}

// How many requests a whole run makes, and which of them is the first that writes.
std::size_t requests_of_a_run() {
  static const std::size_t count = [] {
    const Bench b;
    REQUIRE(b.apply().code == 0);
    return b.server.log().size();
  }();
  return count;
}

// Every request where that was asked for (scripts/check-release), else a sample.
std::vector<std::size_t> moments() {
  const std::size_t count = requests_of_a_run();
  const bool all =
      std::getenv("AIBRIXCTL_EVERY_REQUEST") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  std::vector<std::size_t> out;
  for (std::size_t i = 1; i <= count; i += all ? 1 : 13) out.push_back(i);
  return out;
}

void signal_at(Bench& b, std::size_t moment, int signal) {
  auto seen = std::make_shared<std::size_t>(0);
  auto lock = std::make_shared<std::mutex>();
  b.server.before_each([&b, moment, signal, seen, lock](const support::SeenRequest&) {
    const std::lock_guard guard(*lock);
    if (++*seen == moment) kill(b.process(), signal);
  });
}

}  // namespace

TEST_CASE("a login that is lost at any write ends in words, with the code of a part") {
  for (const int lost_at : {1, 2, 17, 33, 40}) {
    CAPTURE(lost_at);
    Bench b;
    const std::string plugin = b.folder.file("plugin");
    // Gives a token once.
    b.folder.write("plugin",
                   "#!/bin/sh\n[ ! -e '" + plugin + ".used' ] || exit 1\ntouch '" + plugin +
                       ".used'\necho '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":"
                       "\"ExecCredential\",\"status\":{\"token\":\"t\"}}'\n");
    std::filesystem::permissions(plugin, std::filesystem::perms::owner_all);
    std::string config = b.server.kubeconfig();
    const std::string token = "token: none";
    const auto at = config.find(token);
    REQUIRE(at != std::string::npos);
    config.replace(at, token.size(),
                   "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, "
                   "command: " +
                       plugin + "}");
    b.folder.write("kubeconfig", config);
    auto writes = std::make_shared<int>(0);
    b.server.before_each([&b, writes, lost_at](const support::SeenRequest& request) {
      if (is_write(request) && ++*writes == lost_at)
        b.server.script({.target = "/modeladapters/", .times = 0, .status = 401});
    });
    check_ending(b, b.apply(), 3);
  }
}

TEST_CASE("standard output that goes away does not stop a confirmed fix from being told") {
  Bench b;
  const auto run = b.apply("| head -c 20");
  CAPTURE(run.out, run.err);
  CHECK(b.gone() == objects);
  CHECK(run.err.find("this is how the run ended") != std::string::npos);
  CHECK(run.err.find("40 of 40 steps applied") != std::string::npos);
  b.check_journal();
}

TEST_CASE("standard output that is full before the question: nothing is written") {
  Bench b;
  check_ending(b, b.apply("> /dev/full"), 3);
}

TEST_CASE("standard output that is full at the end: the words go to standard error") {
  Bench b;
  const auto run = b.apply("-o json > /dev/full");
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(run.err.find("40 of 40 steps applied") != std::string::npos);
  b.check_journal();
}

TEST_CASE("SIGTERM at any request: the run ends in true words, and the rest can be applied") {
  for (const std::size_t moment : moments()) {
    CAPTURE(moment);
    Bench b;
    signal_at(b, moment, SIGTERM);
    const auto run = b.apply();
    b.server.before_each({});
    check_ending(b, run, 143);
    check_rest(b);
  }
}

TEST_CASE("kill -9 at any request: the journal is true, and the next fix finishes") {
  for (const std::size_t moment : moments()) {
    CAPTURE(moment);
    Bench b;
    signal_at(b, moment, SIGKILL);
    const auto run = b.apply();
    b.server.before_each({});
    CHECK(run.end == base::ProcessResult::End::signalled);
    b.check_journal();
    const auto list = support::aibrixctl({"undo"}, {{"XDG_STATE_HOME", b.folder.file("state")}});
    CAPTURE(list.out);
    CHECK(list.code == 0);
    if (b.gone() != 0) CHECK(list.out.find("was cut off") != std::string::npos);
    check_rest(b);
  }
}
