// The layout of --help, for the program and for each command.
#include "help.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "command_line.hpp"
#include "report/layout.hpp"

namespace cli {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t column = 36;

// "-o, --output FORMAT", "MODEL…".
std::string option_label(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  std::string label;
  for (const std::string& name : option.get_snames()) label += "-" + name + ", ";
  for (const std::string& name : option.get_lnames()) label += "--" + name;
  if (label.ends_with(", ")) label.resize(label.size() - 2);
  if (option.get_items_expected_max() > 0) {
    // CLI11 appends the choices of a checked option to its type: "FORMAT:{text,json}".
    const std::string type = option.get_type_name();
    label += " " + type.substr(0, type.find(':'));
  }
  return label;
}

std::string entry(const std::string& label, const std::string& text) {
  const std::string indent(column, ' ');
  if (label.size() + 4 > column) {
    return "  " + label + "\n" + report::block(text, indent, indent, width);
  }
  return report::block(text, "  " + report::pad(label, column - 2), indent, width);
}

std::string usage(const CLI::App* app) {
  const std::string path = path_of(*app);
  std::string line = "Usage: aibrixctl" + (path.empty() ? "" : ' ' + path);
  if (!app->get_subcommands([](const CLI::App*) { return true; }).empty()) line += " COMMAND";
  for (const CLI::Option* option : app->get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = option->get_name(true);
    line += option->get_required() ? " " + name : " [" + name + "]";
  }
  return line + " [flags]\n";
}

// "Flags" and further groups of the app's own.
void options(const CLI::App& app, const std::string& title, std::string& out) {
  std::vector<std::string> groups;
  std::map<std::string, std::string> text;
  for (const CLI::Option* option : app.get_options()) {
    const std::string& group = option->get_group();
    if (group.empty() || option->get_name() == "--help") continue;
    if (text.find(group) == text.end()) groups.push_back(group);
    text[group] += entry(option_label(*option), option->get_description());
  }
  for (const std::string& group : groups) {
    out += "\n" + (group == "Options" ? title : group) + ":\n" + text[group];
  }
}

class Help : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

std::string Help::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
  std::string out = report::block(app->get_description(), "", "", width) + "\n" + usage(app);
  const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
  if (!commands.empty()) out += "\nCommands:\n";
  for (const CLI::App* command : commands) {
    if (command->get_group().empty()) continue;
    const std::string text = command->get_description();
    out += entry(command->get_name(), text.substr(0, text.find('\n')));
  }
  options(*app, "Flags", out);
  const CLI::App* group = app->get_parent();
  if (group != nullptr && group->get_parent() != nullptr) {
    options(*group, "Flags of every " + path_of(*group), out);
  }
  if (group != nullptr) {
    if (!commands.empty()) {
      out += "\nMore on one of them: aibrixctl " + path_of(*app) + " COMMAND --help";
    }
    out += "\nThe connection and output flags of every command: aibrixctl --help\n";
  } else {
    out += "\nMore on a command: aibrixctl COMMAND --help; on a finding: aibrixctl explain CODE\n";
  }
  return out;
}

}  // namespace

void use_help(CLI::App& app) {
  app.formatter(std::make_shared<Help>());
}

std::vector<std::string> known_words(const CLI::App& app, bool flags) {
  std::vector<std::string> words;
  for (const CLI::App* a = &app; a != nullptr; a = a->get_parent()) {
    if (!flags) {
      if (!words.empty()) break;  // those of the nearest
      for (const CLI::App* command : a->get_subcommands([](const CLI::App*) { return true; })) {
        if (!command->get_group().empty()) words.push_back(command->get_name());
      }
      continue;
    }
    for (const CLI::Option* option : a->get_options()) {
      if (option->get_group().empty()) continue;
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    }
  }
  return words;
}

}  // namespace cli
