// The report as text for a terminal: the answer on one screen, or with -v all there is.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "checks/common/fix_remedies.hpp"
#include "report/finding_brief.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"
#include "report/report.hpp"
#include "report/verdicts.hpp"

namespace report {
namespace {

using checks::Finding;
using checks::Level;

struct Marks {
  std::string_view ok, error, warning, info, skipped, unknown;
};
constexpr Marks unicode_marks{"✔", "✖", "!", "i", "–", "○"};
constexpr Marks ascii_marks{"ok", "FAIL", "warn", "info", "skip", "????"};

// Findings shown as blocks, and beyond them as lines, without -v.
constexpr std::size_t most_blocks = 5;
constexpr std::size_t most_lines = 15;
constexpr std::size_t most_reasons = 2;

struct Row {
  std::size_t ok = 0, error = 0, warning = 0, info = 0, skipped = 0, unknown = 0;

  void add(Level level) {
    ++(level == Level::error ? error : level == Level::warning ? warning : info);
  }
};

class ReportPage {
 public:
  ReportPage(const Report& report, const Style& style)
      : report_(report),
        style_(style),
        marks_(style.ascii ? ascii_marks : unicode_marks),
        columns_(columns(style)),
        counts_(count(report.outcomes)) {}

  std::string render() {
    header();
    if (report_.overview.asked) out_ += model_verdicts(report_.overview.models, style_);
    if (style_.verbose) {
      everything();
    } else {
      briefly();
    }
    changes();
    notes();
    not_checked();
    footer();
    return std::move(out_);
  }

 private:
  const std::vector<Finding>& findings() const { return report_.outcomes.findings; }

  void paragraph(const std::string& text) { out_ += block(text, "", "  ", columns_); }

  // ---- the head: what was looked at.
  void header() {
    const ClusterSummary& c = report_.cluster;
    std::vector<std::string> facts;
    const auto add = [&](std::string_view what, std::string_view release) {
      if (!release.empty()) facts.push_back(std::string(what) + ' ' + base::printable(release));
    };
    add("AIBrix", c.known_up_to.empty()
                      ? c.aibrix
                      : c.aibrix + " (this program knows releases up to " + c.known_up_to + ')');
    add("Envoy Gateway", c.envoy_gateway);
    add("Kubernetes", c.kubernetes);
    const std::string where = place();
    if (!where.empty()) facts.push_back('(' + where + ')');
    if (facts.empty()) return;
    const std::string line = base::join(facts, "  ");
    out_ +=
        (display_width(line) <= columns_ ? line + '\n' : block(line, "", "  ", columns_)) + '\n';
  }

  std::string place() const {
    const ClusterSummary& c = report_.cluster;
    if (!report_.run.files.empty()) {
      const std::string_view what = report_.run.source == "snapshot" ? "snapshot: " : "files: ";
      return std::string(what) + report_.run.files;
    }
    if (report_.run.source != "cluster") return report_.run.source;
    if (!c.asked.empty()) return base::printable(c.asked);
    return c.context.empty() ? std::string() : "context " + base::printable(c.context);
  }

  // ---- without -v.
  void briefly() {
    std::size_t blocks = 0;
    std::size_t lines = 0;
    for (const Finding& f : findings()) {
      if (f.level == Level::info) continue;
      if (blocks < most_blocks) {
        out_ += finding_brief(f, style_) + '\n';
        ++blocks;
      } else if (++lines <= most_lines) {
        paragraph(std::string(checks::to_string(f.level)) + '[' + f.code +
                  "]: " + base::printable(f.title));
      }
    }
    if (lines > most_lines) {
      paragraph(std::to_string(lines - most_lines) + " more (-o short lists all)");
    }
    if (lines != 0) out_ += '\n';
    if (counts_.error + counts_.warning == 0) healthy();
  }

  void healthy() {
    std::string text = "No problems found";
    const std::string whose = report_.overview.asked ? " for this model" : "";
    const bool complete = report_.outcomes.complete();
    if (!complete) text += " in what could be checked";
    text += whose + ": " + base::join(passed_parts(), ", ");
    const std::string_view mark = complete ? marks_.ok : marks_.unknown;
    std::string lines = block(text, std::string(mark) + ' ', "  ", columns_);
    lines.replace(0, mark.size(), paint(style_, complete ? Colour::ok : Colour::dim, mark));
    out_ += lines + '\n';
    if (!report_.overview.asked) overview();
  }

  void overview() {
    const Overview& o = report_.overview;
    if (!o.models_known && o.endpoint.empty()) return;
    if (o.models_known) fact("models", models_text(o));
    if (!o.endpoint.empty()) {
      fact("endpoint", base::printable(o.endpoint) +
                           (o.endpoint_how.empty() ? "" : "  (" + o.endpoint_how + ')'));
    } else if (!o.endpoint_how.empty()) {
      fact("endpoint", "none: " + base::printable(o.endpoint_how));
    }
    out_ += '\n';
  }

  void fact(std::string_view name, const std::string& text) {
    out_ += block(text, "  " + pad(name, 9) + "  ", "             ", columns_);
  }

