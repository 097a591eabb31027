// The formats that are made of a digest: one function and one file each, and their table.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "report/digest.hpp"

namespace report {

// One run, or one for each cluster of a run of several (Digest::cluster): then each stands for
// itself, and is named.
using Digests = std::span<const Digest>;

// JUnit XML, as Jenkins' and GitLab's readers take it: what makes the run fail is a failure.
std::string junit(Digests digests);
// SARIF 2.1.0.
std::string sarif(Digests digests);
// Workflow commands of GitHub Actions ("::error title=…::…"), ten at most: it shows no more of a
// step.
std::string github(Digests digests);
// GitLab's Code Quality.
std::string gitlab(Digests digests);
// A table, as for GITHUB_STEP_SUMMARY.
std::string markdown(Digests digests);
// Gauges that both Prometheus (a textfile collector) and a reader of OpenMetrics take.
std::string prometheus(Digests digests);
// A ClusterPolicyReport of wgpolicyk8s.io, in YAML.
std::string policy_report(Digests digests);
// One page that asks nobody for anything.
std::string html(Digests digests);

// Of one run.
inline std::string junit(const Digest& digest) {
  return junit(Digests(&digest, 1));
}
inline std::string sarif(const Digest& digest) {
  return sarif(Digests(&digest, 1));
}
inline std::string github(const Digest& digest) {
  return github(Digests(&digest, 1));
}
inline std::string gitlab(const Digest& digest) {
  return gitlab(Digests(&digest, 1));
}
inline std::string markdown(const Digest& digest) {
  return markdown(Digests(&digest, 1));
}
inline std::string prometheus(const Digest& digest) {
  return prometheus(Digests(&digest, 1));
}
inline std::string policy_report(const Digest& digest) {
  return policy_report(Digests(&digest, 1));
}
inline std::string html(const Digest& digest) {
  return html(Digests(&digest, 1));
}

struct Format {
  std::string_view name;  // what -o takes
  std::string (*render_all)(Digests);

  std::string render(const Digest& digest) const { return render_all(Digests(&digest, 1)); }
};
std::span<const Format> digest_formats();
const Format* find_digest_format(std::string_view name);  // nullptr: none

}  // namespace report
