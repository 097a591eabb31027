// Whatever objects are called, a pasted command does what it says: every command that checks and
// plans print, over clusters whose names, labels, annotations and messages are hostile, is read
// back by a POSIX shell.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "aibrix/cluster.hpp"
#include "base/process.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "checks/core/command.hpp"
#include "fix/finalizers.hpp"
#include "fix/fix.hpp"
#include "fix/service_type.hpp"
#include "report/plan_text.hpp"
#include "support/hostile.hpp"
#include "support/snapshot.hpp"

namespace {

using checks::Command;
using checks::Word;
using support::Hostility;
using Json = nlohmann::json;
namespace fs = std::filesystem;

// One small cluster for nearly every finding there is.
std::vector<std::string> cases() {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(SOURCE_DIR "/tests/cases")) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// ---- every command that is printed about a cluster

void add(std::vector<Command>& out, const Command& command) {
  if (!command.empty()) out.push_back(command);
}

std::vector<fix::Options> ways(const fix::Fix& fix);

std::vector<Command> commands_of(const support::Cluster& cluster) {
  std::vector<Command> out;
  const auto outcomes = support::run("*", cluster);
  for (const checks::Finding& f : outcomes.findings) {
    for (const checks::Remedy& r : f.remedies) {
      add(out, r.command);
      add(out, r.undo);
    }
  }
  const kube::Snapshot snapshot = cluster.snapshot();
  const aibrix::Cluster view(snapshot);
  for (const fix::Fix* fix : fix::all()) {
    for (const fix::Options& options : ways(*fix)) {
      const fix::Plan plan = fix::make_plan(*fix, {snapshot, view, {}}, options);
      for (const auto* list : {&plan.alternatives, &plan.blockers, &plan.manual_steps}) {
        for (const fix::Advice& advice : *list) add(out, advice.command);
      }
      for (const fix::Step& step : plan.steps) add(out, report::step_command(step));
    }
  }
  return out;
}

// ---- what a shell makes of it

constexpr char end_of_word = '\x1e';
constexpr char end_of_command = '\x1d';

void expect(const Command& command, std::vector<std::vector<Word>>& out) {
  std::vector<Word> words = {Word(command.program)};
  for (const Word& word : checks::arranged(command)) words.push_back(word);
  out.push_back(words);
  for (const Command& more : command.next) expect(more, out);
}

// The programs as functions that show their words on descriptor 3; a reader of a pipe waits for its
// writer.
constexpr const char* stand_ins = R"(
show() { printf '%s\036' "$@" >&3; printf '\035' >&3; }
kubectl() { cat >/dev/null; show kubectl "$@"; }
aibrixctl() { show aibrixctl "$@"; }
grep() { cat >/dev/null; show grep "$@"; }
curl() { show curl "$@"; }
openssl() { echo random; }
exec 3>&1 >/dev/null </dev/null
)";

std::vector<std::vector<std::string>> run_in_shell(const std::vector<Command>& commands,
                                                   const std::string& folder) {
  std::string script = "cd '" + folder + "' || exit 1\n" + stand_ins;
  for (const Command& command : commands) script += checks::to_shell(command) + '\n';
  std::ofstream(folder + "/script.sh") << script;
  base::Command shell;
  shell.argv = {"sh", folder + "/script.sh"};
  shell.max_out_bytes = std::size_t{64} << 20U;
  const base::ProcessResult result = base::run(shell);
  INFO(result.err);
  CHECK(result.code == 0);
  std::vector<std::vector<std::string>> out(1);
  std::string word;
  for (const char c : result.out) {
    if (c == end_of_word) {
      out.back().push_back(std::exchange(word, {}));
    } else if (c == end_of_command) {
      out.emplace_back();
    } else {
      word += c;
    }
  }
  out.pop_back();
  return out;
}

void compare(const std::vector<Command>& commands, const std::string& folder) {
  std::vector<std::vector<Word>> expected;
  for (const Command& command : commands) expect(command, expected);
  const auto got = run_in_shell(commands, folder);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    REQUIRE(got[i].size() == expected[i].size());
    for (std::size_t k = 0; k < got[i].size(); ++k) {
      if (expected[i][k].kind == Word::Kind::expression) continue;
      if (got[i][k] != expected[i][k].text) {
        INFO("word " << k << " of a command of " << expected[i].front().text);
        CHECK(got[i][k] == expected[i][k].text);
      }
    }
  }
}

// A name must not end the string it stands in.
void check_patches(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      if (command.words[i - 1].text != "-p") continue;
      INFO(command.words[i].text);
      CHECK(Json::accept(command.words[i].text));
    }
  }
}

std::vector<fix::Options> ways(const fix::Fix& fix) {
  fix::Options plain;
  if (fix.name == "service-type") plain.set(fix::option::to, "NodePort");
  std::vector<fix::Options> out = {plain};
  if (fix.name == "finalizers") {
    fix::Options more;
    more.set(fix::option::include, {"ray", "gatewayclass"});
    more.set(fix::option::include_healthy, true);
    more.set(fix::option::delete_routes, true);
    out.push_back(more);
    fix::Options restart;
    restart.set(fix::option::restart_controller, true);
    out.push_back(restart);
  }
  return out;
}

}  // namespace

// Each recorded cluster with one kind of names; with AIBRIXCTL_EVERY_NAME=1 (scripts/check-release)
// with each.
TEST_CASE("commands about objects with hostile names are what a shell reads back, word for word") {
  const std::vector<Hostility> hostilities = {
      {"", "'; echo PASTED > pasted; '", false},
      {"", "\"$(touch pasted)`touch pasted`\\ \n&& touch pasted #", false},
      {"-", " *?|<>pasted", false},
      {"--", ";touch pasted", true},
      {"", "\x1b]0;\a\t\u202e\u00ad'\U000e0041 ##[stop-commands]x ##vso[x]\n  ::error::'\n::x::",
       false},
  };
  const TempFolder folder;
  std::size_t commands = 0;
  std::set<std::string> programs;
  const auto try_with = [&](const std::string& path, const Hostility& hostility) {
    const Json objects = support::spoiled(support::objects_of(path), hostility);
    support::Cluster cluster;
    cluster.yaml(Json{{"apiVersion", "v1"}, {"kind", "List"}, {"items", objects}}.dump());
    cluster.complete().at("2027-01-01T00:00:00Z");
    const std::vector<Command> printed = commands_of(cluster);
    commands += printed.size();
    for (const Command& command : printed) programs.insert(command.program);
    INFO(path << " with names like " << hostility.before << "NAME" << hostility.after);
    compare(printed, folder.path());
    check_patches(printed);
    CHECK_FALSE(fs::exists(folder.path() + "/pasted"));
  };
  const bool every = std::getenv("AIBRIXCTL_EVERY_NAME") != nullptr;
  std::size_t next = 0;
  for (const std::string& path : support::recorded_clusters()) {
    if (!every) {
      try_with(path, hostilities[next++ % hostilities.size()]);
      continue;
    }
    for (const Hostility& hostility : hostilities) try_with(path, hostility);
  }
  for (const std::string& path : cases()) try_with(path, hostilities[next++ % hostilities.size()]);
  CHECK(commands > 500);  // it did look at something
  CHECK(programs.count("kubectl") == 1);
  CHECK(programs.count("aibrixctl") == 1);
}
