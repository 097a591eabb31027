#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <string_view>

#include "aibrix/names.hpp"
#include "base/file.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "checks/core/runner.hpp"
#include "commands.hpp"
#include "kube/files/snapshot_file.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct SnapshotFlags {
  SourceOptions source;
  std::string to;
  bool anonymize = false;
};

int snapshot(const Global& global, const SnapshotFlags& flags) {
  InputSource source(global, flags.source);
  const Reading reading = source.read(checks::needs_of(checks::all()));
  // The only ConfigMap whose data a check reads.
  constexpr std::array<std::string_view, 1> configmaps = {aibrix::names::envoy_gateway_config};
  const std::string writer = std::string(base::program_name) + " " + AIBRIXCTL_VERSION;
  const std::string text = kube::write_snapshot(
      reading.snapshot,
      {.writer = writer, .readable_configmaps = configmaps, .anonymize = flags.anonymize});
  if (flags.to.empty() || flags.to == "-" || flags.to == "/dev/stdout") {
    write_raw(text);
  } else {
    base::write_to(flags.to, text);
    notice("wrote " + base::printable(flags.to) + " (" +
           base::plural(text.size() / 1024 + 1, "kB", "kB") + ", without secret values" +
           (flags.anonymize ? ", anonymized)" : "; names, hosts and addresses are in it)"));
  }
  return 0;
}

}  // namespace

void add_snapshot(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "snapshot", "write what the checks read to one file, without secrets; doctor -f reads it");
  const auto flags = std::make_shared<SnapshotFlags>();
  add_source(*command, flags->source);
  command->add_option("--to", flags->to, "file to write (mode 0600) instead of stdout")
      ->type_name("FILE");
  command->add_flag("--anonymize", flags->anonymize,
                    "stand-ins for names, hosts, addresses, registries, accounts and uids");
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return snapshot(global, *flags); };
  });
}

}  // namespace cli
