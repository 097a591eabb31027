// `preflight`: what an uninstall, an install or an upgrade of AIBrix would run into, printed.
#include "fix/preflight.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "aibrix/cluster.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "cluster_flags.hpp"
#include "command_line.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "kube/redact/redact.hpp"
#include "report/finding_brief.hpp"
#include "report/finding_text.hpp"
#include "report/formats.hpp"
#include "report/layout.hpp"
#include "reports.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using kube::Json;

using Way = report::PreflightWay;

struct PreflightFlags {
  Way way = Way::uninstall;
  SourceOptions source;
  std::string to;
  bool no_access_reviews = false;
};

Json advice_json(const std::vector<fix::Advice>& list) {
  Json out = Json::array();
  for (const fix::Advice& a : list) {
    Json entry = {{"text", base::printable(a.text)}};
    if (!a.command.empty()) entry["command"] = base::printable(checks::to_shell(a.command));
    out.push_back(std::move(entry));
  }
  return out;
}

Json text_json(const std::vector<std::string>& list) {
  Json out = Json::array();
  for (const std::string& text : list) out.push_back(base::printable(text));
  return out;
}

std::string_view kind_of(Way way) {
  switch (way) {
    case Way::uninstall: return "UninstallPreflight";
    case Way::install: return "InstallPreflight";
    case Way::upgrade: return "UpgradePreflight";
  }
  return "UninstallPreflight";
}

std::string document(Way way, const fix::Preflight& preflight) {
  Json out = kube::document_head(kind_of(way), AIBRIXCTL_VERSION);
  if (way == Way::upgrade) kube::put(out, "from", base::printable(preflight.from));
  if (way != Way::uninstall) out["to"] = preflight.to;
  out["inTheWay"] = advice_json(preflight.in_the_way);
  if (way != Way::uninstall) out["warnings"] = advice_json(preflight.warnings);
  out["order"] = advice_json(preflight.order);
  if (way != Way::install) out["lost"] = text_json(preflight.lost);
  if (way != Way::uninstall) {
    out["found"] = text_json(preflight.found);
    out["notChecked"] = text_json(preflight.not_checked);
  }
  out["notLookedAt"] = text_json(preflight.not_looked_at);
  out["exitCode"] = preflight.exit_code();
  return kube::json_text(out);
}

std::string title_of(Way way, const fix::Preflight& preflight) {
  switch (way) {
    case Way::uninstall: return "Uninstall of AIBrix";
    case Way::install: return "Install of AIBrix " + preflight.to;
    case Way::upgrade:
      return "Upgrade of AIBrix" +
             (preflight.from.empty() ? "" : ' ' + base::printable(preflight.from)) + " to " +
             preflight.to;
  }
  return {};
}

std::string_view order_of(Way way) {
  switch (way) {
    case Way::uninstall: return "Safe uninstall order";
    case Way::install: return "Order";
    case Way::upgrade: return "Safe upgrade order";
  }
  return {};
}

std::string_view lost_title(Way way) {
  return way == Way::uninstall
             ? "Will be deleted permanently (a snapshot, or get -o yaml, keeps copies)"
             : "Can be lost";
}

// What blocks comes first: until it is gone the order that follows is of no use.
std::string text(Way way, const fix::Preflight& preflight, const std::string& where,
                 const report::Style& style) {
  std::string out;
  const auto item = [&](const std::string& first, const fix::Advice& a) {
    out += report::block(base::printable(a.text), first, std::string(first.size(), ' '),
                         report::columns(style));
    if (!a.command.empty()) out += report::command_lines(a.command, first.size(), style);
  };
  const auto section = [&](std::string_view title, const auto& list) {
    if (list.empty()) return;
    out.append("\n").append(title).append("\n");
    for (const auto& entry : list) item("  - ", fix::Advice{entry});
  };
  out += title_of(way, preflight) + (where.empty() ? "" : "  (" + where + ')') + '\n';
  if (preflight.in_the_way.empty()) out += "\nNo blockers found\n";
  section("Blockers (resolve first)", preflight.in_the_way);
  section("Warnings", preflight.warnings);
  section(way == Way::uninstall ? "Not checked" : "Could not be checked", preflight.not_looked_at);
  section(lost_title(way), preflight.lost);
  section("Not checked", preflight.not_checked);
  if (style.verbose) section("Found", preflight.found);
  if (preflight.order.empty()) return out;
  const std::string order(order_of(way));
  if (!preflight.in_the_way.empty() && !style.verbose) {
    out += '\n' + order + ": " + base::plural(preflight.order.size(), "step") +
           " once there are no blockers (-v shows them)\n";
    return out;
  }
  out += '\n' + order + '\n';
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
  for (const fix::Advice& a : preflight.warnings) line("warning", a);
  for (const std::string& what : preflight.not_looked_at) line("not-looked-at", {what});
  for (const std::string& what : preflight.lost) line("lost", {what});
  for (const std::string& what : preflight.not_checked) line("not-checked", {what});
  for (const std::string& what : preflight.found) line("found", {what});
  for (const fix::Advice& a : preflight.order) line("order", a);
  return out;
}

