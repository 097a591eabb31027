// `trace MODEL`: the way of a request through the gateway to the model, hop by hop.
#include "trace.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "aibrix/cluster.hpp"
#include "base/error.hpp"
#include "doctor.hpp"
#include "option_types.hpp"
#include "report/picture.hpp"
#include "report/trace.hpp"
#include "report/verdicts.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct TraceFlags {
  std::string model;  // empty: all of them
  std::string format = "text";
  SourceOptions source;
};

bool draws(const std::string& format) {
  return format == "mermaid" || format == "svg" || format == "dot";
}

std::string drawing(const checks::Trace& trace, const std::string& format) {
  const report::Picture picture = report::picture_of(trace);
  if (format == "svg") return report::svg(picture);
  return format == "dot" ? report::dot(picture) : report::mermaid(picture);
}

// Every model, one line each.
int trace_all(const Global& global, const TraceFlags& flags) {
  if (draws(flags.format)) {
    throw base::Error(base::Fault::usage, "BadArgument", "-o " + flags.format + " draws one model",
                      "name it: aibrixctl trace MODEL -o " + flags.format);
  }
  const auto [models, code] = follow_all(global, flags.source);
  if (flags.format == "json") {
    write_stdout(report::models_json(models, AIBRIXCTL_VERSION, code));
  } else if (flags.format == "yaml") {
    write_stdout(report::models_yaml(models, AIBRIXCTL_VERSION, code));
  } else if (models.empty()) {
    notice("no model was found");
  } else {
    write_stdout(report::model_table(models, style_for(global)));
  }
  return code;
}

int trace(const Global& global, const TraceFlags& flags) {
  if (flags.model.empty()) return trace_all(global, flags);
  int exit_code = 0;
  follow_model(global, flags.source, flags.model, [&](const checks::Trace& found, int code) {
    exit_code = code;
    if (flags.format == "json") {
      write_stdout(report::trace_json(found, AIBRIXCTL_VERSION, code));
    } else if (flags.format == "yaml") {
      write_stdout(report::trace_yaml(found, AIBRIXCTL_VERSION, code));
    } else if (draws(flags.format)) {
      write_stdout(drawing(found, flags.format));
    } else {
      write_stdout(report::trace_text(found, style_for(global)));
    }
  });
  return exit_code;
}

// `use` gets what the checks saw of these models (none: of all), and what they say.
template <typename Use>
void examine(const Global& global, const SourceOptions& options,
             const std::vector<std::string>& models, const Use& use) {
  InputSource source(global, options);
  kube::Snapshot snapshot;
  DoctorOptions doctor;
  doctor.source = options;
  doctor.models = models;
  doctor.keep = &snapshot;
  const report::Report report = diagnose(global, doctor, source);
  const aibrix::Cluster cluster(snapshot, {global.install_namespace});
  use(checks::Context{snapshot, cluster, doctor.models}, report.outcomes);
}

}  // namespace

void follow_model(const Global& global, const SourceOptions& options, const std::string& model,
                  const UseTrace& use) {
  examine(global, options, {model}, [&](const auto& context, const auto& outcomes) {
    const checks::Trace found = checks::trace_model(context, outcomes, model);
    use(found, checks::verdict_of(context, found).fails() ? 1 : 0);
  });
}

ModelVerdicts follow_all(const Global& global, const SourceOptions& options) {
  ModelVerdicts out;
  examine(global, options, {}, [&](const auto& context, const auto& outcomes) {
    for (const aibrix::Model& model : context.cluster.models()) {
      out.models.push_back(
          checks::verdict_of(context, checks::trace_model(context, outcomes, model.name)));
    }
  });
  out.exit_code = std::ranges::any_of(out.models, &checks::ModelVerdict::fails) ? 1 : 0;
  return out;
}

void add_trace(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("trace", "Follow a model's requests hop by hop");
  const auto flags = std::make_shared<TraceFlags>();
  command->add_option("MODEL", flags->model, "Name of the model; without it, list all models");
  add_source(*command, flags->source);
  add_with_secrets(*command, flags->source.with_secrets);
  command
      ->add_option("-o,--output", flags->format,
                   "Set the output format: text, json, yaml, or a picture of the way: svg, dot "
                   "(Graphviz), mermaid")
      ->check(one_of("--output", {"text", "json", "yaml", "svg", "dot", "mermaid"}))
      ->type_name("FORMAT");
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return trace(global, *flags); };
  });
}

}  // namespace cli
