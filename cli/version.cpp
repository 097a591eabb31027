// `version` and --version.
#include <CLI/CLI.hpp>

#include "base/program.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace cli {

void add_version(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("version", "print the version of this program");
  command->callback([&chosen] {
    chosen = [](const Global& global) {
      const std::string version = AIBRIXCTL_VERSION;
      const std::string format(base::document_format);
      if (global.output == "json") {
        write_stdout("{\"apiVersion\": \"" + format + "\", \"kind\": \"Version\", \"version\": \"" +
                     version + "\"}\n");
      } else if (global.output == "yaml") {
        write_stdout("apiVersion: " + format + "\nkind: Version\nversion: \"" + version + "\"\n");
      } else {
        write_stdout(std::string(base::program_name) + ' ' + version + '\n');
      }
      return 0;
    };
  });
  app.add_flag_callback(
      "--version",
      [&chosen] {
        chosen = [](const Global&) {
          write_stdout(std::string(base::program_name) + " " AIBRIXCTL_VERSION "\n");
          return 0;
        };
      },
      "print the version of this program");
}

}  // namespace cli