  // ---- with -v.
  void everything() {
    areas();
    passed();
    for (const Finding& f : findings()) out_ += finding_text(f, style_) + '\n';
    for (const Finding& f : report_.ignored) {
      paragraph("ignored: " + std::string(checks::to_string(f.level)) + '[' + f.code + "]: " +
                base::printable(kube::to_string(f.subject.ref)) + ": " + base::printable(f.title));
    }
  }

  // What was folded counts where it belongs.
  void areas() {
    std::map<checks::Area, Row> rows;
    const auto add = [&](checks::Code code, Level level) {
      const checks::Check* check = checks::find(code);
      if (check != nullptr) rows[check->area].add(level);
    };
    for (const checks::CheckOutcome& o : report_.outcomes.checks) {
      Row& row = rows[o.check->area];
      if (o.outcome == checks::Outcome::ok) ++row.ok;
      if (unchecked(o)) ++(o.outcome == checks::Outcome::skipped ? row.skipped : row.unknown);
    }
    for (const Finding& f : findings()) {
      add(f.code, f.level);
      for (const checks::Symptom& s : f.symptoms) add(s.code, s.level);
    }
    for (const auto& [area, row] : rows) area_line(checks::to_string(area), row);
    out_ += '\n';
  }

  void area_line(std::string_view area, const Row& row) {
    std::string cells;
    const auto cell = [&](std::string_view mark, Colour colour, std::size_t n,
                          std::string_view word) {
      if (n == 0) return;
      cells += fmt::format("  {} {:>2} {}", paint(style_, colour, mark), n, word);
    };
    cell(marks_.ok, Colour::ok, row.ok, "passed");
    cell(marks_.error, Colour::error, row.error, row.error == 1 ? "error" : "errors");
    cell(marks_.warning, Colour::warning, row.warning, row.warning == 1 ? "warning" : "warnings");
    cell(marks_.info, Colour::info, row.info, "info");
    cell(marks_.skipped, Colour::dim, row.skipped, "not checked");
    cell(marks_.unknown, Colour::dim, row.unknown, "undetermined");
    if (!cells.empty()) out_ += "  " + pad(area, 9) + cells + '\n';
  }

  void passed() {
    for (const checks::CheckOutcome& o : report_.outcomes.checks) {
      if (o.outcome != checks::Outcome::ok) continue;
      std::string line = "not found: " + std::string(o.check->title);
      if (!o.measured.empty()) line += " (" + base::printable(o.measured) + ")";
      const std::string label = " " + pad(o.check->code, 7);
      std::string lines =
          block(line, "  " + std::string(marks_.ok) + label,
                std::string(3 + display_width(marks_.ok) + display_width(label), ' '), columns_);
      lines.replace(2, marks_.ok.size(), paint(style_, Colour::ok, marks_.ok));
      out_ += lines;
    }
    out_ += '\n';
  }

  // Files laid over a cluster: what is new comes last.
  void changes() {
    using State = fix::FindingChange::State;
    if (report_.changes.empty()) return;
    std::size_t unchanged = 0;
    out_ += report_.since_report ? "Since the earlier report:\n" : "What the files change:\n";
    for (const State state : {State::fixed, State::fresh}) {
      for (const fix::FindingChange& c : report_.changes) {
        if (c.state == State::unchanged && state == State::fixed) ++unchanged;
        if (c.state != state) continue;
        const std::string word = state == State::fixed ? "  fixed  " : "  new    ";
        out_ += block(c.code + ' ' + base::printable(c.title), word, "           ", columns_);
      }
    }
    out_ += "  " + base::plural(unchanged, "finding") + " unchanged\n\n";
  }

  void notes() {
    for (const std::string& note : report_.notes) paragraph("note: " + base::printable(note));
    if (!report_.notes.empty()) out_ += '\n';
  }

  // The reasons that cost most checks first.
  // The role of `rbac print` would not help.
  bool lacks_secrets() const {
    return std::ranges::any_of(report_.outcomes.checks, [](const auto& o) {
      return std::ranges::find(o.missing, &kube::resources::secrets) != o.missing.end();
    });
  }

  void not_checked() {
    std::map<std::string, std::vector<std::string>> by_detail;
    for (const checks::CheckOutcome& o : report_.outcomes.checks) {
      if (unchecked(o) || o.partial) by_detail[o.detail].emplace_back(o.check->code);
    }
    if (by_detail.empty()) return;
    std::vector<const decltype(by_detail)::value_type*> reasons;
    for (const auto& entry : by_detail) reasons.push_back(&entry);
    // What a flag of the reader's can change comes first.
    std::ranges::stable_sort(reasons, [](const auto* a, const auto* b) {
      const bool flag_a = a->first.find("--now") != std::string::npos;
      const bool flag_b = b->first.find("--now") != std::string::npos;
      return flag_a != flag_b ? flag_a : a->second.size() > b->second.size();
    });
    std::size_t shown = 0;
    for (const auto* reason : reasons) {
      if (shown == most_reasons && !style_.verbose) {
        paragraph(
            "not checked: " + base::plural(reasons.size() - shown, "more reason", "more reasons") +
            " (-v lists them)");
        break;
      }
      ++shown;
      const std::vector<std::string>& codes = reason->second;
      const bool many = codes.size() > 3 && !style_.verbose;
      paragraph(
          "not checked: " + (many ? base::plural(codes.size(), "check") : base::join(codes, ", ")) +
          ": " + base::printable(reason->first));
    }
    const bool rights =
        std::any_of(report_.outcomes.checks.begin(), report_.outcomes.checks.end(),
                    [](const auto& o) { return o.reason == checks::Reason::no_permission; });
    if (rights) {
      out_ += "Rights this takes: aibrixctl rbac print";
      out_ += lacks_secrets() ? " --with-secrets\n" : "\n";
    }
    out_ += '\n';
  }

