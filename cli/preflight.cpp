// `preflight`: what an uninstall of AIBrix would run into, printed.
#include "fix/preflight.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "aibrix/cluster.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster_flags.hpp"
#include "command_line.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/layout.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using kube::Json;

Json advice_json(const std::vector<fix::Advice>& list) {
  Json out = Json::array();
  for (const fix::Advice& a : list) {
    Json entry = {{"text", base::printable(a.text)}};
    if (!a.command.empty()) entry["command"] = base::printable(checks::to_shell(a.command));
    out.push_back(std::move(entry));
  }
  return out;
}

std::string document(const fix::Preflight& preflight, int code) {
  Json out = kube::document_head("UninstallPreflight", AIBRIXCTL_VERSION);
  out["inTheWay"] = advice_json(preflight.in_the_way);
  out["order"] = advice_json(preflight.order);
  out["lost"] = preflight.lost;
  out["notLookedAt"] = preflight.not_looked_at;
  out["exitCode"] = code;
  return kube::json_text(out);
}

std::string text(const fix::Preflight& preflight, const report::Style& style) {
  const auto columns = static_cast<std::size_t>(std::max(40, std::min(style.width, 120)));
  std::string out;
  const auto line = [&](const std::string& first, const fix::Advice& a) {
    out += report::block(base::printable(a.text), first, std::string(first.size(), ' '), columns);
    if (!a.command.empty())
      out += std::string(first.size(), ' ') + "$ " + base::printable(checks::to_shell(a.command)) +
             '\n';
  };
  out += "the order that does not get stuck\n";
  std::size_t number = 0;
  for (const fix::Advice& a : preflight.order) line("  " + std::to_string(++number) + ". ", a);
  if (!preflight.lost.empty())
    out += "\ngoes for good (copies are kept by a snapshot, or by get -o yaml)\n";
  for (const std::string& what : preflight.lost) line("  - ", {what});
  if (!preflight.not_looked_at.empty()) out += "\nnot looked at\n";
  for (const std::string& what : preflight.not_looked_at) line("  - ", {what});
  out += preflight.in_the_way.empty() ? "\nnothing that was looked at would get stuck\n"
                                      : "\nin the way: first\n";
  for (const fix::Advice& a : preflight.in_the_way) line("  - ", a);
  return out;
}

// One a line: what kind, what, and the command.
std::string plain(const fix::Preflight& preflight) {
  std::string out;
  const auto line = [&](const char* kind, const fix::Advice& a) {
    out += std::string(kind) + '\t' + base::printable(a.text) + '\t' +
           base::printable(checks::to_shell(a.command)) + '\n';
  };
  for (const fix::Advice& a : preflight.in_the_way) line("in-the-way", a);
  for (const std::string& what : preflight.not_looked_at) line("not-looked-at", {what});
  for (const std::string& what : preflight.lost) line("lost", {what});
  for (const fix::Advice& a : preflight.order) line("order", a);
  return out;
}

int preflight(const Global& global, const SourceOptions& options) {
  InputSource source(global, options);
  const Reading reading = source.read(fix::preflight_needs());
  const aibrix::Cluster cluster(reading.snapshot, {global.install_namespace});
  fix::Preflight found = fix::preflight_uninstall({reading.snapshot, cluster, {}});
  if (reading.snapshot.live()) {
    for (auto* list : {&found.in_the_way, &found.order}) {
      for (fix::Advice& a : *list) a.command = for_cluster(std::move(a.command), global);
    }
  }
  const int code = !found.in_the_way.empty() ? 1 : found.not_looked_at.empty() ? 0 : 3;
  if (global.output == "json") {
    write_stdout(document(found, code));
  } else if (global.output == "yaml") {
    write_stdout(kube::yaml_text(document(found, code)));
  } else if (global.output == "plain") {
    write_stdout(plain(found));
  } else {
    write_stdout(text(found, style_for(global)));
  }
  return code;
}

}  // namespace

void add_preflight(CLI::App& app, Action& chosen) {
  CLI::App* group = add_group(app, chosen, "preflight", "Check what would block an uninstall");
  CLI::App* command = group->add_subcommand(
      "uninstall", "Check what would block an uninstall, and print a safe order");
  const auto source = std::make_shared<SourceOptions>();
  add_source(*command, *source);
  command->callback([&chosen, source] {
    chosen = [source](const Global& global) { return preflight(global, *source); };
  });
}

}  // namespace cli
