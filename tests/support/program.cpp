// The runner of the built aibrixctl.
#include "support/program.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace support {

namespace {

base::ProcessResult run(std::vector<std::string> argv,
                        std::vector<std::pair<std::string, std::string>> environment) {
  base::Command command;
  command.argv = std::move(argv);
  command.env = {{"NO_COLOR", ""},
                 {"FORCE_COLOR", ""},
                 {"CI", ""},
                 {"GITHUB_ACTIONS", ""},
                 {"COLUMNS", "100"},
                 {"LC_ALL", "C.UTF-8"},
                 {"XDG_CONFIG_HOME", "/nonexistent"},
                 {"KUBECONFIG", "/nonexistent/config"}};
  for (auto& pair : environment) command.env.push_back(std::move(pair));
  command.deadline = std::chrono::seconds(120);
  command.max_out_bytes = std::size_t{64} << 20U;
  return base::run(command);
}

}  // namespace

const std::string& program_path() {
  static const std::string path = [] {
    const char* other = std::getenv("AIBRIXCTL_PROGRAM");  // NOLINT(concurrency-mt-unsafe)
    return std::string(other != nullptr && *other != '\0' ? other : AIBRIXCTL);
  }();
  return path;
}

base::ProcessResult aibrixctl(std::vector<std::string> arguments,
                              std::vector<std::pair<std::string, std::string>> environment) {
  arguments.insert(arguments.begin(), program_path());
  return run(std::move(arguments), std::move(environment));
}

base::ProcessResult aibrixctl_in(const std::string& folder, std::vector<std::string> arguments,
                                 std::vector<std::pair<std::string, std::string>> environment) {
  arguments.insert(arguments.begin(),
                   {"sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder, program_path()});
  return run(std::move(arguments), std::move(environment));
}

base::ProcessResult aibrixctl_reading(const std::string& text, std::vector<std::string> arguments) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("aibrixctl-stdin-" + std::to_string(getpid()) + "-" +
                     std::to_string(std::hash<std::string>()(text)));
  std::ofstream(path, std::ios::binary) << text;
  arguments.insert(arguments.begin(), {"sh", "-c", "file=$1; shift; exec \"$@\" < \"$file\"", "sh",
                                       path, program_path()});
  const base::ProcessResult finished = run(std::move(arguments), {});
  std::filesystem::remove(path);
  return finished;
}

std::string testdata(const std::string& name) {
  const std::string path = std::string(SOURCE_DIR) + "/../shared/testdata/" + name;
  return std::filesystem::exists(path) ? path : std::string();
}

}  // namespace support
