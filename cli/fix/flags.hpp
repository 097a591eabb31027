// The command line of fix, made from what each fix declares.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "checks/core/command.hpp"
#include "fix.hpp"

namespace cli {

// An option of a fix as it was typed.
struct GivenOption {
  const fix::OptionSpec* spec = nullptr;
  bool on = false;                      // a flag
  std::string word = {};                // of one that takes one word
  std::vector<std::string> words = {};  // of one that takes several

  bool given() const { return on || !word.empty() || !words.empty(); }
};

struct FixFlags {
  const fix::Fix* fix = nullptr;  // nullptr: the plan says it
  ApplyOptions apply;
  std::string plan_file;
  std::vector<std::string> select;
  std::deque<GivenOption> options;  // of every fix; addresses stay
};

base::Error bad(const std::string& message, const std::string& hint = {});

// A flag for each option of the fix.
void add_option_flags(CLI::App& command, const fix::Fix& fix, FixFlags& flags);
// Throws base::Error(usage): options that cannot be, or do not go together.
fix::Options read_options(const FixFlags& flags);
// What `fix` shows without --apply, for those who only show it.
struct PlannedFix {
  fix::Plan plan;
  checks::Command apply_command;  // what a person types to apply it
  int exit_code = 0;
};
PlannedFix plan_fix(const Global& global, const FixFlags& flags, const SourceOptions& source);

// What to type to apply this plan.
checks::Command apply_command(const FixFlags& flags, const fix::Plan& plan);

}  // namespace cli
