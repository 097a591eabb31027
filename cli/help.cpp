#include "help.hpp"

#include <algorithm>
#include <map>

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

std::string full_name(const CLI::App* app) {
  if (app->get_parent() == nullptr) return "aibrixctl";
  return full_name(app->get_parent()) + " " + app->get_name();
}

std::string usage(const CLI::App* app) {
  std::string line = "Usage: " + full_name(app);
  if (!app->get_subcommands([](const CLI::App*) { return true; }).empty()) line += " COMMAND";
  for (const CLI::Option* option : app->get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = option->get_name(true);
    line += option->get_required() ? " " + name : " [" + name + "]";
  }
  return line + " [flags]\n";
}

void options(const CLI::App* app, std::string& out) {
  std::vector<std::string> groups;
  std::map<std::string, std::string> text;
  for (const CLI::Option* option : app->get_options()) {
    const std::string& group = option->get_group();
    if (group.empty() || option->get_name() == "--help") continue;
    if (text.find(group) == text.end()) groups.push_back(group);
    text[group] += entry(option_label(*option), option->get_description());
  }
  for (const std::string& group : groups) {
    out += "\n" + (group == "Options" ? std::string("Flags") : group) + ":\n" + text[group];
  }
}

}  // namespace

std::string Help::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
  std::string out = report::block(app->get_description(), "", "", width) + "\n" + usage(app);
  const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
  if (!commands.empty()) out += "\nCommands:\n";
  for (const CLI::App* command : commands) {
    if (command->get_group().empty()) continue;
    const std::string text = command->get_description();
    out += entry(command->get_name(), text.substr(0, text.find('\n')));
  }
  options(app, out);
  if (app->get_parent() != nullptr) {
    out += "\nThe connection and output flags of every command: aibrixctl --help\n";
  } else {
    out += "\nMore on a command: aibrixctl COMMAND --help; on a finding: aibrixctl explain CODE\n";
  }
  return out;
}

std::vector<std::string> known_words(const CLI::App& app, bool flags) {
  std::vector<std::string> words;
  for (const CLI::App* a = &app; a != nullptr; a = a->get_parent()) {
    if (!flags) {
      for (const CLI::App* command : a->get_subcommands([](const CLI::App*) { return true; })) {
        if (!command->get_group().empty()) words.push_back(command->get_name());
      }
      continue;
    }
    for (const CLI::Option* option : a->get_options()) {
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    }
  }
  return words;
}

}  // namespace cli
