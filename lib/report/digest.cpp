// Reports, preflights and errors as digests.
#include "report/digest.hpp"

#include <algorithm>
#include <map>

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "kube/redact/redact.hpp"
#include "report/finding_text.hpp"

namespace report {
namespace {

DigestRemedy remedy_of(const checks::Remedy& r) {
  return {checks::to_string(r.confidence), r.text, checks::to_shell(r.command), r.manifest};
}

DigestRemedy remedy_of(const fix::Advice& a) {
  return {{}, a.text, checks::to_shell(a.command), {}};
}

DigestRemedy remedy_of(const std::string& text) {
  return {{}, text, {}, {}};
}

DigestItem item_of(const checks::Finding& f, FailOn fail_on) {
  DigestItem out;
  out.code = f.code.text();
  out.level = f.level;
  out.fails = reaches(f.level, fail_on);
  out.title = f.title;
  out.consequence = f.consequence;
  out.object = f.subject;
  out.fingerprint = checks::fingerprint(f);
  out.evidence = f.evidence;
  out.symptoms = f.symptoms;
  out.notes = f.notes;
  for (const checks::Remedy& r : f.remedies) out.remedies.push_back(remedy_of(r));
  return out;
}

DigestCheck check_of(const checks::CheckOutcome& o,
                     const std::map<std::string, checks::Level>& worst) {
  DigestCheck out;
  out.code = o.check->code.text();
  out.area = checks::to_string(o.check->area);
  out.title = o.check->title;
  out.meaning = o.check->explain.meaning;
  out.causes = o.check->explain.causes;
  out.fix = o.check->explain.fix;
  const auto told = worst.find(out.code);
  if (told != worst.end()) out.level = told->second;
  out.outcome = o.outcome;
  out.reason = checks::to_string(o.reason);
  out.lacking = unchecked(o);
  out.detail = o.detail.empty() ? o.measured : o.detail;
  return out;
}

void add_fact(std::vector<DigestFact>& facts, std::string name, const std::string& value) {
  if (!value.empty()) facts.push_back({std::move(name), value});
}

std::vector<DigestFact> facts_of(const Report& report) {
  std::vector<DigestFact> out;
  add_fact(out, "Files", report.run.files);
  add_fact(out, "Context",
           report.cluster.asked.empty() ? report.cluster.context : report.cluster.asked);
  add_fact(out, "Kubernetes", report.cluster.kubernetes);
  add_fact(out, "AIBrix", report.cluster.aibrix);
  add_fact(out, "Envoy Gateway", report.cluster.envoy_gateway);
  add_fact(out, "Gateway API", report.cluster.gateway_api);
  add_fact(out, "Address for clients", report.overview.endpoint);
  if (report.overview.models_known) {
    add_fact(out, "Models", std::to_string(report.overview.model_count));
  }
  return out;
}

std::string_view word(PreflightWay way) {
  switch (way) {
    case PreflightWay::uninstall: return "uninstall";
    case PreflightWay::install: return "install";
    case PreflightWay::upgrade: return "upgrade";
  }
  return "";
}

struct PreflightRow {
  std::string_view suffix, title;
  checks::Level level;
};
constexpr PreflightRow blocker{"blocker", "stands in the way and must be resolved first",
                               checks::Level::error};
constexpr PreflightRow warning{"warning", "does not stop it, but matters", checks::Level::warning};
constexpr PreflightRow unseen{"not-checked", "should have been looked at, and could not be",
                              checks::Level::warning};

// Items and checks of one row of a preflight.
void add_row(Digest& out, PreflightWay way, const PreflightRow& row,
             const std::vector<fix::Advice>& list) {
  DigestCheck check;
  check.code = std::string(word(way)) + '-' + std::string(row.suffix);
  check.area = "preflight";
  check.title = row.title;
  check.level = row.level;
  check.outcome = list.empty() ? checks::Outcome::ok : checks::Outcome::found;
  for (const fix::Advice& a : list) {
    DigestItem item;
    item.code = check.code;
    item.level = row.level;
    item.fails = row.level == checks::Level::error;
    item.title = a.text;
    item.fingerprint = "sha256:" + base::sha256_hex(check.code + '\n' + a.text).substr(0, 16);
    if (!a.command.empty()) item.remedies.push_back({{}, "", checks::to_shell(a.command), {}});
    out.items.push_back(std::move(item));
  }
  out.checks.push_back(std::move(check));
}

void add_unseen(Digest& out, PreflightWay way, const std::vector<std::string>& list) {
  DigestCheck check;
  check.code = std::string(word(way)) + '-' + std::string(unseen.suffix);
  check.area = "preflight";
  check.title = unseen.title;
  for (const std::string& what : list) {
    check.outcome = checks::Outcome::undetermined;
    check.reason = "undecidable";
    check.lacking = true;
    check.detail += (check.detail.empty() ? "" : "; ") + what;
  }
  out.checks.push_back(std::move(check));
}

template <typename List>
void add_section(Digest& out, std::string title, const List& list) {
  if (list.empty()) return;
  DigestSection section{std::move(title), {}};
  for (const auto& entry : list) section.entries.push_back(remedy_of(entry));
  out.sections.push_back(std::move(section));
}

}  // namespace

std::size_t Digest::count(checks::Level level) const {
  return static_cast<std::size_t>(std::ranges::count(items, level, &DigestItem::level));
}

std::string_view Digest::area_of(std::string_view code) const {
  const auto it = std::ranges::find(checks, code, &DigestCheck::code);
  return it == checks.end() ? std::string_view() : it->area;
}

Digest digest(const Report& report) {
  Digest out;
  out.version = report.version;
  out.command = "doctor";
  out.summary = summary(report);
  out.time = report.as_of;
  out.facts = facts_of(report);
  std::map<std::string, checks::Level> worst;
  for (const checks::Finding& f : report.outcomes.findings) {
    out.items.push_back(item_of(f, report.fail_on));
    checks::Level& level = worst.try_emplace(std::string(f.code.text()), f.level).first->second;
    level = std::max(level, f.level);
  }
  for (const checks::CheckOutcome& o : report.outcomes.checks) {
    out.checks.push_back(check_of(o, worst));
  }
  out.not_checked =
      static_cast<std::size_t>(std::ranges::count(out.checks, true, &DigestCheck::lacking));
  out.notes = fixed_lines(report);
  out.notes.insert(out.notes.end(), report.notes.begin(), report.notes.end());
  out.left_out = base::join(left_out(report), ", ");
  out.ignored = report.ignored.size() + report.ignored_symptoms;
  out.pictures = report.pictures;
  out.require_complete = report.require_complete;
  out.exit_code = report.exit_code;
  return out;
}

Digest digest(PreflightWay way, const fix::Preflight& preflight, std::string_view version,
              std::optional<base::Time> time, const std::string& where) {
  Digest out;
  out.version = version;
  out.command = "preflight " + std::string(word(way));
  out.time = time;
  add_fact(out.facts, "Where", where);
  add_fact(out.facts, "From", preflight.from);
  add_fact(out.facts, "To", preflight.to);
  add_row(out, way, blocker, preflight.in_the_way);
  add_row(out, way, warning, preflight.warnings);
  add_unseen(out, way, preflight.not_looked_at);
  out.not_checked = preflight.not_looked_at.size();
  add_section(out, "Lost for good", preflight.lost);
  add_section(out, "Order", preflight.order);
  add_section(out, "Never checked", preflight.not_checked);
  add_section(out, "Found", preflight.found);
  out.summary = base::plural(preflight.in_the_way.size(), "blocker") + ", " +
                base::plural(preflight.warnings.size(), "warning");
  if (!preflight.not_looked_at.empty()) {
    out.summary += ", " + std::to_string(preflight.not_looked_at.size()) + " not checked";
  }
  out.require_complete = true;  // what could not be looked at makes the exit code 3
  out.exit_code = preflight.exit_code();
  return out;
}

Digest digest(const base::Error& error, std::string_view version) {
  Digest out;
  out.version = version;
  out.exit_code = base::exit_code(error.fault);
  out.error =
      DigestError{error.reason, kube::redact_text(error.what()), kube::redact_text(error.hint)};
  out.summary = "the run failed";
  return out;
}

std::string in_cluster(const Digest& digest, std::string_view text) {
  return (digest.cluster.empty() ? "" : digest.cluster + ": ").append(text);
}

std::string under_cluster(const Digest& digest, std::string_view path) {
  return (digest.cluster.empty() ? "" : digest.cluster + '/').append(path);
}

std::string object_text(const DigestItem& item) {
  return item.object.ref.kind.empty() ? std::string() : kube::to_string(item.object.ref);
}

Place place_of(const DigestItem& item) {
  // Standard input is no file that anybody could open.
  if (item.object.file == "-" || item.object.file == "stdin") return {};
  return {item.object.file, item.object.line, item.object.column};
}

std::string place_text(const DigestItem& item) {
  return place_text(item.object);
}

std::string headline(const DigestItem& item) {
  return item.consequence.empty() ? item.title : item.title + ". " + item.consequence;
}

std::string help_page(std::string_view code) {
  constexpr std::string_view address = AIBRIXCTL_HELP_BASE_URL;
  if (address.empty()) return {};
  return std::string(address) + (address.ends_with('/') ? "" : "/") +
         base::percent_encode(code, "-_");
}

}  // namespace report
