// Completion scripts and manual page tell the truth about the program's own option tables.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "catch.hpp"
#include "commands.hpp"
#include "completion.hpp"
#include "support/golden.hpp"

namespace {

cli::ProgramInfo program() {
  CLI::App app;
  cli::Global global;
  cli::Action chosen;
  app.name("aibrixctl");
  cli::build(app, global, chosen);
  return cli::describe(app);
}

std::string read(const std::string& path) {
  std::ifstream file(std::string(SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// "--fail-on" as a manual page writes it.
std::string in_troff(const std::string& flag) {
  std::string out;
  for (const char c : flag) out += c == '-' ? std::string("\\-") : std::string(1, c);
  return out;
}

}  // namespace

TEST_CASE("the completion scripts in the tree are those the program prints") {
  CHECK(support::golden("../../completions/aibrixctl.bash", cli::bash_completion()) == "");
  CHECK(support::golden("../../completions/_aibrixctl", cli::zsh_completion()) == "");
  CHECK(support::golden("../../completions/aibrixctl.fish", cli::fish_completion()) == "");
}

TEST_CASE("the lists of flags in the manual page are those the program writes") {
  const auto p = program();
  const std::string page = read("man/aibrixctl.1");
  CHECK(support::golden("../../man/aibrixctl.1", cli::renew_manual(page, p)) == "");
  for (const cli::CommandInfo& command : p.commands) {
    if (command.flags.size() < 2) continue;  // only --help
    CAPTURE(command.path);
    CHECK(page.find(".\\\" flags: " + command.path + '\n') != std::string::npos);
  }
  CHECK_THROWS_AS(cli::renew_manual(".\\\" flags: fix nothing\n", p), base::Error);
}

TEST_CASE("the manual page of each command in the tree is the one that the program writes") {
  const auto p = program();
  std::set<std::string> wanted = {"aibrixctl.1"};
  for (const cli::CommandInfo& command : p.commands) {
    const std::string file = cli::manual_file(command);
    CHECK(support::golden("../../man/" + file, cli::command_manual(command, p)) == "");
    wanted.insert(file);
  }
  std::set<std::string> there;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SOURCE_DIR) + "/man")) {
    there.insert(entry.path().filename().string());
  }
  CHECK(there == wanted);
}

TEST_CASE("the manual page names every command and every flag") {
  const std::string page = read("man/aibrixctl.1");
  const auto p = program();
  std::vector<cli::FlagInfo> flags = p.flags;
  for (const cli::CommandInfo& command : p.commands) {
    CAPTURE(command.path);
    CHECK(page.find(in_troff(command.name)) != std::string::npos);
    flags.insert(flags.end(), command.flags.begin(), command.flags.end());
  }
  REQUIRE(flags.size() > 20);
  for (const cli::FlagInfo& flag : flags) {
    for (const std::string& name : flag.names) {
      CAPTURE(name);
      CHECK(page.find(in_troff(name)) != std::string::npos);
    }
  }
}

TEST_CASE("the manual page names no flag that the program does not have") {
  const std::string page = read("man/aibrixctl.1");
  const auto p = program();
  std::vector<std::string> names;
  for (const cli::FlagInfo& flag : p.flags)
    names.insert(names.end(), flag.names.begin(), flag.names.end());
  for (const cli::CommandInfo& command : p.commands) {
    for (const cli::FlagInfo& flag : command.flags) {
      names.insert(names.end(), flag.names.begin(), flag.names.end());
    }
  }
  for (std::size_t at = page.find("\\-\\-"); at != std::string::npos;
       at = page.find("\\-\\-", at + 1)) {
    std::string word;
    for (std::size_t i = at; i < page.size(); ++i) {
      if (page[i] == '\\' && page[i + 1] == '-') continue;
      const char c = page[i];
      if (c != '-' && (c < 'a' || c > 'z')) break;
      word += c;
    }
    CAPTURE(word);
    CHECK(std::find(names.begin(), names.end(), word) != names.end());
  }
}