  // ---- the foot: totals, and where to go on.
  std::vector<std::string> passed_parts() const {
    std::vector<std::string> parts = {base::plural(counts_.ok, "check") + " passed"};
    const std::size_t open = counts_.skipped - counts_.not_applicable + counts_.undetermined;
    if (open != 0) parts.push_back(std::to_string(open) + " not checked");
    if (counts_.not_applicable != 0) {
      parts.push_back(std::to_string(counts_.not_applicable) + " not applicable" +
                      (report_.run.source == "files" ? " to these files" : ""));
    }
    for (std::string& part : left_out(report_)) parts.push_back(std::move(part));
    return parts;
  }

  void totals() {
    std::vector<std::string> found;
    if (counts_.error != 0) found.push_back(base::plural(counts_.error, "error"));
    if (counts_.warning != 0) found.push_back(base::plural(counts_.warning, "warning"));
    if (found.empty() && !style_.verbose) return;
    if (!found.empty() && counts_.info != 0)
      found.push_back(std::to_string(counts_.info) + " info");
    std::size_t related = 0;
    for (const Finding& f : findings()) related += f.symptoms.size();
    std::vector<std::string> rest = passed_parts();
    if (related != 0) rest.insert(rest.begin(), base::plural(related, "related finding"));
    const std::string head = found.empty() ? "No problems found" : base::join(found, ", ");
    std::string lines = block(head + "; " + base::join(rest, ", ") + took(), "", "  ", columns_);
    const Colour colour = counts_.error != 0     ? Colour::error
                          : counts_.warning != 0 ? Colour::warning
                                                 : Colour::ok;
    const std::size_t shown = std::min(head.size(), lines.find('\n'));
    lines.replace(0, shown, paint(style_, colour, std::string_view(lines).substr(0, shown)));
    out_ += lines;
  }

  std::string took() const {
    if (!style_.verbose) return {};
    std::string out =
        fmt::format("; {:.1f} s", static_cast<double>(report_.run.duration.count()) / 1000);
    if (report_.run.requests != 0) out += ", " + base::plural(report_.run.requests, "request");
    return out;
  }

  void infos() {
    if (style_.verbose || counts_.info == 0 || counts_.error + counts_.warning != 0) return;
    std::vector<std::string> named;
    for (const Finding& f : findings()) {
      if (f.level == Level::info) named.push_back(f.code + ' ' + base::printable(f.title));
    }
    std::string text = std::to_string(named.size()) + " info: " + named.front();
    if (named.size() > 1) text += ", and " + std::to_string(named.size() - 1) + " more";
    paragraph(text + " (show: -v)");
  }

  void elsewhere() {
    const checks::Elsewhere& e = report_.outcomes.elsewhere;
    std::vector<std::string> parts;
    if (e.error != 0) parts.push_back(base::plural(e.error, "error"));
    if (e.warning != 0) parts.push_back(base::plural(e.warning, "warning"));
    if (e.info != 0) parts.push_back(std::to_string(e.info) + " info");
    if (!parts.empty()) paragraph("Elsewhere in the cluster: " + base::join(parts, ", "));
  }

  void footer() {
    totals();
    infos();
    elsewhere();
    if (style_.verbose) {
      const std::string cost = costs(report_);
      for (const std::string_view part : base::split(base::trim(cost), '\n')) {
        if (!part.empty()) paragraph(std::string(part));
      }
    }
    if (report_.exit_code == 3) out_ += "incomplete, and --require-complete was given\n";
    if (counts_.error + counts_.warning == 0) return;
    std::string more = "Meaning of a code: aibrixctl explain " + findings().front().code;
    if (!style_.verbose) more = "Details: add -v. " + more;
    out_ += block(more, "", "", columns_);
    start();
  }

  void start() {
    const checks::Command* command = start_command(findings());
    if (command == nullptr) return;
    const std::string text = base::printable(checks::to_shell(*command));
    const std::string_view label = "Start with: ";
    if (label.size() + display_width(text) <= columns_) {
      out_ += std::string(label) + paint(style_, Colour::bold, text) + '\n';
      return;
    }
    out_ += "Start with:\n" + command_lines(*command, 2, style_);
  }

  const Report& report_;
  const Style& style_;
  const Marks& marks_;
  std::size_t columns_;
  Counts counts_;
  std::string out_;
};

}  // namespace

std::string text(const Report& report, const Style& style) {
  return ReportPage(report, style).render();
}

}  // namespace report
