// `trace MODEL`: the way of a request through the gateway to the model, hop by hop.
#include <CLI/CLI.hpp>
#include <memory>

#include "aibrix/cluster.hpp"
#include "base/error.hpp"
#include "doctor.hpp"
#include "option_types.hpp"
#include "report/trace.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct TraceFlags {
  std::string model;
  std::string format = "text";
  SourceOptions source;
};

// As doctor: 1 when what breaks a way is an error, which what is only a warning is not.
int exit_code(const checks::Trace& trace) {
  for (const checks::RequestPath way :
       {checks::RequestPath::strategy, checks::RequestPath::route}) {
    const checks::Hop* broken = trace.broken(way);
    if (broken != nullptr && broken->finding->level == checks::Level::error) return 1;
  }
  return 0;
}

int trace(const Global& global, const TraceFlags& flags) {
  InputSource source(global, flags.source);
  kube::Snapshot snapshot;
  DoctorOptions doctor;
  doctor.source = flags.source;
  doctor.models = {flags.model};
  doctor.keep = &snapshot;
  const report::Report report = diagnose(global, doctor, source);
  const aibrix::Cluster cluster(snapshot, {global.install_namespace});
  const checks::Trace found =
      checks::trace_model({snapshot, cluster, doctor.models}, report.outcomes, flags.model);
  const int code = exit_code(found);
  if (flags.format == "json") {
    write_stdout(report::trace_json(found, AIBRIXCTL_VERSION, code));
  } else if (flags.format == "yaml") {
    write_stdout(report::trace_yaml(found, AIBRIXCTL_VERSION, code));
  } else if (flags.format == "mermaid") {
    write_stdout(report::trace_mermaid(found));
  } else {
    write_stdout(report::trace_text(found, style_for(global)));
  }
  return code;
}

}  // namespace

void add_trace(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "trace", "a model's requests hop by hop, with and without a routing strategy");
  const auto flags = std::make_shared<TraceFlags>();
  command->add_option("MODEL", flags->model, "the model's name")->required();
  add_source(*command, flags->source);
  command->add_option("-o,--output", flags->format, "text, json, yaml or mermaid (a flowchart)")
      ->check(one_of("--output", {"text", "json", "yaml", "mermaid"}))
      ->type_name("FORMAT");
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return trace(global, *flags); };
  });
}

}  // namespace cli
