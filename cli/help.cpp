// The layout of --help, for the program and for each command.
#include "help.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "called.hpp"
#include "command_line.hpp"
#include "examples.hpp"
#include "report/layout.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using Apps = std::vector<const CLI::App*>;

std::size_t width() {
  return static_cast<std::size_t>(std::clamp(terminal_width(), 40, 200));
}

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

struct Entry {
  std::string label;
  std::string text;
};

// Labels in a column and texts beside them; on a narrow terminal below them.
// Tables that belong together are told the longest label of all.
std::string entry_table(const std::vector<Entry>& entries, std::size_t longest = 0) {
  constexpr std::size_t widest = 36;
  const std::size_t columns = width();
  for (const Entry& e : entries) longest = std::max(longest, e.label.size());
  const bool below = longest > 16 && columns < 72;
  const std::size_t start = below ? 6 : std::min(longest + 5, widest);
  const std::string indent(start, ' ');
  std::string out;
  for (const Entry& e : entries) {
    if (below || e.label.size() + 4 > start) {
      out += "  " + e.label + '\n' + report::block(e.text, indent, indent, columns);
    } else {
      out += report::block(e.text, report::pad("  " + e.label, start), indent, columns);
    }
  }
  return out;
}

// A command that can be pasted, on as many lines as it takes.
std::string command_block(std::string_view command) {
  std::string out;
  std::string line = "  ";
  bool first = true;
  for (const std::string_view word : base::split(command, ' ')) {
    // Room for the " \\" at its end.
    if (!first && line.size() + 1 + word.size() + 2 > width()) {
      out += line + " \\\n";
      line = "   ";
    }
    line.append(first ? "" : " ").append(word);
    first = false;
  }
  return out + line + '\n';
}

std::string example_block(const std::string& path) {
  std::string out;
  for (const Example& e : examples()) {
    if (e.path != path) continue;
    out +=
        report::block(e.what, "  # ", "  # ", width()) + command_block(example_text(e, called()));
  }
  return out.empty() ? out : "\nExamples:\n" + out;
}

Apps commands_in(const CLI::App& app) {
  Apps out = app.get_subcommands([](const CLI::App*) { return true; });
  std::erase_if(out, [](const CLI::App* c) { return c->get_group().empty(); });
  return out;
}

std::string usage(const CLI::App& app) {
  const std::string path = path_of(app);
  std::string line = called() + (path.empty() ? "" : ' ' + path);
  if (!commands_in(app).empty()) line += " COMMAND";
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    std::string name = option->get_name(true);
    if (option->get_expected_max() > 1) name += "...";
    line += option->get_required() ? " " + name : " [" + name + "]";
  }
  return report::block(line + " [flags]", "Usage:  ", "        ", width());
}

// "Flags" and further groups of the app's own.
std::string options(const CLI::App& app, const std::string& title) {
  std::vector<std::string> groups;
  std::map<std::string, std::vector<Entry>> entries;
  for (const CLI::Option* option : app.get_options()) {
    const std::string& group = option->get_group();
    if (group.empty() || option->get_name() == "--help") continue;
    if (entries.find(group) == entries.end()) groups.push_back(group);
    entries[group].push_back({option_label(*option), option->get_description()});
  }
  std::string out;
  for (const std::string& group : groups) {
    out += "\n" + (group == "Options" ? title : group) + ":\n" + entry_table(entries[group]);
  }
  return out;
}

std::vector<Entry> entries_of(const Apps& commands) {
  std::vector<Entry> out;
  for (const CLI::App* command : commands) {
    const std::string text = command->get_description();
    out.push_back({command->get_name(), text.substr(0, text.find('\n'))});
  }
  return out;
}

// Under the headings of commands.def.
std::string commands_of_program(const CLI::App& app) {
  std::string out;
  std::vector<std::string> headings;
  std::size_t longest = 0;
  for (const CLI::App* command : commands_in(app)) {
    const std::string& heading = command->get_group();
    longest = std::max(longest, command->get_name().size());
    const bool known = std::ranges::find(headings, heading) != headings.end();
    if (!known && heading != hidden_heading) headings.push_back(heading);
  }
  for (const std::string& heading : headings) {
    Apps commands = commands_in(app);
    std::erase_if(commands, [&](const CLI::App* c) { return c->get_group() != heading; });
    out += '\n' + heading + ":\n" + entry_table(entries_of(commands), longest);
  }
  return out;
}

std::string where_to_look(const std::string& on, const std::string& words) {
  return report::block(called() + ' ' + words, on, "  ", width());
}

std::string program_help(const CLI::App& app) {
  return report::block(app.get_description(), "", "", width()) + '\n' + usage(app) +
         example_block("") + commands_of_program(app) + '\n' +
         where_to_look("Flags for all commands: ", "options") +
         where_to_look("Help on one command:    ", "COMMAND --help");
}

// The first paragraph, and those that follow it.
std::pair<std::string, std::string> description(const CLI::App& app) {
  const std::string text = app.get_description();
  const std::size_t end = text.find("\n\n");
  if (end == std::string::npos) return {text, ""};
  return {text.substr(0, end), text.substr(end + 2)};
}

std::string paragraphs(const std::string& text) {
  std::string out;
  for (const std::string_view line : base::split(text, '\n')) {
    out += line.empty() ? "\n" : report::block(line, "", "", width());
  }
  return out;
}

std::string command_help(const CLI::App& app) {
  const auto [first, more] = description(app);
  std::string out = report::block(first, "", "", width());
  if (!more.empty()) out += '\n' + paragraphs(more);
  out += '\n' + usage(app) + example_block(path_of(app));
  const Apps commands = commands_in(app);
  if (!commands.empty()) out += "\nCommands:\n" + entry_table(entries_of(commands));
  out += options(app, "Flags");
  const CLI::App* group = app.get_parent();
  if (group->get_parent() != nullptr) out += options(*group, "Flags of every " + path_of(*group));
  out += '\n' + where_to_look("Flags for all commands: ", "options");
  if (!commands.empty()) {
    out += where_to_look("Help on one command:    ", path_of(app) + " COMMAND --help");
  }
  return out;
}

class Help : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

std::string Help::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
  return help_of(*app);
}

}  // namespace

std::string help_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? program_help(app) : command_help(app);
}

std::string options_help(const CLI::App& app) {
  return report::block("These flags can be given to every command.", "", "", width()) +
         options(app, "Flags");
}

std::string command_list(const CLI::App& app) {
  Apps commands = commands_in(app);
  std::erase_if(commands, [](const CLI::App* c) { return c->get_group() == hidden_heading; });
  std::string out = entry_table(entries_of(commands));
  if (!out.empty()) out.pop_back();
  return out;
}

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
