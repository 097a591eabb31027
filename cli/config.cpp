// `config view`: what holds without being typed, and where it comes from.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "command_line.hpp"
#include "commands.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/layout.hpp"
#include "settings.hpp"
#include "settings_keys.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

std::string value_of(const Setting& setting) {
  if (setting.key == "token") return "(hidden)";
  return base::printable(base::join(setting.values, ", "));
}

std::string place_of(const report::IgnoreRule& rule) {
  if (rule.file.empty()) return "AIBRIXCTL_IGNORE";
  return base::printable(rule.file) + ':' + std::to_string(rule.line);
}

std::string rule_text(const report::IgnoreRule& rule) {
  std::string out = base::printable(report::to_string(rule));
  if (rule.end) out += " until " + base::format_time(*rule.end);
  return rule.reason.empty() ? out : out + ": " + rule.reason;
}

using Row = std::array<std::string, 3>;

std::vector<Row> rows_of(const Settings& settings) {
  std::vector<Row> out;
  for (const Setting& s : settings.held)
    out.push_back({s.key, value_of(s), base::printable(s.from)});
  for (const report::IgnoreRule& rule : settings.ignore) {
    out.push_back({"ignore", rule_text(rule), place_of(rule)});
  }
  return out;
}

std::string text(const Settings& settings) {
  const std::vector<Row> rows = rows_of(settings);
  std::string out;
  Row head{"KEY", "VALUE", "FROM"};
  std::array<std::size_t, 2> widths{3, 5};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < 2; ++i) {
      widths.at(i) = std::max(widths.at(i), report::display_width(row.at(i)));
    }
  }
  const auto line = [&](const Row& row) {
    out += report::pad(row[0], widths[0] + 2) + report::pad(row[1], widths[1] + 2) + row[2] + '\n';
  };
  if (!rows.empty()) line(head);
  for (const Row& row : rows) line(row);
  if (rows.empty()) out += "Nothing but defaults.\n";
  out += '\n';
  for (const SettingsFile* file : {&settings.folder, &settings.user}) {
    const std::string name = file->path.empty() ? std::string(user_file_name) : file->path;
    out += base::printable(name) + (file->there ? ": read\n" : ": not there\n");
  }
  return out;
}

kube::Json document(const Settings& settings) {
  kube::Json out = kube::document_head("Settings", AIBRIXCTL_VERSION);
  out["settings"] = kube::Json::array();
  for (const Row& row : rows_of(settings)) {
    out["settings"].push_back({{"key", row[0]}, {"value", row[1]}, {"from", row[2]}});
  }
  out["files"] = kube::Json::array();
  for (const SettingsFile* file : {&settings.folder, &settings.user}) {
    if (file->path.empty()) continue;
    out["files"].push_back({{"path", base::printable(file->path)}, {"read", file->there}});
  }
  return out;
}

int view(const Global& global) {
  const Settings& settings = *global.settings;
  if (global.output == "json") {
    write_stdout(kube::json_text(document(settings)));
  } else if (global.output == "yaml") {
    write_stdout(kube::yaml_text(document(settings).dump()));
  } else {
    write_stdout(text(settings));
  }
  return 0;
}

}  // namespace

void add_config(CLI::App& app, Action& chosen) {
  CLI::App* group = add_group(app, chosen, "config", "Show what files and variables set");
  CLI::App* command = group->add_subcommand(
      "view",
      "Print what holds without being typed, and where from\n\nA flag goes before a variable "
      "(AIBRIXCTL_FAIL_ON), that before .aibrixctl.yaml of the current folder, and that before " +
          std::string(user_file_name) +
          ". The file of the folder sets only what judges: fail-on, exclude, release, "
          "whole-cluster, formats and ignore.");
  command->callback([&chosen] { chosen = view; });
}

}  // namespace cli
