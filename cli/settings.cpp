// Settings of files and variables, given to options as if they had been typed.
#include "settings.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "formats.hpp"
#include "settings_keys.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr std::size_t max_bytes = std::size_t{1} << 20U;

std::string user_file() {
  std::string folder = environment("XDG_CONFIG_HOME");
  const std::string home = environment("HOME");
  if (folder.empty() && !home.empty()) folder = home + "/.config";
  return folder.empty() || folder.front() != '/' ? std::string()
                                                 : folder + "/aibrixctl/config.yaml";
}

SettingsFile read_settings(const std::string& path, Whose whose) {
  SettingsFile out;
  out.path = path;
  if (path.empty()) return out;
  const auto text = base::read_file_if_there(path, max_bytes);
  return text ? parse_settings(*text, path, whose) : out;
}

std::vector<std::string> taken_apart(const SettingKey& key, const std::string& value) {
  if (key.shape != SettingKey::Shape::list) return {value};
  std::vector<std::string> out;
  for (const std::string_view part : base::split(value, ',')) {
    if (!base::trim(part).empty()) out.emplace_back(base::trim(part));
  }
  return out;
}

void refuse_variables() {
  for (const std::string_view flag : command_line_flags()) {
    const std::string name = variable_of(flag);
    if (environment(name.c_str()).empty()) continue;
    throw base::Error(base::Fault::usage, "BadSettings",
                      name + ": --" + std::string(flag) + " is for the command line alone",
                      "unset " + name);
  }
}

std::vector<Setting> read_variables() {
  std::vector<Setting> out;
  for (const SettingKey& key : setting_keys()) {
    for (const std::string& name : {variable_of(key.name), variable_of(key.flag)}) {
      const std::string value = environment(name.c_str());
      if (value.empty()) continue;
      out.push_back({std::string(key.name), taken_apart(key, value), name});
      break;
    }
  }
  return out;
}

const Setting* find(const std::vector<Setting>& list, std::string_view key) {
  const auto it = std::ranges::find(list, key, &Setting::key);
  return it == list.end() ? nullptr : &*it;
}

// The options of the chosen command, of the groups around it, and of the program.
CLI::Option* find_option(CLI::App& app, std::string_view flag) {
  const auto chosen = app.get_subcommands();
  if (!chosen.empty()) {
    if (CLI::Option* inner = find_option(*chosen.front(), flag)) return inner;
  }
  return app.get_option_no_throw("--" + std::string(flag));
}

bool typed(CLI::App& app, std::string_view flag) {
  const CLI::Option* option = find_option(app, flag);
  return option != nullptr && option->count() != 0;
}

class Giver {
 public:
  Giver(CLI::App& app, Settings& settings) : app_(app), settings_(settings) {
    command_ = app.get_subcommands().front()->get_name();
    for (const std::string_view flag : {"kubeconfig", "context", "cluster", "server", "contexts",
                                        "all-contexts", "contexts-file"}) {
      cluster_chosen_ = cluster_chosen_ || typed(app, flag);
    }
  }

  void run() {
    formats();
    for (const SettingKey& key : setting_keys()) {
      if (key.name == "formats") continue;
      for (const auto* list :
           {&settings_.variables, &settings_.folder.settings, &settings_.user.settings}) {
        const Setting* setting = find(*list, key.name);
        if (setting == nullptr) continue;
        give(key, *setting, list == &settings_.folder.settings);
        break;
      }
    }
  }

  // The folder chooses what standard output gets, and takes no report away from a file.
  void formats() {
    if (formats_given_) return;
    formats_given_ = true;
    const SettingKey& key = *find_setting("formats");
    if (const Setting* own = find(settings_.variables, key.name)) return give(key, *own, false);
    const Setting* own = find(settings_.user.settings, key.name);
    const Setting* theirs = find(settings_.folder.settings, key.name);
    if (own == nullptr || theirs == nullptr) {
      const Setting* one = own == nullptr ? theirs : own;
      if (one != nullptr) give(key, *one, one == theirs);
      return;
    }
    Setting both{own->key, theirs->values, theirs->from + ", " + own->from};
    for (const std::string& value : own->values) {
      if (value.find('=') != std::string::npos) both.values.push_back(value);
    }
    give(key, both, false);
  }

