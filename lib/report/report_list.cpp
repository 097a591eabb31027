// The order of several clusters, their exit code, and their digests.
#include "report/report_list.hpp"

#include <algorithm>

#include "base/sha256.hpp"
#include "base/text.hpp"

namespace report {
namespace {

enum class ClusterKind { errors, unread, warnings, incomplete, ok };

ClusterKind kind_of(const ListedCluster& cluster) {
  if (!cluster.report) return ClusterKind::unread;
  const Counts c = count(cluster.report->outcomes);
  const int code = cluster.report->exit_code;
  if (c.error != 0 || code == 1 || code == 70) return ClusterKind::errors;
  if (c.warning != 0) return ClusterKind::warnings;
  return cluster.report->outcomes.complete() && code == 0 ? ClusterKind::ok
                                                          : ClusterKind::incomplete;
}

}  // namespace

void sort_worst_first(ReportList& list) {
  const auto before = [](const ListedCluster& a, const ListedCluster& b) {
    const ClusterKind kind_a = kind_of(a);
    const ClusterKind kind_b = kind_of(b);
    if (kind_a != kind_b) return kind_a < kind_b;
    if (!a.report || !b.report) return false;
    const Counts x = count(a.report->outcomes);
    const Counts y = count(b.report->outcomes);
    return x.error != y.error ? x.error > y.error : x.warning > y.warning;
  };
  std::stable_sort(list.clusters.begin(), list.clusters.end(), before);
}

ClusterCounts count(const ReportList& list) {
  ClusterCounts out;
  for (const ListedCluster& cluster : list.clusters) {
    switch (kind_of(cluster)) {
      case ClusterKind::errors: ++out.errors; break;
      case ClusterKind::unread: ++out.unread; break;
      case ClusterKind::warnings: ++out.warnings; break;
      case ClusterKind::incomplete: ++out.incomplete; break;
      case ClusterKind::ok: ++out.ok; break;
    }
  }
  return out;
}

int exit_code(const ReportList& list) {
  constexpr int bug = 70;
  int out = 0;
  for (const ListedCluster& cluster : list.clusters) {
    int code = 3;
    if (cluster.report) {
      code = cluster.report->exit_code;
    } else if (base::exit_code(cluster.failure->fault) == bug) {
      code = bug;
    }
    if (code == bug) return bug;
    if (code == 1 || out == 0) out = code;
  }
  return out;
}

std::string summary(const ReportList& list) {
  const ClusterCounts c = count(list);
  std::vector<std::string> parts;
  const auto add = [&](std::size_t number, std::string_view what) {
    if (number != 0) parts.push_back(std::to_string(number) + ' ' + std::string(what));
  };
  add(c.errors, "with errors");
  add(c.unread, "could not be read");
  add(c.warnings, "with warnings");
  add(c.incomplete, "not fully checked");
  add(c.ok, "ok");
  std::size_t ignored = 0;
  std::vector<std::string> loosened;
  for (const ListedCluster& cluster : list.clusters) {
    if (!cluster.report) continue;
    ignored += cluster.report->ignored.size() + cluster.report->ignored_symptoms;
    loosened = cluster.report->loosened;  // of the run: the same for all
  }
  if (ignored != 0) parts.push_back(base::plural(ignored, "finding") + " ignored");
  parts.insert(parts.end(), loosened.begin(), loosened.end());
  return base::plural(list.clusters.size(), "cluster") + ": " + base::join(parts, ", ");
}

std::vector<Digest> digests(const Report& report) {
  std::vector<Digest> out;
  out.push_back(digest(report));
  return out;
}

std::vector<Digest> digests(const ReportList& list) {
  std::vector<Digest> out;
  for (const ListedCluster& cluster : list.clusters) {
    Digest one = cluster.report ? digest(*cluster.report) : digest(*cluster.failure, list.version);
    one.command = "doctor";
    one.cluster = cluster.context;
    if (one.error) one.summary = "could not be read";
    for (DigestItem& item : one.items) {
      item.fingerprint =
          "sha256:" + base::sha256_hex(cluster.context + '\n' + item.fingerprint).substr(0, 16);
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace report
