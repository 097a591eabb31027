// The flags of the commands of `fix`, and the options read from them.
#include "fix/flags.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "option_types.hpp"

namespace cli {
namespace {

using fix::OptionType;

CLI::Option* add_option(CLI::App& command, GivenOption& option) {
  const fix::OptionSpec& spec = *option.spec;
  const std::string name(spec.name);
  const std::string help(spec.help);
  switch (spec.type) {
    case OptionType::flag: return command.add_flag(name, option.on, help);
    case OptionType::list:
      return command.add_option(name, option.words, help)->delimiter(',')->allow_extra_args(false);
    case OptionType::pairs:
      return command.add_option(name, option.words, help)->allow_extra_args(false);
    case OptionType::either:
    case OptionType::text:
    case OptionType::choice:
    case OptionType::duration:
    case OptionType::port: break;
  }
  return command.add_option(name, option.word, help);
}

}  // namespace

base::Error bad(const std::string& message, const std::string& hint) {
  return {base::Fault::usage, "BadArgument", message, hint};
}

void add_option_flags(CLI::App& command, const fix::Fix& fix, FixFlags& flags) {
  for (const fix::OptionSpec* spec : fix.options) {
    CLI::Option* option = add_option(command, flags.options.emplace_back(GivenOption{spec}));
    if (!spec->words.empty()) {
      option->check(one_of(std::string(spec->name), {spec->words.begin(), spec->words.end()}));
    }
    if (!spec->value.empty()) option->type_name(std::string(spec->value));
  }
}

fix::Options read_options(const FixFlags& flags) {
  fix::Options out;
  out.select = flags.select;
  for (const GivenOption& option : flags.options) {
    if (!option.given()) continue;
    out.set_words(*option.spec,
                  option.word.empty() ? option.words : std::vector<std::string>{option.word});
  }
  fix::check_options(*flags.fix, out);
  return out;
}

checks::Command apply_command(const FixFlags& flags, const fix::Plan& plan) {
  checks::Command out = checks::aibrixctl("fix");
  if (!flags.plan_file.empty()) return out.with("--plan", flags.plan_file, "--apply");
  out.with(flags.fix->name);
  const auto add = [&](std::string_view flag, const std::string& value) {
    if (!value.empty()) out.with(flag, value);
  };
  const fix::Options& options = plan.options;
  add("-n", base::join(options.namespaces, ","));
  const bool anywhere = options.namespaces.empty() && options.select.empty();
  if (flags.fix->needs_place && anywhere) out.with("--all-namespaces");
  for (const std::string& glob : options.select) add("--select", glob);
  for (const GivenOption& option : flags.options) {
    const fix::OptionSpec& spec = *option.spec;
    const bool by_default = spec.type == OptionType::either && option.word == spec.words.front();
    if (option.on) out.with(spec.name);
    if (!by_default) add(spec.name, option.word);
    if (spec.type == OptionType::list) add(spec.name, base::join(option.words, ","));
    if (spec.type != OptionType::pairs) continue;
    for (const std::string& pair : option.words) add(spec.name, pair);
  }
  return out.with("--apply");
}

}  // namespace cli
