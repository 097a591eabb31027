// The program: its flags, its commands, and what becomes of an error.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "called.hpp"
#include "command_line.hpp"
#include "commands.hpp"
#include "completion.hpp"
#include "help.hpp"
#include "option_types.hpp"
#include "report/report.hpp"
#include "reports.hpp"
#include "settings.hpp"
#include "settings_keys.hpp"
#include "suggest.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr const char* connection = "Connection (as kubectl)";

void add_connection(CLI::App& app, Global& g) {
  const auto add = [&](const char* names, auto& target, const char* help) {
    return app.add_option(names, target, help)->group(connection);
  };
  add("--kubeconfig", g.kubeconfig,
      "Use this kubeconfig file (default: $KUBECONFIG or ~/.kube/config)")
      ->type_name("FILE");
  add("--context", g.context, "Use this context of the kubeconfig")->type_name("NAME");
  add("--cluster", g.cluster, "Use this cluster of the kubeconfig")->type_name("NAME");
  add("--user", g.user, "Use this user of the kubeconfig")->type_name("NAME");
  add("-s,--server", g.server, "Connect to the API server at this address")->type_name("URL");
  add("--token", g.token, "Authenticate with this bearer token")->type_name("TOKEN");
  add("-n,--namespace", g.ns, "Limit to workloads in this namespace (several: a,b)")
      ->type_name("NS");
  app.add_flag("-A,--all-namespaces", g.all_namespaces,
               "Include workloads in all namespaces (default)")
      ->group(connection);
  add("--as", g.as_user, "Impersonate this user")->type_name("USER");
  add("--as-uid", g.as_uid, "Impersonate this UID")->type_name("UID");
  add("--as-group", g.as_groups, "Impersonate this group (repeatable)")
      ->type_name("GROUP")
      ->allow_extra_args(false);
  add("--certificate-authority", g.certificate_authority, "Verify the API server with this CA file")
      ->type_name("FILE");
  add("--client-certificate", g.client_certificate,
      "Authenticate with this client certificate file")
      ->type_name("FILE");
  add("--client-key", g.client_key, "Use this key file for the client certificate")
      ->type_name("FILE");
  add("--tls-server-name", g.tls_server_name, "Verify the server's certificate against this name")
      ->type_name("NAME");
  app.add_flag("--insecure-skip-tls-verify", g.insecure_skip_tls_verify,
               "Do not verify the server's certificate")
      ->group(connection);
  add("--compression", g.compression,
      "Ask for compressed responses: on, off or auto (on, unless the kubeconfig disables it)")
      ->check(one_of("--compression", {"auto", "on", "off"}))
      ->type_name("WHEN");
  app.add_flag("--disable-compression", g.disable_compression,
               "As --compression=off, for kubectl's users")
      ->group(connection);
  add("--request-timeout", g.request_timeout,
      "Limit the time of a single request (30s, 2m; 0: no limit)")
      ->type_name("DURATION");
  add("--timeout", g.timeout, "Limit the time for reading the cluster (30s, 5m; 0: no limit)")
      ->type_name("DURATION");
  add("--max-memory", g.max_memory,
      "Limit memory for the objects read (400M, 4Gi; default: half of the machine's, at most 2Gi)")
      ->type_name("SIZE");
  add("--install-namespace", g.install_namespace,
      "Set the namespace of AIBrix, if it is not detected")
      ->type_name("NS");
}

// AIBRIXCTL_CONTEXT for --context: it counts as the flag, in printed commands too.
void take_variables(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_group() != connection || option->get_lnames().empty()) continue;
    option->envname(variable_of(option->get_lnames().front()));
  }
}

void add_output(CLI::App& app, Global& g) {
  constexpr const char* group = "Output";
  // Which of them a command has, formats_of() says.
  app.add_option("-o,--output", g.outputs,
                 "Set the output format: text, short or plain (one line each), json, yaml; for fix "
                 "also kubectl. doctor and preflight also write junit, sarif, github, gitlab, "
                 "markdown, prometheus, policyreport and html, and FORMAT=FILE any number of times")
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--color", g.color, "Use colors: auto, always or never")
      ->check(one_of("--color", {"auto", "always", "never"}))
      ->type_name("WHEN")
      ->group(group);
  app.add_flag("--ascii", g.ascii, "Use only ASCII characters")->group(group);
  app.add_flag("-v,--verbose", g.verbose, "Show also passed checks, full lists and timing")
      ->group(group);
}

