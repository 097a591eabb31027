// `doctor`: runs the checks and prints what they found.
#include "doctor.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "many_contexts.hpp"
#include "option_types.hpp"
#include "report/formats.hpp"
#include "reports.hpp"
#include "settings.hpp"
#include "terminal.hpp"
#include "watch.hpp"

namespace cli {
namespace {

// What was passed over, what was not read: text shows that itself.
void tell_notes(const std::vector<std::string>& notes, bool all) {
  constexpr std::size_t most = 4;
  const std::size_t shown = all ? notes.size() : std::min(most, notes.size());
  for (std::size_t i = 0; i < shown; ++i) notice("note: " + base::printable(notes[i]));
  if (shown < notes.size()) {
    notice("note: " + base::plural(notes.size() - shown, "more note") + " (-v shows them)");
  }
}

void print(const Global& global, const DoctorOptions& options, const report::Report& report) {
  const std::string format = format_of(global, options);
  write_report(format, rendered(report, format, style_for(global)));
  const bool lines = format == "plain" || format == "short";
  // What was left out of the count is told beside every format; text has its totals line.
  if (lines || (format != "text" && !report::left_out(report).empty())) {
    notice(report::summary(report));
  }
  if (lines) {
    for (const std::string& line : report::fixed_lines(report)) notice(base::printable(line));
  }
  if (options.ci && lines) tell_notes(report.notes, global.verbose);
  if (format == "plain" && global.verbose) notice(base::trim(report::costs(report)));
}

// What the command line says of earlier reports.
struct BaselineFiles {
  std::string baseline;
  bool update = false;
  std::string update_baseline;  // where to write; set with `update`
};

void read_baseline(DoctorOptions& options, BaselineFiles& files) {
  if (files.baseline.empty()) {
    if (!files.update) return;
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--update-baseline writes --baseline's file", "name it with --baseline");
  }
  if (files.update) {
    files.update_baseline = files.baseline;
    return;
  }
  constexpr std::size_t most = std::size_t{64} << 20U;
  options.baseline = report::read_baseline(base::read_file(files.baseline, most), files.baseline);
}

void require_sense(const DoctorOptions& options) {
  if (options.wait.count() != 0 && !options.source.files.empty()) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--wait needs a cluster: files do not change", "leave out --wait or -f");
  }
  if (options.watch && !options.source.files.empty()) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--watch needs a cluster: files do not change", "leave out --watch or -f");
  }
  if (options.watch && (options.wait.count() != 0 || options.probe)) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      options.probe ? "--probe asks pods once, and --watch goes on"
                                    : "--watch goes on until Ctrl-C, and --wait ends by itself",
                      "leave out one of them");
  }
  if (options.interval < std::chrono::seconds(1)) {
    throw base::Error(base::Fault::usage, "BadArgument", "--interval is at least 1s",
                      "leave it out for 30s");
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
}

int watched(const Global& global, const DoctorOptions& options) {
  const std::string format = format_of(global, options);
  if (report::find_digest_format(format) != nullptr) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--watch shows report after report, and " + format + " is one of a whole run",
                      "write it into a file, anew at each change: -o " + format + "=FILE");
  }
  return watch_cluster(
      global, options,
      [&](const report::Report& report) { return rendered(report, format, style_for(global)); },
      [&](const report::Report& report) {
        write_reports(global, [&](const std::string& of_file) {
          return rendered(report, of_file, file_style(global));
        });
      });
}

int doctor(const Global& global, DoctorOptions options, BaselineFiles files,
           const ContextChoice& contexts) {
  settle(options);
  if (contexts.given()) {
    if (files.update || !files.baseline.empty()) options.baseline.emplace();  // is refused there
    return doctor_of_contexts(global, options, contexts);
  }
  if (contexts.parallel) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--parallel is for several contexts, and none are named",
                      "name them with --contexts, or leave out --parallel");
  }
  std::vector<std::string> inputs = options.source.files;
  if (!files.baseline.empty()) inputs.push_back(files.baseline);
  begin_reports(global, inputs);
  read_baseline(options, files);
  if (options.watch) return watched(global, options);
  InputSource source(global, options.source);
  report::Report report = options.wait.count() != 0 ? diagnose_until(global, options, source)
                                                    : diagnose(global, options, source);
  if (!files.update_baseline.empty()) {
    base::write_to(files.update_baseline, report::json(report));
    notice("baseline written: " + base::printable(files.update_baseline));
    report.exit_code = report.exit_code == 1 ? 0 : report.exit_code;
  }
  stop_if_cancelled();
  write_reports(global, [&](const std::string& format) {
    return rendered(report, format, file_style(global));
  });
  print(global, options, report);
  if (options.ci) annotate(global, report::digest(report));
  return report.exit_code;
}

