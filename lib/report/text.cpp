// The report as text for a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "checks/common/fix_remedies.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"
#include "report/report.hpp"

namespace report {
namespace {

using checks::Finding;
using checks::Level;

struct Marks {
  std::string_view ok, error, warning, info, skipped, unknown;
};
constexpr Marks unicode_marks{"✔", "✖", "!", "i", "–", "○"};
constexpr Marks ascii_marks{"ok", "FAIL", "warn", "info", "skip", "????"};

struct Row {
  std::size_t ok = 0, error = 0, warning = 0, info = 0, skipped = 0, unknown = 0;
};

class ReportPage {
 public:
  ReportPage(const Report& report, const Style& style)
      : report_(report), style_(style), marks_(style.ascii ? ascii_marks : unicode_marks) {}

  std::string render() {
    header();
    const auto& findings = report_.outcomes.findings;
    const bool quiet = findings.empty() && report_.outcomes.complete() && !style_.verbose;
    if (!quiet && !is_narrow(style_)) areas();
    if (style_.verbose) passed();
    // Worst last, and of the errors the first to repair at the very end.
    for (auto f = findings.rbegin(); f != findings.rend(); ++f) {
      out_ += finding_text(*f, style_) + '\n';
    }
    changes();
    for (const std::string& note : report_.notes) {
      out_ += block("note: " + base::printable(note), "", "  ", columns(style_));
    }
    not_checked();
    verdict();
    return std::move(out_);
  }

 private:
  void header() {
    std::vector<std::string> facts;
    const auto add = [&](std::string_view key, std::string_view value) {
      if (!value.empty()) facts.push_back(std::string(key) + ' ' + base::printable(value));
    };
    const ClusterSummary& c = report_.cluster;
    if (report_.run.source != "cluster") add("from", report_.run.source);
    if (c.asked.empty()) {
      add("context", c.context);
    } else {
      facts.push_back(base::printable(c.asked));
    }
    if (!is_narrow(style_)) {
      add("server", c.kubernetes);
      add("aibrix", c.aibrix);
    }
    const std::string_view gap = is_narrow(style_) ? "\n" : "   ";
    out_ += paint(style_, Colour::bold, checks::to_shell(checks::aibrixctl("doctor")));
    for (const std::string& fact : facts) out_.append(gap).append(fact);
    out_ += "\n\n";
  }

  void areas() {
    std::map<checks::Area, Row> rows;
    for (const checks::CheckOutcome& o : report_.outcomes.checks) {
      Row& row = rows[o.check->area];
      if (o.outcome == checks::Outcome::ok) ++row.ok;
      if (unchecked(o)) ++(o.outcome == checks::Outcome::skipped ? row.skipped : row.unknown);
    }
    for (const Finding& f : report_.outcomes.findings) {
      const checks::Check* check = checks::find(f.code);
      if (check == nullptr) continue;
      Row& row = rows[check->area];
      ++(f.level == Level::error ? row.error : f.level == Level::warning ? row.warning : row.info);
    }
    for (const auto& [area, row] : rows) area_line(checks::to_string(area), row);
    out_ += '\n';
  }

  // Files laid over a cluster: what is new comes last.
  void changes() {
    using State = fix::FindingChange::State;
    if (report_.changes.empty()) return;
    std::size_t unchanged = 0;
    out_ += "what the files change\n";
    for (const State state : {State::fixed, State::fresh}) {
      for (const fix::FindingChange& c : report_.changes) {
        if (c.state == State::unchanged && state == State::fixed) ++unchanged;
        if (c.state != state) continue;
        const std::string word = state == State::fixed ? "  fixed  " : "  new    ";
        out_ +=
            block(c.code + ' ' + base::printable(c.title), word, "           ", columns(style_));
      }
    }
    out_ += "  " + base::plural(unchanged, "finding") + " unchanged\n\n";
  }