// The format asked for, also when parsing failed before it was known.
std::string wanted_output(int argc, char** argv, const std::string& parsed) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    for (const std::string_view format : {"json", "yaml"}) {
      const bool joined = word == "-o" + std::string(format) ||
                          word == "-o=" + std::string(format) ||
                          word == "--output=" + std::string(format);
      const bool next =
          (word == "-o" || word == "--output") && i + 1 < argc && argv[i + 1] == format;
      if (joined || next) return std::string(format);
    }
  }
  return parsed;
}

void write_error(const base::Error& error, const std::string& output) {
  if (error.reason == "OutputFailed") return;
  try {
    if (output == "json") write_stdout(report::error_json(error, AIBRIXCTL_VERSION));
    if (output == "yaml") write_stdout(report::error_yaml(error, AIBRIXCTL_VERSION));
  } catch (const base::Error& second) {
    notice("error: " + std::string(second.what()));
  }
}

int fail(const base::Error& error, const std::string& output) {
  write_error(error, output);
  notice("error: " + std::string(error.what()));
  if (!error.hint.empty()) {
    notice("  " + error.hint);
  } else if (error.fault == base::Fault::usage) {
    notice("  see: " + called() + " --help");
  }
  return base::exit_code(error.fault);
}

}  // namespace

namespace {

// Hidden commands have no group already.
void add_under(CLI::App& app, Action& chosen, const std::string& heading,
               void (*add)(CLI::App&, Action&)) {
  const auto all = [](const CLI::App*) { return true; };
  const std::size_t before = app.get_subcommands(all).size();
  add(app, chosen);
  const auto commands = app.get_subcommands(all);
  for (std::size_t i = before; i < commands.size(); ++i) {
    if (!commands[i]->get_group().empty() && !heading.empty()) commands[i]->group(heading);
  }
}

}  // namespace

void build(CLI::App& app, Global& global, Action& chosen) {
  app.description("Diagnose and fix AIBrix on Kubernetes");
  use_help(app);
  app.require_subcommand(0, 1);
  app.fallthrough();
  add_connection(app, global);
  take_variables(app);
  add_output(app, global);
#define COMMAND(name, heading) add_under(app, chosen, heading, add_##name);
#include "commands.def"
#undef COMMAND
}

namespace {

// Of a run that ended before its outputs were chosen, which a file or a variable names.
std::vector<OutputFile> chosen_files(const CLI::App& app, Global& global) {
  const auto commands = app.get_subcommands();
  if (commands.empty()) return {};
  try {
    choose_outputs(commands.front()->get_name(), global);
  } catch (const base::Error&) {
    return {};
  }
  return global.files;
}

}  // namespace

int run(int argc, char** argv) {
  hold_standard_streams();
  if (argc > 0) set_called_as(argv[0]);
  install_signal_handlers();
  forget_environment();
  // Taken as it stands: the line that is being typed need not be a good one.
  if (argc > 1 && std::string_view(argv[1]) == "__complete") {
    return print_completions({argv + 2, argv + argc});
  }
  Global global;
  Action chosen;
  std::string output = "text";
  std::optional<std::vector<OutputFile>> files;
  CLI::App app;
  try {
    app.name(std::string(base::program_name));
    build(app, global, chosen);
    output = wanted_output(argc, argv, "text");
    files = files_on(argc, argv);
    try {
      parse(app, {argv + std::min(1, argc), argv + argc});
    } catch (const CLI::CallForHelp&) {
      write_stdout(innermost(app).help());
      return 0;
    }
    if (!chosen && argc <= 1) {
      write_stdout(app.help());
      return 0;
    }
    if (!chosen) {
      throw base::Error(base::Fault::usage, "BadArgument", "a command is missing",
                        "list the commands with: " + called() +
                            " --help; the version: " + called() + " --version");
    }
    const auto commands = app.get_subcommands();
    global.settings = take_settings(app);
    // Without a command it is --version.
    choose_outputs(commands.empty() ? "version" : commands.front()->get_name(), global);
    files = global.files;
    if (global.output == "json" || global.output == "yaml") output = global.output;
    return chosen(global);
  } catch (...) {
    const base::Error error = base::current_error();
    if (!files && !global.outputs.empty()) {
      files = without_named(chosen_files(app, global), argc, argv);
    }
    if (files) write_error_reports(*files, error);
    const int signal = cancel_flag().load();
    const bool by_signal =
        error.fault == base::Fault::interrupted || error.fault == base::Fault::terminated;
    if (signal == 0 || !by_signal) return fail(error, output);
    notice(std::string(base::stopped_by(signal).what()) + ": nothing was written");
    return 128 + signal;
  }
}

}  // namespace cli
