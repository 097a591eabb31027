// Help, usage errors and suggestions, as people meet them.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "command_line.hpp"
#include "commands.hpp"
#include "completion.hpp"
#include "examples.hpp"
#include "report/layout.hpp"
#include "suggest.hpp"
#include "support/program.hpp"
#include "support/terminal.hpp"

using support::aibrixctl;

namespace {

std::vector<std::vector<std::string>> all_commands() {
  std::vector<std::vector<std::string>> out = {{}};
  for (const cli::CommandInfo& command : cli::described().commands) {
    std::vector<std::string> words;
    for (const std::string_view word : base::split(command.path, ' ')) words.emplace_back(word);
    out.push_back(words);
  }
  return out;
}

std::vector<std::string> with(std::vector<std::string> words, const std::string& more) {
  words.push_back(more);
  return words;
}

// The words behind the program's name in an example; without the shell's parts of the line.
std::vector<std::string> words_of(std::string_view command) {
  command = command.substr(command.find("aibrixctl ") + 10);
  command = command.substr(0, command.find_first_of("|<>)"));
  std::vector<std::string> out;
  for (const std::string_view word : base::split(base::trim(command), ' ')) {
    if (!word.empty()) out.emplace_back(word);
  }
  return out;
}

std::string without_spaces(std::string text) {
  for (const char* mark : {" \\\n", "\n  #"}) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
      text.replace(at, std::string_view(mark).size(), " ");
    }
  }
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '#'; });
  return text;
}

}  // namespace

TEST_CASE("help fits every width from 40 to 200 columns, and no word is cut") {
  for (const auto& command : all_commands()) {
    const auto wide = aibrixctl(with(command, "--help"), {{"COLUMNS", "200"}});
    for (const int columns : {40, 60, 80, 133, 200}) {
      const auto help = aibrixctl(with(command, "--help"), {{"COLUMNS", std::to_string(columns)}});
      CAPTURE(base::join(command, " "), columns, help.out);
      CHECK(help.code == 0);
      for (const std::string_view line : base::split(help.out, '\n')) {
        CAPTURE(line);
        CHECK(report::display_width(line) <= static_cast<std::size_t>(columns));
      }
      // The same words in the same order, whatever the width.
      CHECK(without_spaces(help.out) == without_spaces(wide.out));
    }
  }
}

TEST_CASE("the program without arguments shows examples and its commands on one screen") {
  const auto run = aibrixctl({}, {{"COLUMNS", "80"}});
  CHECK(run.code == 0);
  CHECK(run.out.starts_with("Diagnose and fix AIBrix on Kubernetes\n\nUsage:  aibrixctl COMMAND"));
  CHECK(base::split(run.out, '\n').size() <= 40);
  for (const char* heading : {"\nExamples:\n", "\nDiagnose:\n", "\nFix:\n", "\nOther:\n"}) {
    CHECK(run.out.find(heading) != std::string::npos);
  }
  CHECK(run.out.find("aibrixctl options\n") != std::string::npos);
}

TEST_CASE("every command has examples, and the parser takes each of them") {
  for (const auto& command : all_commands()) {
    const auto help = aibrixctl(with(command, "--help"));
    CAPTURE(base::join(command, " "));
    CHECK(help.out.find("\nExamples:\n") != std::string::npos);
  }
  for (const cli::Example& example : cli::examples()) {
    CLI::App app;
    cli::Global global;
    cli::Action chosen;
    app.name("aibrixctl");
    cli::build(app, global, chosen);
    CAPTURE(example.command);
    CHECK_NOTHROW(cli::parse(app, words_of(cli::example_text(example, "aibrixctl"))));
  }
}

TEST_CASE("lines of help begin with a capital letter and have no full stop") {
  const auto check = [](const std::string& text) {
    CAPTURE(text);
    CHECK((text.front() < 'a' || text.front() > 'z'));
    CHECK_FALSE(text.ends_with("."));
  };
  const cli::ProgramInfo program = cli::described();
  for (const cli::FlagInfo& flag : program.flags) check(flag.help);
  for (const cli::CommandInfo& command : program.commands) {
    check(command.help);
    for (const cli::FlagInfo& flag : command.flags) {
      if (flag.names.back() != "--help") check(flag.help);
    }
  }
}

TEST_CASE("help COMMAND is the help of the command, and options the flags of all") {
  CHECK(aibrixctl({"help"}).out == aibrixctl({"--help"}).out);
  CHECK(aibrixctl({"help", "doctor"}).out == aibrixctl({"doctor", "--help"}).out);
  CHECK(aibrixctl({"help", "fix", "webhooks"}).out == aibrixctl({"fix", "webhooks", "--help"}).out);
  const auto options = aibrixctl({"options"});
  CHECK(options.code == 0);
  CHECK(options.out.find("--kubeconfig FILE") != std::string::npos);
  const auto slip = aibrixctl({"help", "docter"});
  CHECK(slip.code == 2);
  CHECK(slip.err.find("did you mean doctor?") != std::string::npos);
}

