#include "support/program.hpp"

#include <filesystem>

namespace support {

base::Finished aibrixctl(std::vector<std::string> arguments,
                         std::vector<std::pair<std::string, std::string>> environment) {
  base::Command command;
  command.argv = {AIBRIXCTL};
  for (std::string& argument : arguments) command.argv.push_back(std::move(argument));
  command.env = {{"NO_COLOR", ""}, {"FORCE_COLOR", ""}, {"CI", ""}, {"GITHUB_ACTIONS", ""},
                 {"COLUMNS", "100"}, {"LC_ALL", "C.UTF-8"}, {"KUBECONFIG", "/nonexistent/config"}};
  for (auto& pair : environment) command.env.push_back(std::move(pair));
  command.deadline = std::chrono::seconds(120);
  command.max_out_bytes = std::size_t{64} << 20U;
  return base::run(command);
}

std::string testdata(const std::string& name) {
  const std::string path = std::string(SOURCE_DIR) + "/../shared/testdata/" + name;
  return std::filesystem::exists(path) ? path : std::string();
}

}  // namespace support
