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
#include "report/finding_brief.hpp"
#include "report/finding_text.hpp"
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

// What blocks comes first: until it is gone the order that follows is of no use.
std::string text(const fix::Preflight& preflight, const std::string& where,
                 const report::Style& style) {
  std::string out;
  const auto item = [&](const std::string& first, const fix::Advice& a) {
    out += report::block(base::printable(a.text), first, std::string(first.size(), ' '),
                         report::columns(style));
    if (!a.command.empty()) out += report::command_lines(a.command, first.size(), style);
  };
  const auto section = [&](const char* title, const auto& list) {
    if (list.empty()) return;
    out += std::string("\n") + title + '\n';
    for (const auto& entry : list) item("  - ", fix::Advice{entry});
  };
  out += "Uninstall of AIBrix" + (where.empty() ? "" : "  (" + where + ')') + '\n';
  if (preflight.in_the_way.empty()) out += "\nNo blockers found\n";
  section("Blockers (resolve first)", preflight.in_the_way);
  section("Not checked", preflight.not_looked_at);
  section("Will be deleted permanently (a snapshot, or get -o yaml, keeps copies)", preflight.lost);
  if (!preflight.in_the_way.empty() && !style.verbose) {
    out += "\nSafe uninstall order: " + base::plural(preflight.order.size(), "step") +
           " once there are no blockers (-v shows them)\n";
    return out;
  }
  out += "\nSafe uninstall order\n";
  std::size_t number = 0;
  for (const fix::Advice& a : preflight.order) item("  " + std::to_string(++number) + ". ", a);
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
    const std::string where =
        reading.snapshot.live() ? asked_of(global, reading.snapshot.info().context) : "files";
    write_stdout(text(found, base::printable(where), style_for(global)));
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