TEST_CASE("safe, review and manual are explained where they are met") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"doctor", "--help"}, {"fix", "--help"}}) {
    const auto help = aibrixctl(words);
    for (const char* word : {"safe: ", "review: ", "manual: "}) {
      CHECK(help.out.find(word) != std::string::npos);
    }
  }
}

TEST_CASE("a missing command of a group is told with the list of those there are") {
  const std::vector<std::pair<std::string, std::string>> groups = {
      {"fix", "finalizers"}, {"endpoint", "print"}, {"preflight", "uninstall"}, {"rbac", "print"}};
  for (const auto& [group, command] : groups) {
    const auto run = aibrixctl({group});
    CAPTURE(run.err);
    CHECK(run.code == 2);
    CHECK(run.err.find("  " + command + "  ") != std::string::npos);
  }
}

TEST_CASE("no suggestion is the opposite of what was typed, or nothing like it") {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"preflight", "start"},
                                                {"doctor", "-o", "html"},
                                                {"doctor", "-o", "name"},
                                                {"snapshot", "foo"},
                                                {"doctor", "-o", "wide"}}) {
    const auto run = aibrixctl(words);
    CAPTURE(words.front(), run.err);
    CHECK(run.code == 2);
    CHECK(run.err.find("did you mean") == std::string::npos);
  }
  CHECK(aibrixctl({"doctor", "-o", "wide"}).err.find("kubectl") == std::string::npos);
  const std::vector<std::string> words = {"uninstall", "--no-color", "enable", "verbose"};
  CHECK(cli::mistyped("install", words).empty());
  CHECK(cli::mistyped("--color", words).empty());
  CHECK(cli::mistyped("uninstal", words) == "uninstall");
  CHECK(cli::mistyped("vebrose", words) == "verbose");
  CHECK(cli::mistyped("x", words).empty());
}

TEST_CASE("words of other programs lead to the command that does it") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> meant = {
      {{"endpoint", "get"}, "aibrixctl endpoint print"},
      {{"check"}, "aibrixctl doctor"},
      {{"uninstall"}, "aibrixctl preflight uninstall"},
      {{"rollback"}, "aibrixctl undo"},
      {{"fix", "nodeport"}, "aibrixctl fix service-type"}};
  for (const auto& [words, command] : meant) {
    const auto run = aibrixctl(words);
    CAPTURE(run.err);
    CHECK(run.code == 2);
    CHECK(run.err.find(command) != std::string::npos);
  }
}

TEST_CASE("every usage error says how to go on, in words of this program") {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"-v"},
                                             {"--context", "a", "--context", "b", "doctor"},
                                             {"doctor", "--fail-on"},
                                             {"doctor", "--require-complete=perhaps"},
                                             {"endpoint", "print", "a", "b"},
                                             {"fix", "service-type"},
                                             {"fix", "--plan", "a", "--plan", "b"},
                                             {"completion"},
                                             {"completion", "powershell"},
                                             {"version", "-o", "plain"},
                                             {"fix", "webhooks", "-o", "plain"},
                                             {"undo", "--apply"},
                                             {"explain", "-", "REF001"},
                                             {"explain", "xyzzyx"},
                                             {"explain", "INS999"},
                                             {"rbac", "print", "coffee"},
                                             {"rbac", "print", "--via", "api-server"},
                                             {"doctor", "--wait", "soon"},
                                             {"doctor", "--now", "yesterday", "-f", "/dev/null"},
                                             {"trace", "a", "b"},
                                             {"--no-such-flag"}}) {
    const auto run = aibrixctl(words);
    CAPTURE(base::join(words, " "), run.out, run.err);
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CHECK(run.err.find("\n  ") != std::string::npos);
    for (const char* raw : {"required", "Could not convert", "At Most", "received", "CLI::"}) {
      CHECK(run.err.find(raw) == std::string::npos);
    }
  }
}

TEST_CASE("what is wrong with a flag names the flag") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"doctor", "--require-complete=perhaps"}, "invalid value for --require-complete"},
      {{"doctor", "--context", "a", "--context", "b"}, "--context is given more than once"},
      {{"fix", "finalizers", "--select"}, "--select needs a value"},
      {{"completion"}, "SHELL is missing"}};
  for (const auto& [words, message] : wrong) {
    CHECK(aibrixctl(words).err.starts_with("error: " + message + "\n"));
  }
}

