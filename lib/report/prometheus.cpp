// Gauges for Prometheus and OpenMetrics: no timestamps, the comment at the end is OpenMetrics'.
#include <algorithm>
#include <set>

#include "report/encode.hpp"
#include "report/formats.hpp"

namespace report {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

class Page {
 public:
  void gauge(std::string_view name, std::string_view help) {
    name_ = "aibrixctl_" + std::string(name);
    text_ += "# HELP " + name_ + ' ' + std::string(help) + "\n# TYPE " + name_ + " gauge\n";
  }

  // Of this run; the cluster is a label where there are several.
  void sample(const Digest& digest, Labels labels, const std::string& value) {
    if (!digest.cluster.empty()) labels.insert(labels.begin(), {"context", digest.cluster});
    std::string series = name_;
    for (const auto& [name, label] : labels) {
      series += series.size() == name_.size() ? '{' : ',';
      series.append(name).append("=\"").append(metric_label(label)).append("\"");
    }
    if (!labels.empty()) series += '}';
    if (!seen_.insert(series).second) return;  // a series has one value
    text_ += series + ' ' + value + '\n';
  }

  std::string finish() { return std::move(text_) + "# EOF\n"; }

 private:
  std::string name_, text_;
  std::set<std::string> seen_;
};

// Those of which there is a report.
std::vector<const Digest*> reports_of(Digests digests) {
  std::vector<const Digest*> out;
  for (const Digest& digest : digests) {
    if (!digest.error) out.push_back(&digest);
  }
  return out;
}

void add_findings(Page& page, const std::vector<const Digest*>& digests) {
  page.gauge("findings", "How many findings there are, by level.");
  for (const Digest* digest : digests) {
    for (const auto level : {checks::Level::error, checks::Level::warning, checks::Level::info}) {
      page.sample(*digest, {{"level", std::string(checks::to_string(level))}},
                  std::to_string(digest->count(level)));
    }
  }
  page.gauge("findings_ignored", "How many findings rules of somebody's keep out of the count.");
  for (const Digest* digest : digests) page.sample(*digest, {}, std::to_string(digest->ignored));
  page.gauge("finding_info", "A finding: what is wrong with which object.");
  for (const Digest* digest : digests) {
    for (const DigestItem& item : digest->items) {
      const kube::ObjectRef& ref = item.object.ref;
      page.sample(*digest,
                  {{"code", item.code},
                   {"level", std::string(checks::to_string(item.level))},
                   {"area", std::string(digest->area_of(item.code))},
                   {"kind", ref.kind},
                   {"namespace", ref.ns},
                   {"name", ref.name},
                   {"path", item.object.path},
                   {"fingerprint", item.fingerprint},
                   {"title", item.title}},
                  "1");
    }
  }
}

void add_checks(Page& page, const std::vector<const Digest*>& digests) {
  page.gauge("checks", "How many checks there are, by how they went.");
  for (const Digest* digest : digests) {
    std::size_t ok = 0;
    std::size_t found = 0;
    std::size_t lacking = 0;
    for (const DigestCheck& check : digest->checks) {
      if (check.outcome == checks::Outcome::ok) ++ok;
      if (check.outcome == checks::Outcome::found) ++found;
      if (check.lacking) ++lacking;
    }
    page.sample(*digest, {{"outcome", "ok"}}, std::to_string(ok));
    page.sample(*digest, {{"outcome", "found"}}, std::to_string(found));
    page.sample(*digest, {{"outcome", "not_checked"}}, std::to_string(digest->not_checked));
    page.sample(*digest, {{"outcome", "not_applicable"}},
                std::to_string(digest->checks.size() - ok - found - lacking));
  }
}

void add_times(Page& page, const std::vector<const Digest*>& digests) {
  if (std::ranges::none_of(digests, [](const Digest* d) { return d->time.has_value(); })) return;
  page.gauge("read_timestamp_seconds", "When that was read, by the clock of the API server.");
  for (const Digest* digest : digests) {
    if (!digest->time) continue;
    page.sample(*digest, {},
                std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                                   digest->time->time_since_epoch())
                                   .count()));
  }
}

}  // namespace

std::string prometheus(Digests digests) {
  Page page;
  page.gauge("run_failed", "1: the run failed, and there is nothing else here.");
  for (const Digest& digest : digests) page.sample(digest, {}, digest.error ? "1" : "0");
  page.gauge("exit_code", "The exit code of the run.");
  for (const Digest& digest : digests) page.sample(digest, {}, std::to_string(digest.exit_code));
  const std::vector<const Digest*> reports = reports_of(digests);
  if (reports.empty()) return page.finish();
  add_findings(page, reports);
  add_checks(page, reports);
  add_times(page, reports);
  return page.finish();
}

}  // namespace report
