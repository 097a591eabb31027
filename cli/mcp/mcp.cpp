// `mcp`: the read-only commands as tools of the Model Context Protocol, on stdin and stdout.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "base/error.hpp"
#include "called.hpp"
#include "mcp/server.hpp"
#include "mcp/service.hpp"
#include "mcp/stdin_lines.hpp"
#include "mcp/tools.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

// Ends with the input, or with the client, or by a signal.
int serve(const McpStart& start) {
  if (stdin_is_terminal()) {
    notice("this speaks to a program: enter it as an MCP server in your client (see: " + called() +
           " help mcp); Ctrl-D ends it");
  }
  McpServer server(mcp_service(start),
                   [](std::string_view line) { return write_raw(std::string(line) + '\n'); });
  StdinLines input(most_message);
  constexpr std::chrono::milliseconds look_around(500);
  bool open = true;
  while (open && !server.lost() && signal_received() == 0) {
    open = input.wait(look_around);
    while (const std::optional<std::string> line = input.next()) server.receive(*line);
    while (input.passed_over()) server.refuse_line();
  }
  // What was asked before the input ended is answered.
  while (!server.idle() && !server.lost() && signal_received() == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  server.stop();
  stop_if_cancelled();
  return 0;
}

int mcp(const Global& global, SourceOptions source) {
  if (std::ranges::find(source.files, "-") != source.files.end()) {
    throw base::Error(base::Fault::usage, "BadArgument", "-f -: standard input is the protocol's",
                      "give the file by name");
  }
  source.read_only = true;
  McpStart start{global, std::move(source)};
  if (!start.from_files()) {
    // The cluster is chosen now: what the kubeconfig says later must be the same.
    start.source.chosen = InputSource(start.global, start.source).chosen();
  }
  return serve(start);
}

}  // namespace

void add_mcp(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "mcp",
      "Serve doctor, trace, explain, endpoint and fix plans to assistants (MCP)\n\n"
      "Speaks the Model Context Protocol on standard input and output; it is started by the client "
      "that uses it. Only reads: no tool applies a fix, sends a request to a model or a pod, or reads "
      "a file, cluster or identity that was not chosen here.");
  const auto source = std::make_shared<SourceOptions>();
  add_source(*command, *source);
  add_with_secrets(*command, source->with_secrets);
  add_no_logs(*command, source->no_logs);
  command->callback([&chosen, source] {
    chosen = [source](const Global& global) { return mcp(global, *source); };
  });
}

}  // namespace cli