// The release that is named, with or without its "v"; without a name the newest.
aibrix::ReleaseData release_named(const std::string& name) {
  const auto known = aibrix::releases_with_data();
  if (name.empty()) return *aibrix::release_data(known.back());
  const auto wanted = base::parse_version(name);
  const auto at = std::ranges::find_if(known, [&](std::string_view release) {
    return wanted && base::parse_version(release) == wanted;
  });
  if (at != known.end()) return *aibrix::release_data(*at);
  throw base::Error(
      base::Fault::usage, "BadArgument",
      "--to: nothing is known of release \"" + base::printable(name) + "\"",
      "known releases: " + base::join(std::vector<std::string>(known.begin(), known.end()), ", "));
}

// The only requests that are not GETs: SelfSubjectAccessReviews, which change nothing.
fix::InstallRights ask_rights(const PreflightFlags& flags, const aibrix::ReleaseData& to,
                              InputSource& source) {
  fix::InstallRights out;
  if (source.from_files()) {
    out.why_not = "files do not tell them";
  } else if (flags.no_access_reviews) {
    out.why_not = "--no-access-reviews";
  } else {
    out.questions = fix::install_questions(to);
    const kube::ReadingTime time = source.reading_time();
    out.answers = kube::ask_access(source.reader(), out.questions);
  }
  return out;
}

// Texts hold words of the cluster: images, strategies, names.
void hide_secrets(fix::Preflight& preflight) {
  for (auto* list : {&preflight.in_the_way, &preflight.warnings, &preflight.order}) {
    for (fix::Advice& a : *list) a.text = kube::redact_text(a.text);
  }
  for (auto* list :
       {&preflight.lost, &preflight.found, &preflight.not_looked_at, &preflight.not_checked}) {
    for (std::string& text : *list) text = kube::redact_text(text);
  }
}

std::vector<kube::Need> needs_of(Way way) {
  switch (way) {
    case Way::uninstall: return fix::preflight_needs();
    case Way::install: return fix::preflight_install_needs();
    case Way::upgrade: return fix::preflight_upgrade_needs();
  }
  return {};
}

fix::Preflight look(const PreflightFlags& flags, const aibrix::ReleaseData& to,
                    const kube::Snapshot& snapshot, InputSource& source, const Global& global) {
  const aibrix::Cluster cluster(snapshot, {global.install_namespace});
  const checks::Context context{snapshot, cluster, {}};
  switch (flags.way) {
    case Way::uninstall: return fix::preflight_uninstall(context);
    case Way::install: return fix::preflight_install(context, to, ask_rights(flags, to, source));
    case Way::upgrade: return fix::preflight_upgrade(context, to);
  }
  return {};
}

int preflight(const Global& global, const PreflightFlags& flags) {
  const aibrix::ReleaseData to = release_named(flags.to);  // before anything is read
  begin_reports(global, flags.source.files);
  InputSource source(global, flags.source);
  const Reading reading = source.read(needs_of(flags.way));
  fix::Preflight found = look(flags, to, reading.snapshot, source, global);
  hide_secrets(found);
  if (reading.snapshot.live()) {
    for (auto* list : {&found.in_the_way, &found.warnings, &found.order}) {
      for (fix::Advice& a : *list) a.command = for_cluster(std::move(a.command), global);
    }
  }
  const std::string where =
      reading.snapshot.live() ? asked_of(global, reading.snapshot.info().context) : "files";
  const auto as = [&](const std::string& format, const report::Style& style) -> std::string {
    if (format == "json") return document(flags.way, found);
    if (format == "yaml") return kube::yaml_text(document(flags.way, found));
    if (format == "plain") return plain(found);
    if (const report::Format* other = report::find_digest_format(format)) {
      return other->render(
          report::digest(flags.way, found, AIBRIXCTL_VERSION, reading.snapshot.now(), where));
    }
    return text(flags.way, found, base::printable(where), style);
  };
  write_reports(global, [&](const std::string& format) { return as(format, file_style(global)); });
  write_report(global.output, as(global.output, style_for(global)));
  return found.exit_code();
}

CLI::App& add_way(CLI::App& group, Action& chosen, const std::shared_ptr<PreflightFlags>& flags,
                  const char* name, const char* help) {
  CLI::App* command = group.add_subcommand(name, help);
  add_source(*command, flags->source);
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return preflight(global, *flags); };
  });
  return *command;
}

void add_to(CLI::App& command, PreflightFlags& flags) {
  command.add_option("--to", flags.to, "Release of AIBrix (default: the newest that is known)")
      ->type_name("RELEASE");
}

}  // namespace

void add_preflight(CLI::App& app, Action& chosen) {
  CLI::App* group = add_group(app, chosen, "preflight",
                              "Check what would block an uninstall, install or upgrade");
  const auto uninstall = std::make_shared<PreflightFlags>();
  add_way(*group, chosen, uninstall, "uninstall",
          "Check what would block an uninstall, and print a safe order");
  const auto install = std::make_shared<PreflightFlags>();
  install->way = Way::install;
  CLI::App& install_command = add_way(
      *group, chosen, install, "install",
      "Check what an install of AIBrix would run into, and print the order\n\nReads only, "
      "but for SelfSubjectAccessReviews: they ask the API server what you may do, and change "
      "nothing.");
  add_to(install_command, *install);
  install_command.add_flag("--no-access-reviews", install->no_access_reviews,
                           "Do not ask what you may do (sends GETs alone)");
  const auto upgrade = std::make_shared<PreflightFlags>();
  upgrade->way = Way::upgrade;
  add_to(add_way(*group, chosen, upgrade, "upgrade",
                 "Check what an upgrade of AIBrix would break, and print a safe order"),
         *upgrade);
}

}  // namespace cli
