// The keys of settings files and variables.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "settings.hpp"

namespace cli {

inline constexpr std::string_view user_file_name = "$XDG_CONFIG_HOME/aibrixctl/config.yaml";

struct SettingKey {
  enum class Shape { text, flag, list };
  std::string_view name;
  std::string_view flag;  // without --
  Whose whose = Whose::user;
  Shape shape = Shape::text;
  // It is said of files given with -f, and means nothing without.
  bool of_files = false;
  // It chooses the cluster or the identity.
  bool of_cluster = false;
};

std::span<const SettingKey> setting_keys();
// By the key's or by the flag's name; nullptr: there is none.
const SettingKey* find_setting(std::string_view name);
// Those that a file of this kind may set.
std::vector<std::string> setting_names(Whose whose);
// Flags that no file and no variable may set: what they do to a cluster, somebody has just typed.
bool is_of_command_line(std::string_view flag);
std::span<const std::string_view> command_line_flags();
// "AIBRIXCTL_FAIL_ON"
std::string variable_of(std::string_view flag);
// 0: never … 3: info; -1: no such word.
int fail_on_rank(std::string_view word);

}  // namespace cli
