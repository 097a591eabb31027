// `explain`: what a code means, what is known of a pasted answer, and lists of both.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "explain_answer.hpp"
#include "explain_search.hpp"
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

int print_documents(const Global& global, std::vector<const checks::Check*> asked, bool all) {
  const auto every = checks::all();
  if (all) asked.assign(every.begin(), every.end());
  write_stdout(report::checks_document(asked, AIBRIXCTL_VERSION, global.output == "yaml"));
  return 0;
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
  Asked asked = asked_by(flags.codes);
  const bool everything = flags.codes.empty();
  const SearchResult& found = asked.found;
  if (global.output == "yaml" || global.output == "json") {
    return print_documents(global, asked.all(), everything);
  }
  if (global.output == "plain") {
    SearchResult all = found;
    const auto every = checks::all();
    if (everything) asked.checks.assign(every.begin(), every.end());
    all.checks.insert(all.checks.begin(), asked.checks.begin(), asked.checks.end());
    write_stdout(search_plain(all));
  } else if (everything) {
    write_stdout(table());
  } else {
    std::string out;
    for (const checks::Check* check : asked.checks) {
      out += (out.empty() ? "" : "\n") + report::explain(*check, style_for(global));
    }
    if (!found.empty()) out += (out.empty() ? "" : "\n") + search_text(found, style_for(global));
    write_stdout(out);
  }
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, Action& chosen) {
  CLI::App* command =
      app.add_subcommand("explain", "Explain a finding code or a pasted error response");
  const auto flags = std::make_shared<ExplainFlags>();
  command->add_option(
      "CODE", flags->codes,
      "A finding code (REF001), an area (gateway), words to search for (503), or - to read stdin");
  command->add_flag("--list", flags->list, "List all known responses of gateway, Envoy and engine");
  command->add_flag("--doctor", flags->answer.doctor,
                    "With -: check the cluster for which cause applies");
  command->add_option("--model", flags->answer.model, "With -: set the model of the request")
      ->type_name("NAME");
  add_source(*command, flags->answer.source);
  add_with_secrets(*command, flags->answer.source.with_secrets);
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return explain(*flags, global); };
  });
}

}  // namespace cli
