#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "fix.hpp"

// The command line of fix.
namespace cli {

struct FixFlags {
  std::string what;  // "finalizers"
  fix::Options options;
  ApplyOptions apply;
  std::string plan_file;
  std::string min_age, wait;
  std::string scope = "service";
  std::vector<std::string> annotations;
};

base::Error bad(const std::string& message, const std::string& hint = {});

void add_fix_flags(CLI::App& command, FixFlags& flags);
// Throw base::Error(usage): a flag of another fix, a value that cannot be.
void check_fix_flags(const CLI::App& command, const FixFlags& flags);
fix::Options read_options(const FixFlags& flags);
// What to type to apply this plan.
checks::Command apply_command(const FixFlags& flags, const fix::Plan& plan);

}  // namespace cli
