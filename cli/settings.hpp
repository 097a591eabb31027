// What files and variables say where the command line says nothing.
//
// The file of the current folder may come with somebody's pull request: it sets what judges, and
// never where to connect, as whom, what is run or where something is written. That is for the
// user's own file, $XDG_CONFIG_HOME/aibrixctl/config.yaml, and for variables, AIBRIXCTL_CONTEXT.
// What writes to a cluster is for the command line alone.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "report/gate.hpp"

namespace CLI {
class App;
}

namespace cli {

struct Global;

inline constexpr std::string_view folder_file = ".aibrixctl.yaml";

// One value, or several of a list.
struct Setting {
  std::string key;                  // "fail-on", as files write it
  std::vector<std::string> values;  // "true" or "false" of what is on or off
  std::string from;                 // ".aibrixctl.yaml:3", "AIBRIXCTL_CONTEXT"
};

enum class Whose { user, folder };

struct SettingsFile {
  std::string path;
  bool there = false;
  std::vector<Setting> settings;
  std::vector<report::IgnoreRule> ignore;
};
// Throws base::Error(usage) with file and line: unknown keys with the near name, keys that such a
// file may not set by name.
SettingsFile parse_settings(const std::string& text, const std::string& path, Whose whose);

struct Settings {
  SettingsFile user, folder;
  std::vector<Setting> variables;
  std::vector<Setting> held;  // of each key the one that holds
  std::vector<report::IgnoreRule> ignore;
  // What the file of the folder took away from the run, for the totals line.
  std::vector<std::string> loosened;
};

// Gives the options of the chosen command, and those of all, what the command line did not. The
// command has been parsed. Also throws what is wrong with such a value.
std::shared_ptr<const Settings> take_settings(CLI::App& app);

}  // namespace cli