 private:
  // A cluster that was named goes with nothing that files say of another.
  bool is_meant(const SettingKey& key, const Setting& setting) const {
    if (key.of_cluster && cluster_chosen_ && !is_variable(setting)) return false;
    if (key.of_files && !typed(app_, "filename")) return false;
    if (key.name == "whole-cluster" && typed(app_, "with-cluster")) return false;
    if (key.name == "probe" && typed(app_, "filename")) return typed(app_, "with-cluster");
    if (key.name == "namespace" && typed(app_, "all-namespaces")) return false;
    return key.name != "formats" || writes_files(command_);
  }

  static bool is_variable(const Setting& setting) { return setting.from.starts_with("AIBRIXCTL_"); }

  void give(const SettingKey& key, const Setting& setting, bool of_folder) {
    CLI::Option* option = find_option(app_, key.flag);
    if (command_ == "config" && (option == nullptr || key.name == "formats")) {
      settings_.held.push_back(setting);  // to be shown: it has no use for them
      return;
    }
    if (option == nullptr) return;
    // Connection flags have taken their variables themselves.
    const bool by_variable = is_variable(setting) && !option->get_envname().empty();
    if (option->count() != 0) {
      const bool same = key.shape == SettingKey::Shape::flag ||
                        base::join(option->results(), ",") == base::join(setting.values, ",");
      if (by_variable && same) settings_.held.push_back(setting);
      return;
    }
    if (!is_meant(key, setting)) return;
    try {
      for (const std::string& value : setting.values) option->add_result(value);
      option->run_callback();
    } catch (const CLI::ParseError&) {
      throw base::Error(base::Fault::usage, "BadSettings",
                        base::printable(setting.from) + ": invalid value for " + setting.key,
                        "see: aibrixctl config view");
    } catch (const base::Error& error) {
      throw base::Error(error.fault, "BadSettings",
                        base::printable(setting.from) + ": " + error.what(), error.hint);
    }
    settings_.held.push_back(setting);
    if (of_folder) loosen(key, setting);
  }

  // What a report would not show: who changed what is judged.
  void loosen(const SettingKey& key, const Setting& setting) {
    const std::string said = setting.key + ' ' + base::printable(base::join(setting.values, ", ")) +
                             " (" + std::string(folder_file) + ')';
    if (key.name == "fail-on") {
      const Setting* own = find(settings_.user.settings, key.name);
      const int before = fail_on_rank(own == nullptr ? "error" : own->values.front());
      if (fail_on_rank(setting.values.front()) < before) settings_.loosened.push_back(said);
    }
    if (key.name == "exclude" || key.name == "release") settings_.loosened.push_back(said);
  }

  CLI::App& app_;
  Settings& settings_;
  std::string command_;
  bool cluster_chosen_ = false;
  bool formats_given_ = false;
};

// Commands that ask nothing and judge nothing.
bool needs_none(const std::string& command) {
  constexpr std::string_view those[] = {"help", "version", "completion", "requests"};
  return std::ranges::find(those, command) != std::end(those);
}

}  // namespace

std::shared_ptr<const Settings> take_settings(CLI::App& app) {
  auto out = std::make_shared<Settings>();
  const auto chosen = app.get_subcommands();
  if (chosen.empty() || needs_none(chosen.front()->get_name())) return out;
  const std::string command = chosen.front()->get_name();
  const bool judges = command == "doctor" || command == "preflight" || command == "config";
  Giver giver(app, *out);
  try {
    out->variables = read_variables();
    refuse_variables();
    out->user = read_settings(user_file(), Whose::user);
    if (judges || typed(app, "filename")) {
      out->folder = read_settings(std::string(folder_file), Whose::folder);
    }
    giver.run();
  } catch (const base::Error&) {
    giver.formats();  // the files of these reports are to say that the run failed
    throw;
  }
  for (const std::string_view rule : base::split(environment("AIBRIXCTL_IGNORE"), ',')) {
    if (!base::trim(rule).empty()) out->ignore.push_back(report::parse_ignore(base::trim(rule)));
  }
  for (const SettingsFile* file : {&out->folder, &out->user}) {
    out->ignore.insert(out->ignore.end(), file->ignore.begin(), file->ignore.end());
  }
  return out;
}

}  // namespace cli