TEST_CASE("words that are no code are searched for in checks and known responses") {
  for (const char* word : {"503", "Terminating", "stuck", "namespace", "finalizers"}) {
    const auto run = aibrixctl({"explain", word});
    CAPTURE(word, run.err);
    CHECK(run.code == 0);
    CHECK_FALSE(run.out.empty());
  }
  CHECK(aibrixctl({"explain", "503"}).out.find("Responses\n") != std::string::npos);
  CHECK(aibrixctl({"explain", "Terminating"}).out.find("NS0") != std::string::npos);
  const auto area = aibrixctl({"explain", "gateway"});
  CHECK(area.code == 0);
  CHECK(area.out.find("GW001") != std::string::npos);
  CHECK(area.out.find("INS001") == std::string::npos);
  const auto plain = aibrixctl({"explain", "503", "-o", "plain"});
  CHECK(plain.out.find("response\t") != std::string::npos);
}

TEST_CASE("explain - at a terminal says what to paste and how to end") {
  support::Terminal terminal({"explain", "-"});
  CHECK(terminal.shows("Paste"));
  CHECK(terminal.shows("Ctrl-D"));
  terminal.type("\x03");
  terminal.code();
}

TEST_CASE("CLICOLOR turns colours off, CLICOLOR_FORCE on, and the older variables go before") {
  const auto coloured = [](std::vector<std::pair<std::string, std::string>> environment) {
    return aibrixctl({"explain", "REF001"}, std::move(environment)).out.find('\x1b') !=
           std::string::npos;
  };
  CHECK(coloured({{"CLICOLOR_FORCE", "1"}}));
  CHECK_FALSE(coloured({{"CLICOLOR_FORCE", "0"}}));
  CHECK_FALSE(coloured({{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}));
  CHECK_FALSE(coloured({{"CLICOLOR", "1"}}));
}

TEST_CASE("undo without a run lists in the format that was asked for") {
  const auto folder = std::filesystem::temp_directory_path() / "aibrixctl-help-test-empty";
  const std::vector<std::pair<std::string, std::string>> home = {{"XDG_STATE_HOME", folder}};
  const auto json = aibrixctl({"undo", "-o", "json"}, home);
  CHECK(json.code == 0);
  const auto document = nlohmann::json::parse(json.out);
  CHECK(document["kind"] == "RunList");
  CHECK(document["runs"].empty());
  CHECK(aibrixctl({"undo", "-o", "yaml"}, home).out.find("kind: \"RunList\"") != std::string::npos);
  CHECK(aibrixctl({"undo", "-o", "plain"}, home).out.empty());
  CHECK(nlohmann::json::parse(aibrixctl({"--version", "-o", "json"}).out)["kind"] == "Version");
}

TEST_CASE("started as kubectl-aibrix it is kubectl aibrix in all that people are to type") {
  const auto link = std::filesystem::temp_directory_path() /
                    ("aibrixctl-help-test-" + std::to_string(getpid())) / "kubectl-aibrix";
  std::filesystem::create_directories(link.parent_path());
  std::filesystem::create_symlink(support::program_path(), link);
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), link.string());
    base::Command command;
    command.argv = std::move(words);
    command.env = {{"COLUMNS", "100"}, {"CI", ""}, {"KUBECONFIG", "/nonexistent/config"}};
    command.deadline = std::chrono::seconds(60);
    command.max_out_bytes = std::size_t{16} << 20U;
    return base::run(command);
  };
  const std::string example = std::string(SOURCE_DIR) + "/examples/broken-cluster";
  for (const auto& words :
       std::vector<std::vector<std::string>>{{},
                                             {"doctor", "--help"},
                                             {"docter"},
                                             {"rbac"},
                                             {"explain", "xyzzyx"},
                                             {"fix", "finalizers", "--help"},
                                             {"explain", "503"},
                                             {"doctor", "-f", example, "--whole-cluster"},
                                             {"doctor", "-f", example, "--whole-cluster", "-v"}}) {
    const auto shown = run(words);
    const std::string text = shown.out + shown.err;
    CAPTURE(text);
    for (const char* word :
         {"doctor", "fix", "explain", "rbac", "undo", "options", "COMMAND", "--"}) {
      CHECK(text.find(std::string("aibrixctl ") + word) == std::string::npos);
    }
  }
  CHECK(run({"--help"}).out.find("kubectl aibrix doctor") != std::string::npos);
  CHECK(run({"doctor", "-f", example, "--whole-cluster", "-o", "json"})
            .out.find("kubectl aibrix fix") != std::string::npos);
  CHECK(run({"version"}).out.starts_with("aibrixctl "));
  std::filesystem::remove_all(link.parent_path());
}

TEST_CASE("comments of rbac print -v fit a screen") {
  const std::string printed = aibrixctl({"rbac", "print", "-v"}).out;
  REQUIRE(printed.find("\n#") != std::string::npos);
  for (const std::string_view line : base::split(printed, '\n')) {
    if (line.starts_with("#")) CHECK(line.size() <= 100);
  }
}
