// `help [COMMAND…]` and `options`.
#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "called.hpp"
#include "command_line.hpp"
#include "commands.hpp"
#include "help.hpp"
#include "suggest.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

const CLI::App& command_named(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  for (const std::string& word : words) {
    const CLI::App* found = nullptr;
    for (const CLI::App* command : at->get_subcommands([](const CLI::App*) { return true; })) {
      if (command->get_name() == word && !command->get_group().empty()) found = command;
    }
    if (found == nullptr) {
      const std::vector<std::string> known = known_words(*at, false);
      const std::string near = mistyped(word, known);
      throw base::Error(base::Fault::usage, "UnknownArgument",
                        "no help for \"" + base::printable(word) + '"',
                        near.empty() ? "list the commands with: " + called() + " help"
                                     : "did you mean " + near + "?");
    }
    at = found;
  }
  return *at;
}

}  // namespace

void add_help(CLI::App& app, Action& chosen) {
  CLI::App* help = app.add_subcommand("help", "Show the help of a command")->group(hidden_heading);
  const auto words = std::make_shared<std::vector<std::string>>();
  help->add_option("TOPIC", *words, "A command: doctor, fix finalizers, ...");
  help->callback([&app, &chosen, words] {
    chosen = [&app, words](const Global&) {
      write_stdout(help_of(command_named(app, *words)));
      return 0;
    };
  });
  CLI::App* options =
      app.add_subcommand("options", "Show the flags of all commands")->group(hidden_heading);
  options->callback([&app, &chosen] {
    chosen = [&app](const Global&) {
      write_stdout(options_help(app));
      return 0;
    };
  });
}

}  // namespace cli
