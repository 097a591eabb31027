// The parser of the command line: groups of commands, misplaced flags, hints for slips.
#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "called.hpp"
#include "examples.hpp"
#include "help.hpp"
#include "suggest.hpp"

namespace cli {
namespace {

using base::Error;
using base::Fault;

std::vector<const CLI::App*> commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  const auto list = commands(app);
  const auto it =
      std::find_if(list.begin(), list.end(), [&](const auto* c) { return c->get_name() == name; });
  return it == list.end() ? nullptr : *it;
}

// Of the command, of those it is in, or of those in it.
const CLI::Option* find_flag(const CLI::App& app, const std::string& flag) {
  for (const CLI::App* a = &app; a != nullptr; a = a->get_parent()) {
    if (const CLI::Option* option = a->get_option_no_throw(flag)) return option;
  }
  if (app.get_parent() == nullptr) return nullptr;
  for (const CLI::App* command : commands(app)) {
    if (const CLI::Option* option = command->get_option_no_throw(flag)) return option;
  }
  return nullptr;
}

bool takes_value(const CLI::App& app, const std::string& flag) {
  const CLI::Option* option = find_flag(app, flag);
  return option != nullptr && option->get_items_expected_max() > 0;
}

// "--to", "-n", "-vn": their value is the next word; "--to=x", "-nx" have it with them.
bool takes_next_word(const CLI::App& app, const std::string& word) {
  if (word.starts_with("--")) return takes_value(app, word);
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (takes_value(app, std::string("-") + word[i])) return i + 1 == word.size();
  }
  return false;
}

// CLI11 gives a flag to the command that it stands behind: the name of a command within a group
// goes before the group's flags.
void put_names_first(const CLI::App& app, std::vector<std::string>& words) {
  const CLI::App* at = &app;
  std::size_t front = 0;
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i].size() > 1 && words[i].front() == '-') {
      if (takes_next_word(*at, words[i])) ++i;
      continue;
    }
    if (commands(*at).empty()) return;
    if (at != &app) {
      const auto begin = words.begin();
      std::rotate(begin + static_cast<std::ptrdiff_t>(front),
                  begin + static_cast<std::ptrdiff_t>(i),
                  begin + static_cast<std::ptrdiff_t>(i + 1));
    }
    front = at == &app ? i + 1 : front + 1;
    at = find_command(*at, words[front - 1]);
    if (at == nullptr) return;
  }
}

std::string help_hint(const CLI::App& app) {
  const std::string path = path_of(app);
  return "see: " + called() + ' ' + (path.empty() ? "" : path + ' ') + "--help";
}

// Commands beside it or in it that have this flag.
const CLI::App* other_owner(const CLI::App& app, const std::string& flag) {
  if (app.get_parent() == nullptr) return nullptr;
  const bool beside = app.get_parent()->get_parent() != nullptr;
  for (const CLI::App* command : commands(beside ? *app.get_parent() : app)) {
    const CLI::Option* option = command->get_option_no_throw(flag);
    if (option != nullptr && !option->get_group().empty()) return command;
  }
  return nullptr;
}

Error unknown_flag(const CLI::App& app, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (const CLI::App* owner = other_owner(app, name)) {
    return {Fault::usage, "BadArgument",
            base::printable(name) + " is a flag of " + path_of(*owner) + ", not of " + path_of(app),
            help_hint(app)};
  }
  const std::string near = mistyped(name, known_words(app, true));
  return {Fault::usage, "UnknownArgument", "unknown flag " + base::printable(word),
          near.empty() ? help_hint(app) : "did you mean " + near + "?"};
}

// In a group, or of the program itself.
Error unknown_command(const CLI::App& app, const std::string& word) {
  const std::string path = path_of(app);
  const std::string what = (path.empty()    ? "command"
                            : path == "fix" ? path
                                            : path + " command") +
                           " \"" + base::printable(word) + '"';
  const std::string near = mistyped(word, known_words(app, false));
  const std::string_view meant = command_meant(path, word);
  std::string hint;
  if (!near.empty()) {
    hint = "did you mean " + near + "?";
  } else if (!meant.empty()) {
    hint = "did you mean: " + called() + ' ' + std::string(meant);
  } else if (path.empty()) {
    hint = help_hint(app);
  } else {
    hint = "commands of " + path + ":\n" + command_list(app);
  }
  return {Fault::usage, path.empty() ? "UnknownArgument" : "BadArgument", "unknown " + what, hint};
}

Error unknown(const CLI::App& app, const std::vector<std::string>& extras) {
  const std::string word = extras.empty() ? "" : extras.front();
  if (word.starts_with("-")) return unknown_flag(app, word);
  if (!commands(app).empty()) return unknown_command(app, word);
  return {Fault::usage, "UnknownArgument",
          "unexpected argument \"" + base::printable(word) + "\" of " + path_of(app),
          help_hint(app)};
}

// What CLI11 found wrong, in words: "--to: 1 required TYPE missing", "--context: At Most 1 required
// but received 2", "MODEL is required".
Error in_words(const CLI::ParseError& error, const CLI::App& app) {
  const std::string text = error.what();
  // "Could not convert: --ci = x"; no " --" gives npos + 1, the beginning.
  const std::size_t flag = text.find(" --") + 1;
  const std::string named = text.substr(flag);
  const std::string subject = base::printable(named.substr(0, named.find_first_of(": ")));
  const bool required = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  const bool count = dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr;
  std::string message = "invalid value for " + subject;
  if (required) message = subject + " is missing";
  if (count && text.ends_with(" missing")) message = subject + " needs a value";
  if (count && !text.ends_with(" missing")) message = subject + " is given more than once";
  std::string hint = help_hint(app);
  if (required) {
    for (const Example& example : examples()) {
      if (example.path != path_of(app)) continue;
      hint = "for example: " + example_text(example, called());
      break;
    }
  }
  return {Fault::usage, "BadArgument", message, hint};
}

}  // namespace

CLI::App* add_group(CLI::App& app, Action& chosen, const std::string& name,
                    const std::string& description) {
  CLI::App* group = app.add_subcommand(name, description);
  group->require_subcommand(0, 1);
  group->callback([&chosen, group] {
    if (!group->get_subcommands().empty()) return;
    chosen = [group](const Global&) -> int {
      throw Error(Fault::usage, "BadArgument", group->get_name() + ": a command is missing",
                  "commands of " + group->get_name() + ":\n" + command_list(*group));
    };
  });
  return group;
}

const CLI::App& innermost(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : innermost(*chosen.front());
}

std::string path_of(const CLI::App& app) {
  if (app.get_parent() == nullptr) return {};
  const std::string before = path_of(*app.get_parent());
  return before.empty() ? app.get_name() : before + ' ' + app.get_name();
}

void parse(CLI::App& app, std::vector<std::string> words) {
  put_names_first(app, words);
  std::reverse(words.begin(), words.end());  // CLI11 takes them from the end
  try {
    app.parse(words);
  } catch (const CLI::ExtrasError&) {
    const CLI::App& inner = innermost(app);
    std::vector<std::string> extras = inner.remaining(true);
    if (extras.empty()) extras = app.remaining(true);
    throw unknown(inner, extras);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) throw;
    throw in_words(error, innermost(app));
  }
}

}  // namespace cli