// What GitHub Actions shows beside the log tells also why there is no report.
int doctor_annotated(const Global& global, const DoctorOptions& options, const BaselineFiles& files,
                     const ContextChoice& contexts) {
  try {
    return doctor(global, options, files, contexts);
  } catch (const base::Error& error) {
    if (options.ci) annotate(global, report::digest(error, AIBRIXCTL_VERSION));
    throw;
  }
}

struct DoctorFlags {
  DoctorOptions options;
  std::string wait, interval;
  std::string fail_on = "error";
  std::vector<std::string> ignore;
  BaselineFiles files;
  ContextChoice contexts;
};

// Rules of files and of the command line, and what a file of the folder took away.
void take_rules(const Global& global, DoctorFlags& flags) {
  DoctorOptions& o = flags.options;
  o.ignore = global.settings->ignore;
  for (const std::string& rule : flags.ignore) o.ignore.push_back(report::parse_ignore(rule));
  o.loosened = global.settings->loosened;
}

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
      ->envname("AIBRIXCTL_FAIL_ON")
      ->type_name("LEVEL");
  command
      .add_option("--ignore", flags.ignore,
                  "Do not count these findings: CODE=kind/ns/name, globs allowed (repeatable)")
      ->type_name("RULE")
      ->allow_extra_args(false);
  command
      .add_option("--baseline", flags.files.baseline,
                  "Show and count only what is new or worse than in this report (doctor -o json)")
      ->type_name("FILE");
  command.add_flag("--update-baseline", flags.files.update,
                   "Write the report of this run to the file of --baseline");
  command
      .add_option(
          "--aibrix-version", o.aibrix_version,
          "Hold manifests against this release of AIBrix (v0.7.0) where they do not tell it")
      ->type_name("VERSION");
  command.add_flag("--require-complete", o.require_complete,
                   "Exit with 3 if something was forbidden, unreachable or broken");
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
  command.add_flag("--watch", o.watch,
                   "Show the report again whenever it changes, until Ctrl-C; the exit code is that "
                   "of the last one");
  command
      .add_option("--interval", flags.interval,
                  "With --watch: how often to read what may not be watched (default: 30s)")
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

std::string format_of(const Global& global, const DoctorOptions& options) {
  return global.output == "text" && options.ci ? "plain" : global.output;
}

void settle(DoctorOptions& options) {
  // A snapshot file holds whole lists: only Source::files is told apart, when it has been read.
  options.open_world = !options.source.files.empty() && !options.source.whole_cluster &&
                       !options.source.over_cluster;
  if (options.ci) options.require_complete = true;
  options.logs = !options.source.no_logs;
  require_sense(options);
}

void add_source(CLI::App& command, SourceOptions& options) {
  command
      .add_option("-f,--filename", options.files,
                  "Read a file, a folder or - (stdin) instead of the cluster (repeatable)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--exclude", options.exclude,
                  "Leave out what fits this pattern in folders given with -f, as a line of "
                  ".gitignore (repeatable; also lines of a file .aibrixctlignore)")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command.add_flag("--strict-files", options.strict_files,
                   "Refuse folders with files that hold no Kubernetes objects, or are templates");
  command.add_flag("--kustomize", options.kustomize,
                   "Run kubectl kustomize on kustomizations in folders given with -f");
  command.add_flag("--helm", options.helm, "Run helm template on charts in folders given with -f");
  command.add_flag("--allow-remote", options.allow_remote,
                   "Let --kustomize and --helm use the network");
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
  add_contexts(*command, flags->contexts);
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) {
      take_rules(global, *flags);
      flags->options.fail_on = fail_on(flags->fail_on);
      if (!flags->interval.empty()) {
        flags->options.interval = duration("--interval", flags->interval);
      }
      if (!flags->wait.empty()) flags->options.wait = duration("--wait", flags->wait);
      return doctor_annotated(global, flags->options, flags->files, flags->contexts);
    };
  });
}

}  // namespace cli