  void area_line(std::string_view area, const Row& row) {
    std::string cells;
    const auto cell = [&](std::string_view mark, Colour colour, std::size_t n,
                          std::string_view word) {
      if (n == 0) return;
      cells += fmt::format("  {} {:>2} {}", paint(style_, colour, mark), n, word);
    };
    cell(marks_.ok, Colour::ok, row.ok, "ok");
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
      std::string line(o.check->title);
      if (!o.measured.empty()) line += " (" + base::printable(o.measured) + ")";
      const std::string label = " " + pad(o.check->code, 7);
      std::string lines =
          block(line, "  " + std::string(marks_.ok) + label,
                std::string(3 + marks_.ok.size() + label.size(), ' '), columns(style_));
      lines.replace(2, marks_.ok.size(), paint(style_, Colour::ok, marks_.ok));
      out_ += lines;
    }
    out_ += '\n';
  }

  void not_checked() {
    std::map<std::string, std::vector<std::string>> by_detail;
    for (const checks::CheckOutcome& o : report_.outcomes.checks) {
      if (unchecked(o) || o.partial) by_detail[o.detail].emplace_back(o.check->code);
    }
    if (by_detail.empty()) return;
    std::size_t shown = 0;
    for (const auto& [detail, codes] : by_detail) {
      if (++shown > long_list && !style_.verbose) {
        out_ += "not checked: " +
                base::plural(by_detail.size() - long_list, "more reason", "more reasons") +
                " (-v lists them)\n";
        break;
      }
      out_ += block("not checked: " + base::join(codes, ", ") + ": " + base::printable(detail), "",
                    "  ", columns(style_));
    }
    const bool rights =
        std::any_of(report_.outcomes.checks.begin(), report_.outcomes.checks.end(),
                    [](const auto& o) { return o.reason == checks::Reason::no_permission; });
    if (rights) out_ += "rights it takes: aibrixctl rbac print\n";
    out_ += '\n';
  }

  void verdict() {
    const Counts c = count(report_.outcomes);
    const Colour colour = c.error != 0     ? Colour::error
                          : c.warning != 0 ? Colour::warning
                                           : Colour::ok;
    std::string took =
        fmt::format("{:.1f} s", static_cast<double>(report_.run.duration.count()) / 1000);
    if (report_.run.requests != 0) took += ", " + base::plural(report_.run.requests, "request");
    const std::string line = summary(report_);
    std::string lines = block(line + "; " + took, "", "  ", columns(style_));
    const std::size_t shown = std::min(line.size(), lines.find('\n'));
    lines.replace(0, shown, paint(style_, colour, std::string_view(lines).substr(0, shown)));
    out_ += lines;
    if (style_.verbose) {
      const std::string cost = costs(report_);
      for (const std::string_view part : base::split(base::trim(cost), '\n')) {
        out_ += block(part, "", "  ", columns(style_));
      }
    }
    if (report_.exit_code == 3) out_ += "incomplete, and --require-complete was given\n";
    if (report_.outcomes.findings.empty()) return;
    const Finding& f = report_.outcomes.findings.front();
    for (const checks::Remedy& r : f.remedies) {
      const std::string command = checks::to_shell(r.command);
      if (command.empty() || command.find('\n') != std::string::npos) continue;
      out_ += "next: " + paint(style_, Colour::bold, base::printable(command)) +
              (r.manifest.empty() ? "" : " (with the manifest above)") + '\n';
      if (checks::is_fix_command(r.command)) {
        out_ += block("shows the plan; changes nothing without --apply", "      ", "      ",
                      columns(style_));
      }
      break;
    }
    out_ += paint(style_, Colour::dim, "more: aibrixctl explain " + f.code) + '\n';
  }

  const Report& report_;
  const Style& style_;
  const Marks& marks_;
  std::string out_;
};

}  // namespace

std::string text(const Report& report, const Style& style) {
  return ReportPage(report, style).render();
}

}  // namespace report
