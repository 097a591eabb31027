// `explain`: what a code means, what is known of a pasted answer, and lists of both.
#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "checks/core/select.hpp"
#include "explain_answer.hpp"
#include "report/answer.hpp"
#include "report/layout.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct ExplainFlags {
  std::vector<std::string> codes;
  bool list = false;
  ExplainOptions answer;
};

std::string table() {
  std::string out;
  std::string_view area;
  for (const checks::Check* check : checks::all()) {
    if (checks::to_string(check->area) != area) {
      area = checks::to_string(check->area);
      out += (out.empty() ? "" : "\n") + std::string(area) + '\n';
    }
    out += "  " + report::pad(check->code, 8) + std::string(check->title) + '\n';
  }
  return out;
}

int list(const Global& global) {
  if (global.output == "json") {
    write_stdout(report::catalogue_json(AIBRIXCTL_VERSION));
  } else if (global.output == "yaml") {
    write_stdout(report::catalogue_yaml(AIBRIXCTL_VERSION));
  } else {
    write_stdout(report::catalogue_text(style_for(global)));
  }
  return 0;
}

const checks::Check& check_of(const std::string& code) {
  const std::string upper = base::upper(code);
  if (const checks::Check* check = checks::find(upper)) return *check;
  const std::string near = base::closest_match(upper, checks::selectable());
  throw base::Error(
      base::Fault::usage, "UnknownCheck", "no check is called \"" + base::printable(code) + "\"",
      near.empty() ? "list them with: aibrixctl explain" : "did you mean " + near + "?");
}

int explain(const ExplainFlags& flags, const Global& global) {
  const bool pasted = std::find(flags.codes.begin(), flags.codes.end(), "-") != flags.codes.end();
  if (pasted && flags.codes.size() > 1) {
    throw base::Error(base::Fault::usage, "BadArgument", "explain -: takes no codes beside the -");
  }
  if (pasted) return explain_pasted(global, flags.answer);
  if (flags.answer.wants_cluster(global) &&
      (flags.answer.doctor || !flags.answer.source.files.empty())) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--doctor and -f are about a pasted answer",
                      "write: aibrixctl explain - --doctor");
  }
  if (flags.list) return list(global);
  std::vector<const checks::Check*> asked;
  for (const std::string& code : flags.codes) asked.push_back(&check_of(code));
  const bool yaml = global.output == "yaml";
  if (yaml || global.output == "json") {
    const auto every = checks::all();
    if (asked.empty()) asked.assign(every.begin(), every.end());
    write_stdout(report::checks_document(asked, AIBRIXCTL_VERSION, yaml));
  } else if (asked.empty()) {
    write_stdout(table());
  } else {
    std::string out;
    for (const checks::Check* check : asked) {
      out += (out.empty() ? "" : "\n") + report::explain(*check, style_for(global));
    }
    write_stdout(out);
  }
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "explain", "what a code or a pasted answer means, what brings it about, how to repair it");
  const auto flags = std::make_shared<ExplainFlags>();
  command->add_option("CODE", flags->codes,
                      "codes such as REF001; none: list them all; -: read an answer from stdin");
  command->add_flag("--list", flags->list,
                    "every answer of gateway, Envoy and engine that it knows");
  command->add_flag("--doctor", flags->answer.doctor,
                    "with -: look at the cluster for which of the causes holds");
  command->add_option("--model", flags->answer.model, "with -: the model the request was for")
      ->type_name("NAME");
  add_source(*command, flags->answer.source);
  add_with_secrets(*command, flags->answer.source.with_secrets);
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return explain(*flags, global); };
  });
}

}  // namespace cli
