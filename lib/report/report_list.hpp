// The reports of several clusters, read in one run.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "report/digest.hpp"
#include "report/report.hpp"

namespace report {

// One cluster: its report, or why there is none.
struct ListedCluster {
  std::string context;
  std::optional<Report> report;
  std::optional<base::Error> failure;
  checks::Command command;  // shows this cluster's whole report
};

struct ReportList {
  std::string version;  // of aibrixctl
  std::vector<ListedCluster> clusters;
};

// What is wrong comes first: errors, then clusters that could not be read, warnings, what was not
// checked, and clusters without a finding. Of the same kind those with more of it, else in the
// order in which they were.
void sort_worst_first(ReportList& list);

// How many clusters there are of each kind.
struct ClusterCounts {
  std::size_t errors = 0, unread = 0, warnings = 0, incomplete = 0, ok = 0;
};
ClusterCounts count(const ReportList& list);

// 70 for a bug of ours; 1 when a cluster that could be read fails; 3 when one could not be, or not
// as completely as was asked for; else 0.
int exit_code(const ReportList& list);

// A line for each cluster on one screen; with Style::verbose all of them, and then each report.
std::string text(const ReportList& list, const Style& style);
// As of one report, with the context as the first field. A cluster that could not be read is a line
// of the level "unread", with the reason in place of the code.
std::string plain(const ReportList& list);
std::string short_lines(const ReportList& list);
// "4 clusters: 1 with errors, 1 could not be read, 2 ok".
std::string summary(const ReportList& list);
// One document of kind DoctorReportList, after report.schema.json.
std::string json(const ReportList& list);
std::string yaml(const ReportList& list);

// For the other formats: one for each cluster, named after its context. The fingerprints are those
// of the finding in this cluster: in two clusters they differ.
std::vector<Digest> digests(const ReportList& list);
// Of one report.
std::vector<Digest> digests(const Report& report);

}  // namespace report
