// `doctor`: runs the checks and prints what they found.
#include "doctor.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "option_types.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

void print(const Global& global, const DoctorOptions& options, const report::Report& report) {
  const std::string format = global.output == "text" && options.ci ? "plain" : global.output;
  if (format == "json") {
    write_stdout(report::json(report));
  } else if (format == "yaml") {
    write_stdout(report::yaml(report));
  } else if (format == "plain") {
    write_stdout(report::plain(report));
    notice(report::summary(report));
    if (global.verbose) notice(base::trim(report::costs(report)));
  } else if (format == "short") {
    write_stdout(report::short_lines(report));
    notice(report::summary(report));
  } else {
    write_stdout(report::text(report, style_for(global)));
  }
}

void append_file(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) {
    return notice(std::string("warning: cannot write the step summary: ") + std::strerror(errno));
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !written) {
    notice(std::string("warning: cannot write the step summary: ") + std::strerror(errno));
  }
}

// What GitHub Actions shows beside the log. The annotations go to stdout only when it carries no
// document.
void annotate(const Global& global, const report::Report& report) {
  if (environment("GITHUB_ACTIONS") != "true") return;
  const std::string lines = report::github_annotations(report);
  if (global.output == "text" || global.output == "plain") {
    write_raw(lines);
  } else {
    write_stderr(lines);
  }
  const std::string summary = environment("GITHUB_STEP_SUMMARY");
  if (!summary.empty()) append_file(summary, report::markdown(report));
}

int doctor(const Global& global, DoctorOptions options) {
  if (options.ci) options.require_complete = true;
  if (options.wait.count() != 0 && !options.source.files.empty()) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--wait needs a cluster: files do not change", "leave out --wait or -f");
  }
  if (options.source.over_cluster && options.source.files.empty()) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--with-cluster lays files over the cluster", "give them with -f");
  }
  InputSource source(global, options.source);
  const report::Report report = options.wait.count() != 0 ? diagnose_until(global, options, source)
                                                          : diagnose(global, options, source);
  stop_if_cancelled();
  print(global, options, report);
  if (options.ci) annotate(global, report);
  return report.exit_code;
}

struct DoctorFlags {
  DoctorOptions options;
  std::string wait;
  std::string fail_on = "error";
};

void add_selection(CLI::App& command, DoctorFlags& flags) {
  DoctorOptions& o = flags.options;
  command
      .add_option("--only", o.only, "run only these: codes (REF001), globs (GW*), areas (gateway)")
      ->type_name("WHAT")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--skip", o.skip, "leave these out")
      ->type_name("WHAT")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--fail-on", flags.fail_on,
                  "exit 1 from this level on: error, warning, info, never")
      ->check(one_of("--fail-on", {"error", "warning", "info", "never"}))
      ->type_name("LEVEL");
  command.add_flag("--require-complete", o.require_complete,
                   "exit 3 when something could not be checked");
  command.add_flag("--with-cluster", o.source.over_cluster,
                   "lay the files of -f over the live cluster: what would they change?");
  command.add_flag("--ci", o.ci,
                   "for pipelines: plain lines, --require-complete, annotations on GitHub Actions");
  command
      .add_option("--wait", flags.wait,
                  "again and again until nothing reaches --fail-on or this time is up (30s, 5m)")
      ->type_name("DURATION");
}

report::FailOn fail_on(const std::string& word) {
  static const std::map<std::string, report::FailOn> words = {{"error", report::FailOn::error},
                                                              {"warning", report::FailOn::warning},
                                                              {"info", report::FailOn::info},
                                                              {"never", report::FailOn::never}};
  return words.at(word);
}

}  // namespace

void add_source(CLI::App& command, SourceOptions& options) {
  command
      .add_option("-f,--filename", options.files,
                  "read a file, a folder or - (stdin) instead of the cluster; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_flag("--whole-cluster", options.whole_cluster,
                   "the files hold all there is: what is missing in them does not exist");
  command
      .add_option("--now", options.now,
                  "with -f: judge ages as of this moment (2026-08-22T15:00:00Z)")
      ->type_name("TIME");
}

void add_with_secrets(CLI::App& command, bool& with_secrets) {
  command.add_flag("--with-secrets", with_secrets,
                   "Also list the names of Secrets, for LOR007 and WH004; most roles do not permit it");
}

void add_doctor(CLI::App& app, Action& chosen) {
  CLI::App* command =
      app.add_subcommand("doctor", "find out what is wrong and how to repair it; changes nothing");
  const auto flags = std::make_shared<DoctorFlags>();
  command->add_option("MODEL", flags->options.models, "only what concerns these models");
  add_source(*command, flags->options.source);
  add_with_secrets(*command, flags->options.source.with_secrets);
  add_selection(*command, *flags);
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) {
      flags->options.fail_on = fail_on(flags->fail_on);
      if (!flags->wait.empty()) flags->options.wait = duration("--wait", flags->wait);
      return doctor(global, flags->options);
    };
  });
}

}  // namespace cli
