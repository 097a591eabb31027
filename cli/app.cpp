// The program: its flags, its commands, and what becomes of an error.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "command_line.hpp"
#include "commands.hpp"
#include "help.hpp"
#include "option_types.hpp"
#include "report/report.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr const char* connection = "Connection (as kubectl)";

void add_connection(CLI::App& app, Global& g) {
  const auto add = [&](const char* names, auto& target, const char* help) {
    return app.add_option(names, target, help)->group(connection);
  };
  add("--kubeconfig", g.kubeconfig, "kubeconfig file instead of $KUBECONFIG or ~/.kube/config")
      ->type_name("FILE");
  add("--context", g.context, "context of the kubeconfig")->type_name("NAME");
  add("--cluster", g.cluster, "cluster of the kubeconfig")->type_name("NAME");
  add("--user", g.user, "user of the kubeconfig")->type_name("NAME");
  add("-s,--server", g.server, "address of the API server")->type_name("URL");
  add("--token", g.token, "bearer token")->type_name("TOKEN");
  add("-n,--namespace", g.ns, "only workloads of this namespace (several: a,b)")->type_name("NS");
  app.add_flag("-A,--all-namespaces", g.all_namespaces, "workloads of all namespaces (the default)")
      ->group(connection);
  add("--as", g.as_user, "act as this user")->type_name("USER");
  add("--as-uid", g.as_uid, "act with this UID")->type_name("UID");
  add("--as-group", g.as_groups, "act as a member of this group (repeatable)")
      ->type_name("GROUP")
      ->allow_extra_args(false);
  add("--certificate-authority", g.certificate_authority, "CA file for the API server")
      ->type_name("FILE");
  add("--client-certificate", g.client_certificate, "client certificate file")->type_name("FILE");
  add("--client-key", g.client_key, "key file of the client certificate")->type_name("FILE");
  add("--tls-server-name", g.tls_server_name, "name to verify the server's certificate against")
      ->type_name("NAME");
  app.add_flag("--insecure-skip-tls-verify", g.insecure_skip_tls_verify,
               "do not verify the server's certificate")
      ->group(connection);
  add("--request-timeout", g.request_timeout, "limit of one request (30s, 2m); 0: none")
      ->type_name("DURATION");
  add("--timeout", g.timeout, "limit of reading the cluster (30s, 5m); 0: none")
      ->type_name("DURATION");
  add("--max-memory", g.max_memory,
      "memory for what is read (400M, 4Gi; default: half of the machine's, at most 2Gi)")
      ->type_name("SIZE");
  add("--install-namespace", g.install_namespace,
      "AIBrix's own namespace, when it is not found by itself")
      ->type_name("NS");
}

void add_output(CLI::App& app, Global& g) {
  constexpr const char* group = "Output";
  app.add_option("-o,--output", g.output,
                 "text, short or plain (one finding a line), json, yaml; for fix also kubectl")
      ->check(one_of("--output", {"text", "short", "plain", "json", "yaml", "kubectl"}))
      ->type_name("FORMAT")
      ->group(group);
  app.add_option("--color", g.color, "auto, always or never")
      ->check(one_of("--color", {"auto", "always", "never"}))
      ->type_name("WHEN")
      ->group(group);
  app.add_flag("--ascii", g.ascii, "no symbols beyond ASCII")->group(group);
  app.add_flag("-v,--verbose", g.verbose, "also what passed, whole lists, where the time went")
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
  if (!error.hint.empty()) notice("  " + error.hint);
  return base::exit_code(error.fault);
}

}  // namespace

void build(CLI::App& app, Global& global, Action& chosen) {
  app.description("Finds and explains what is wrong with AIBrix on Kubernetes");
  use_help(app);
  app.require_subcommand(0, 1);
  app.fallthrough();
  add_connection(app, global);
  add_output(app, global);
#define COMMAND(name) add_##name(app, chosen);
#include "commands.def"
#undef COMMAND
}

int run(int argc, char** argv) {
  hold_standard_streams();
  install_signal_handlers();
  forget_environment();
  Global global;
  Action chosen;
  std::string output = "text";
  try {
    CLI::App app;
    app.name("aibrixctl");
    build(app, global, chosen);
    output = wanted_output(argc, argv, "text");
    try {
      parse(app, {argv + std::min(1, argc), argv + argc});
    } catch (const CLI::CallForHelp&) {
      write_stdout(innermost(app).help());
      return 0;
    }
    if (!chosen) {
      write_stdout(app.help());
      return argc > 1 ? 2 : 0;
    }
    if (global.output == "kubectl" && !app.got_subcommand("fix") && !app.got_subcommand("undo")) {
      throw base::Error(base::Fault::usage, "BadArgument",
                        "-o kubectl is for the plans of fix and undo",
                        "use text, plain, json or yaml");
    }
    return chosen(global);
  } catch (...) {
    const base::Error error = base::current_error();
    const int signal = cancel_flag().load();
    const bool by_signal =
        error.fault == base::Fault::interrupted || error.fault == base::Fault::terminated;
    if (signal == 0 || !by_signal) return fail(error, output);
    notice(std::string(base::stopped_by(signal).what()) + ": nothing was written");
    return 128 + signal;
  }
}

}  // namespace cli
