// `version` and --version.
#include <CLI/CLI.hpp>

#include "base/program.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

int version(const Global& global) {
  const std::string number = AIBRIXCTL_VERSION;
  const std::string format(base::document_format);
  if (global.output == "json") {
    write_stdout("{\"apiVersion\": \"" + format + "\", \"kind\": \"Version\", \"version\": \"" +
                 number + "\"}\n");
  } else if (global.output == "yaml") {
    write_stdout("apiVersion: " + format + "\nkind: Version\nversion: \"" + number + "\"\n");
  } else {
    write_stdout(std::string(base::program_name) + ' ' + number + '\n');
  }
  return 0;
}

}  // namespace

void add_version(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->callback([&chosen] { chosen = version; });
  app.add_flag_callback(
      "--version", [&chosen] { chosen = version; }, "Print the version");
}

}  // namespace cli
