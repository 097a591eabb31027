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
#include "base/version.hpp"
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
  if (options.probe && !options.source.files.empty() && !options.source.over_cluster) {
    throw base::Error(base::Fault::usage, "BadArgument", "--probe needs a cluster: it asks pods",
                      "leave out --probe or -f");
  }
  if (!options.aibrix_version.empty() && !base::parse_version(options.aibrix_version)) {
    throw base::Error(
        base::Fault::usage, "BadArgument",
        "--aibrix-version: " + base::printable(options.aibrix_version) + " is no release",
        "write it like v0.7.0");
  }
  options.logs = !options.source.no_logs;
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
      .add_option("--only", o.only,
                  "Run only these checks: codes (REF001), globs (GW*), areas (gateway)")
      ->type_name("WHAT")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--skip", o.skip, "Skip these checks")
      ->type_name("WHAT")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--fail-on", flags.fail_on,
                  "Exit with 1 if a finding has at least this level: error, warning, info, never")
      ->check(one_of("--fail-on", {"error", "warning", "info", "never"}))
      ->type_name("LEVEL");
  command
      .add_option(
          "--aibrix-version", o.aibrix_version,
          "Hold manifests against this release of AIBrix (v0.7.0) where they do not tell it")
      ->type_name("VERSION");
  command.add_flag("--require-complete", o.require_complete,
                   "Exit with 3 if something could not be checked");
  command.add_flag(
      "--with-cluster", o.source.over_cluster,
      "Evaluate the -f manifests against the live cluster; report new and fixed findings");
  command.add_flag(
      "--ci", o.ci,
      "Run in a pipeline: plain output, --require-complete, annotations on GitHub Actions");
  command
      .add_option(
          "--wait", flags.wait,
          "Retry until no finding reaches --fail-on, or until this timeout (30s, 5m; a bare number: seconds)")
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
                  "Read a file, a folder or - (stdin) instead of the cluster (repeatable)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_flag("--whole-cluster", options.whole_cluster,
                   "Treat the files as the complete cluster state");
  command
      .add_option("--now", options.now,
                  "With -f: compute ages as of this time (2026-08-22T15:00:00Z)")
      ->type_name("TIME");
}

void add_no_logs(CLI::App& command, bool& no_logs) {
  command.add_flag("--no-logs", no_logs,
                   "Do not read the logs of failing containers, which are read under errors only");
}

void add_with_secrets(CLI::App& command, bool& with_secrets) {
  command.add_flag("--with-secrets", with_secrets,
                   "List the names of Secrets too, for checks LOR007, VER005 and WH004");
}

void add_doctor(CLI::App& app, Action& chosen) {
  CLI::App* command =
      app.add_subcommand("doctor", "Find problems and their root causes; read-only\n\n" +
                                       std::string(confidence_help));
  const auto flags = std::make_shared<DoctorFlags>();
  command->add_option("MODEL", flags->options.models, "Limit to these models");
  add_source(*command, flags->options.source);
  add_with_secrets(*command, flags->options.source.with_secrets);
  add_no_logs(*command, flags->options.source.no_logs);
  command->add_flag(
      "--probe", flags->options.probe,
      "Also send GETs to the pods of models and of AIBrix itself, through the API "
      "server. The right this takes, get pods/proxy, reaches every port of every pod");
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
