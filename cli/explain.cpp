#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "checks/select.hpp"
#include "commands.hpp"
#include "report/layout.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

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

int explain(const std::vector<std::string>& codes, const Global& global) {
  if (codes.empty()) {
    write_stdout(table());
    return 0;
  }
  std::string out;
  for (const std::string& code : codes) {
    std::string upper = code;
    for (char& c : upper) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    const checks::Check* check = checks::find(upper);
    if (check == nullptr) {
      const std::string near = base::nearest(upper, checks::selectable());
      throw base::Error(base::Fault::usage, "UnknownCheck",
                        "no check is called \"" + base::printable(code) + "\"",
                        near.empty() ? "list them with: aibrixctl explain"
                                     : "did you mean " + near + "?");
    }
    out += (out.empty() ? "" : "\n") + report::explain(*check, style_for(global));
  }
  write_stdout(out);
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "explain", "what a code means, what brings it about and how to repair it");
  const auto codes = std::make_shared<std::vector<std::string>>();
  command->add_option("CODE", *codes, "codes such as REF001; none: list them all");
  command->callback([&chosen, codes] {
    chosen = [codes](const Global& global) { return explain(*codes, global); };
  });
}

}  // namespace cli
