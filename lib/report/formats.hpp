// The formats that are made of a digest: one function and one file each, and their table.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "report/digest.hpp"

namespace report {

// JUnit XML, as Jenkins' and GitLab's readers take it: what makes the run fail is a failure.
std::string junit(const Digest& digest);
// SARIF 2.1.0.
std::string sarif(const Digest& digest);
// Workflow commands of GitHub Actions ("::error title=…::…"), ten at most: it shows no more of a
// step.
std::string github(const Digest& digest);
// GitLab's Code Quality.
std::string gitlab(const Digest& digest);
// A table, as for GITHUB_STEP_SUMMARY.
std::string markdown(const Digest& digest);
// Gauges that both Prometheus (a textfile collector) and a reader of OpenMetrics take.
std::string prometheus(const Digest& digest);
// A ClusterPolicyReport of wgpolicyk8s.io, in YAML.
std::string policy_report(const Digest& digest);
// One page that asks nobody for anything.
std::string html(const Digest& digest);

struct Format {
  std::string_view name;  // what -o takes
  std::string (*render)(const Digest&);
};
std::span<const Format> digest_formats();
const Format* find_digest_format(std::string_view name);  // nullptr: none

}  // namespace report
