// What a person at a terminal is asked before anything is changed, and what happens at each answer.
#include <filesystem>

#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/terminal.hpp"

using support::FakeApiServer;
using support::Terminal;

namespace {

// One stuck adapter, whose controller is scaled to 0.
class Stuck {
 public:
  Stuck() {
    for (
        const char* object :
        {R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"kube-system","uid":"cluster-1"}})",
         R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team-a","uid":"ns"}})",
         R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"aibrix-system","uid":"sys"}})",
         R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"aibrix-controller-manager","namespace":"aibrix-system","uid":"cm"},"spec":{"replicas":0},"status":{}})",
         R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":"sql-lora","namespace":"team-a","uid":"u","deletionTimestamp":"2026-08-22T12:00:00Z","finalizers":["adapter.model.aibrix.ai/finalizer"]}})"}) {
      server.add(object);
    }
    folder.write("kubeconfig", server.kubeconfig());
  }
  [[nodiscard]] Terminal fix(std::vector<std::string> flags = {}) const {
    std::vector<std::string> words = {
        "fix", "finalizers", "-n", "team-a", "--apply", "--kubeconfig", folder.file("kubeconfig")};
    words.insert(words.end(), flags.begin(), flags.end());
    if (flags.empty()) words.emplace_back("--force");  // what cannot be undone
    return Terminal(std::move(words),
                    {{"XDG_STATE_HOME", folder.file("state")}, {"HOME", folder.file("")}});
  }
  bool there() const { return !server.object("modeladapters", "team-a", "sql-lora").empty(); }
  bool written() const { return std::filesystem::exists(folder.file("state")); }

  FakeApiServer server;
  TempFolder folder;
};

constexpr const char* question = "To confirm, type \"sql-lora\" (without quotes):";

}  // namespace

TEST_CASE("who types the name that the plan asks for has it done", "[confirm]") {
  const Stuck b;
  Terminal terminal = b.fix();
  REQUIRE(terminal.shows(question));
  CHECK(terminal.shown().find("- adapter.model.aibrix.ai/finalizer") != std::string::npos);
  CHECK(b.there());
  terminal.type("sql-lora\n");
  const int code = terminal.code();
  CAPTURE(terminal.shown());
  CHECK(code == 0);
  CHECK_FALSE(b.there());
  CHECK(b.written());
}

TEST_CASE("any other answer changes nothing: exit 5", "[confirm]") {
  for (const char* keys : {"\n", "y\n\n", "sql-lor\n\n", "SQL-LORA\nyes\nsql\n", "\x04"}) {
    const Stuck b;
    Terminal terminal = b.fix();
    REQUIRE(terminal.shows(question));
    terminal.type(keys);
    const int code = terminal.code();
    CAPTURE(keys, terminal.shown());
    CHECK(code == 5);
    CHECK(terminal.shown().find("nothing was written") != std::string::npos);
    CHECK(b.there());
    CHECK_FALSE(b.written());
  }
}

TEST_CASE("a slip can be put right at once", "[confirm]") {
  const Stuck b;
  Terminal terminal = b.fix();
  REQUIRE(terminal.shows(question));
  terminal.type("sql-lor\n");
  REQUIRE(terminal.shows("That is not \"sql-lora\""));
  terminal.type("sql-lora\n");
  CHECK(terminal.code() == 0);
  CHECK_FALSE(b.there());
}

TEST_CASE("Ctrl-C at the question changes nothing: exit 130", "[confirm]") {
  const Stuck b;
  Terminal terminal = b.fix();
  REQUIRE(terminal.shows(question));
  terminal.type("\x03");
  const int code = terminal.code();
  CAPTURE(terminal.shown());
  CHECK(code == 130);
  CHECK(b.there());
  CHECK_FALSE(b.written());
}

TEST_CASE("what can be undone is asked for with y, and no is the default", "[confirm]") {
  for (const bool yes : {false, true}) {
    const Stuck b;
    Terminal terminal = b.fix({"--restart-controller", "--wait", "1s"});
    REQUIRE(terminal.shows("Continue? [y/N]"));
    terminal.type(yes ? "y\n" : "\n");
    const int code = terminal.code();
    CAPTURE(terminal.shown());
    // There is no controller behind the fake server, so its work is never seen.
    CHECK(code == (yes ? 7 : 5));
    const std::string deployment =
        b.server.object("deployments", "aibrix-system", "aibrix-controller-manager");
    CHECK((deployment.find("\"replicas\":1") != std::string::npos) == yes);
  }
}

TEST_CASE("Ctrl-C while the effect is awaited says what was done", "[confirm]") {
  const Stuck b;
  Terminal terminal = b.fix({"--restart-controller", "--yes", "--wait", "5m"});
  REQUIRE(terminal.shows("verifying"));
  terminal.type("\x03");
  const int code = terminal.code();
  CAPTURE(terminal.shown());
  CHECK(code == 7);
  CHECK(terminal.shown().find("1 of 1 step applied") != std::string::npos);
  CHECK(terminal.shown().find("aibrixctl undo") != std::string::npos);
}
