// The commands of the program and the flags that all of them take.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

struct Settings;

// A report that goes into a file.
struct OutputFile {
  std::string format, file;
};

// Flags every command takes: how to reach the cluster and how to print. Names as kubectl's.
struct Global {
  std::string kubeconfig, context, cluster, user, server, token, ns;
  std::string certificate_authority, client_certificate, client_key, tls_server_name;
  std::string as_user, as_uid;
  std::vector<std::string> as_groups;
  bool insecure_skip_tls_verify = false;
  bool all_namespaces = false;
  std::string compression = "auto";
  bool disable_compression = false;
  std::string request_timeout = "0";
  std::string timeout = "2m";  // of reading a cluster once
  std::string max_memory;      // empty: cli/limits.hpp says
  std::string install_namespace;

  std::vector<std::string> outputs;  // as they were typed
  std::string output = "text";       // of them, what standard output gets: formats_of()
  std::vector<OutputFile> files;     // and what goes into files
  std::string color = "auto";
  bool ascii = false;
  bool verbose = false;

  std::shared_ptr<const Settings> settings;  // of files and variables; never null in a command
};

// Parsing only chooses: the chosen command runs after it and returns the exit code.
using Action = std::function<int(const Global&)>;

// One line per command in commands.def; each adds itself, with its options, to the app.
#define COMMAND(name, heading) void add_##name(CLI::App& app, Action& chosen);
#include "commands.def"
#undef COMMAND

// The whole app with every command, for run() and for what describes it (completion, drift test).
void build(CLI::App& app, Global& global, Action& chosen);

// The program: parses, runs the chosen command, turns base::Error into message and exit code.
int run(int argc, char** argv);

}  // namespace cli
