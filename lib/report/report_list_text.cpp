// Several clusters for people and for scripts: a line each.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "kube/redact/redact.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"
#include "report/report_list.hpp"

namespace report {
namespace {

using checks::Finding;
using checks::Level;

// Lines of clusters shown without -v.
constexpr std::size_t most_clusters = 20;
constexpr std::size_t widest_name = 30;

// Foreign words, and a server's may quote what it was sent.
std::string failure_words(std::string_view text) {
  return base::printable(kube::redact_text(text));
}

class ListPage {
 public:
  ListPage(const ReportList& list, const Style& style)
      : list_(list), style_(style), columns_(columns(style)), shown_(list.clusters.size()) {
    if (!style.verbose) shown_ = std::min(shown_, most_clusters);
    for (std::size_t i = 0; i < shown_; ++i) {
      const std::size_t width = display_width(base::printable(list.clusters[i].context));
      name_width_ = std::min(std::max(name_width_, width), widest_name);
    }
  }

  std::string render() {
    for (std::size_t i = 0; i < shown_; ++i) line(list_.clusters[i]);
    if (shown_ < list_.clusters.size()) rest();
    if (style_.verbose) reports();
    out_ += '\n' + block(summary(list_), "", "  ", columns_);
    where_to_go_on();
    return std::move(out_);
  }

 private:
  void line(const ListedCluster& cluster) {
    const std::string name = base::printable(cluster.context);
    const auto [mark, colour] = mark_of(cluster);
    const std::string head = mark + ' ' + pad(name, name_width_) + "  ";
    std::string told = what_of(cluster);
    const std::size_t width = display_width(head);
    // One line each: what does not fit is in the cluster's own report.
    const std::size_t room = columns_ > width + 20 ? columns_ - width : 20;
    if (!style_.verbose && display_width(told) > room) told = base::shorten(told, room - 1);
    std::string lines = style_.verbose ? block(told, head, "    ", columns_) : head + told + '\n';
    lines.replace(0, mark.size(), paint(style_, colour, mark));
    out_ += lines;
    if (cluster.failure) hint(*cluster.failure);
  }

  // What to try, once for all clusters that are alike.
  void hint(const base::Error& failure) {
    if (failure.hint.empty() || hints_.size() >= most_hints()) return;
    if (!hints_.insert(failure.hint).second) return;
    out_ += block(failure_words(failure.hint), "    ", "    ", columns_);
  }

  std::size_t most_hints() const { return style_.verbose ? list_.clusters.size() : 3; }

  std::pair<std::string, Colour> mark_of(const ListedCluster& cluster) const {
    const auto either = [&](const char* mark, const char* ascii) {
      return std::string(style_.ascii ? ascii : mark);
    };
    if (!cluster.report) return {either("○", "????"), Colour::error};
    const Counts c = count(cluster.report->outcomes);
    if (c.error != 0 || cluster.report->exit_code == 70)
      return {either("✖", "FAIL"), Colour::error};
    if (c.warning != 0) return {either("!", "warn"), Colour::warning};
    if (!cluster.report->outcomes.complete()) return {either("○", "????"), Colour::dim};
    return {either("✔", "ok  "), Colour::ok};
  }

  static std::string what_of(const ListedCluster& cluster) {
    if (!cluster.report) return "could not be read: " + failure_words(cluster.failure->what());
    const Report& report = *cluster.report;
    const Counts c = count(report.outcomes);
    std::vector<std::string> parts;
    if (c.error != 0) parts.push_back(base::plural(c.error, "error"));
    if (c.warning != 0) parts.push_back(base::plural(c.warning, "warning"));
    if (report.exit_code == 70) parts.emplace_back("a check crashed");
    const std::size_t open = c.skipped - c.not_applicable + c.undetermined;
    if (parts.empty()) parts.push_back(open == 0 ? "ok" : "nothing found");
    if (open != 0) parts.push_back(std::to_string(open) + " not checked");
    std::string out = base::join(parts, ", ");
    const Finding* top = top_of(report);
    if (top != nullptr) out += ": " + top->code + ' ' + base::printable(top->title);
    return out;
  }

  static const Finding* top_of(const Report& report) {
    const Finding* top = nullptr;
    for (const Finding& f : report.outcomes.findings) {
      if (f.level != Level::info && (top == nullptr || f.level > top->level)) top = &f;
    }
    return top;
  }

  void rest() {
    const auto first = list_.clusters.begin() + static_cast<std::ptrdiff_t>(shown_);
    const ReportList hidden{list_.version, {first, list_.clusters.end()}};
    std::string words = summary(hidden);
    words.erase(0, words.find(": ") + 2);
    out_ += block(std::to_string(hidden.clusters.size()) + " more: " + words + " (-v lists them)",
                  "  ", "  ", columns_);
  }

  void reports() {
    Style brief = style_;
    brief.verbose = false;
    for (const ListedCluster& cluster : list_.clusters) {
      if (!cluster.report) continue;
      out_ += '\n' + paint(style_, Colour::bold, "== " + base::printable(cluster.context) + " ==") +
              '\n' + text(*cluster.report, brief);
    }
  }

  void where_to_go_on() {
    const auto one = std::ranges::find_if(list_.clusters, [](const ListedCluster& cluster) {
      return cluster.report && !cluster.command.empty();
    });
    if (one == list_.clusters.end()) return;
    const std::string command = base::printable(checks::to_shell(one->command));
    out_ += "The whole report of one: " + paint(style_, Colour::bold, command) + '\n';
  }

  const ReportList& list_;
  const Style& style_;
  std::size_t columns_;
  std::size_t shown_;
  std::size_t name_width_ = 0;
  std::set<std::string> hints_;
  std::string out_;
};

// Each line of a report behind its context.
std::string behind(std::string_view context, std::string_view separator, const std::string& lines) {
  std::string out;
  for (const std::string_view one : base::split(lines, '\n')) {
    if (one.empty()) continue;
    out.append(base::printable(context)).append(separator).append(one).append("\n");
  }
  return out;
}

}  // namespace

std::string text(const ReportList& list, const Style& style) {
  return ListPage(list, style).render();
}

std::string plain(const ReportList& list) {
  std::string out;
  for (const ListedCluster& cluster : list.clusters) {
    if (cluster.report) {
      out += behind(cluster.context, "\t", plain(*cluster.report));
      continue;
    }
    const std::string hint = failure_words(cluster.failure->hint);
    const std::vector<std::string> cells = {"unread",
                                            cluster.failure->reason,
                                            "-",
                                            "-",
                                            failure_words(cluster.failure->what()),
                                            hint.empty() ? "-" : hint};
    out += behind(cluster.context, "\t", base::join(cells, "\t"));
  }
  return out;
}

std::string short_lines(const ReportList& list) {
  std::string out;
  for (const ListedCluster& cluster : list.clusters) {
    out += behind(cluster.context, " ",
                  cluster.report ? short_lines(*cluster.report)
                                 : "unread " + cluster.failure->reason + ' ' +
                                       failure_words(cluster.failure->what()));
  }
  return out;
}

}  // namespace report
