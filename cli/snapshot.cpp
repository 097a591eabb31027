// `snapshot`: writes what the checks read from a cluster into one file.
#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <string_view>

#include "aibrix/cluster.hpp"
#include "aibrix/names.hpp"
#include "base/file.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "checks/core/runner.hpp"
#include "commands.hpp"
#include "kube/files/snapshot_file.hpp"
#include "second_look.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct SnapshotFlags {
  SourceOptions source;
  std::string to;
  bool anonymize = false;
};

// The logs that doctor would read, so that it finds the same in the file.
void add_logs(const Global& global, InputSource& source, kube::Snapshot& snapshot) {
  SecondLook seen;
  {
    const aibrix::Cluster cluster(snapshot, {global.install_namespace});
    const checks::Context context{snapshot, cluster, {}};
    seen = read_logs(source, context, checks::run(checks::all(), context).findings);
  }
  for (const std::string& note : seen.notes) notice("note: " + base::printable(note));
  if (seen.snapshot) snapshot = std::move(*seen.snapshot);
}

int snapshot(const Global& global, const SnapshotFlags& flags) {
  InputSource source(global, flags.source);
  Reading reading = source.read(checks::needs_of(checks::all()));
  if (!flags.source.no_logs) add_logs(global, source, reading.snapshot);
  if (flags.anonymize) reading.snapshot = with_telling_lines_only(reading.snapshot);
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
      "snapshot",
      "Save the cluster state to a file, without secrets\n\ndoctor -f reads the file. "
      "The ends of logs of containers that fail under an error are in it. "
      "What is recognised as a secret is left out. All else stays: names of objects, namespaces, "
      "nodes, models and Secrets, hosts, addresses, registries, accounts, uids, the context and "
      "the server.\n\n"
      "With --anonymize these have stand-ins of the same length, the same one everywhere in the "
      "file, and doctor finds the same; of a log only the line that tells most stays. Even then there stay: how many objects there are of what "
      "kind and how they refer to each other; times; keys of labels, annotations, ConfigMaps and "
      "Secrets; finalizers and API groups; resources and counts; image names, tags and digests; models' paths; versions; "
      "flags; the wording of messages; words in use everywhere (router, gpu, team), parts of one "
      "or two characters and numbers in names; whether an address is private; zones; and any word "
      "in a text, an annotation or a flag that is nobody's name elsewhere in the snapshot. Look at "
      "the file before you post it.");
  const auto flags = std::make_shared<SnapshotFlags>();
  add_source(*command, flags->source);
  add_with_secrets(*command, flags->source.with_secrets);
  add_no_logs(*command, flags->source.no_logs);
  command->add_option("--to", flags->to, "Write to this file (mode 0600) instead of stdout")
      ->type_name("FILE");
  command->add_flag("--anonymize", flags->anonymize,
                    "Replace names, hosts, addresses, registries, accounts and uids");
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return snapshot(global, *flags); };
  });
}

}  // namespace cli
