// What .aibrixctl.yaml of the current folder sets. It may come with somebody's pull request: it
// sets what judges, and never where to connect, as whom, what is run or where something is written.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/gate.hpp"

namespace cli {

inline constexpr std::string_view folder_file = ".aibrixctl.yaml";

struct FolderSettings {
  std::string path;                    // empty: there is no such file
  std::optional<std::string> fail_on;  // as --fail-on
  std::optional<bool> whole_cluster;   // as --whole-cluster
  std::vector<std::string> skip;       // as --skip
  std::vector<report::IgnoreRule> ignore;
};

// Throws base::Error(usage) with file and line: unknown keys with the near name, keys that such a
// file may not set by name.
FolderSettings read_folder_settings(const std::string& path = std::string(folder_file));
// The same from its text.
FolderSettings parse_folder_settings(const std::string& text, const std::string& path);

}  // namespace cli
