// GitLab's Code Quality: a list of issues, each at a line of a file.
#include <set>

#include "base/sha256.hpp"
#include "base/utf8.hpp"
#include "kube/files/json_document.hpp"
#include "report/formats.hpp"

namespace report {
namespace {

using kube::Json;

std::string_view severity(checks::Level level) {
  switch (level) {
    case checks::Level::info: return "info";
    case checks::Level::warning: return "minor";
    case checks::Level::error: return "critical";
  }
  return "critical";
}

Json issue(std::string_view description, std::string_view check, std::string_view fingerprint,
           std::string_view level) {
  return {{"description", base::utf8(description)},
          {"check_name", check},
          {"fingerprint", fingerprint},
          {"severity", level}};
}

// A path and a line are required. What is in no file is said to be at its object's place.
Json location(const Digest& digest, const DigestItem& item) {
  const Place place = place_of(item);
  std::string path = place.file;
  if (path.empty()) {
    const kube::ObjectRef& ref = item.object.ref;
    path = digest.cluster.empty() ? "cluster" : "clusters/" + digest.cluster;
    for (const std::string& part : {ref.ns, ref.kind, ref.name}) {
      if (!part.empty()) path += '/' + part;
    }
  }
  if (path.starts_with("./")) path.erase(0, 2);  // GitLab wants the path as git has it
  Json out = {{"path", base::utf8(path)}};
  out["lines"]["begin"] = place.line == 0 ? 1 : place.line;
  return out;
}

// About the run, and no object.
Json issue_of_run(const Digest& digest, const std::string& message, std::string_view check,
                  const std::string& fingerprint, std::string_view level) {
  const std::string& cluster = digest.cluster;
  Json out = issue(
      in_cluster(digest, message), check,
      cluster.empty() ? fingerprint : fingerprint + '-' + base::sha256_hex(cluster).substr(0, 16),
      level);
  out["location"]["path"] =
      base::utf8(cluster.empty() ? std::string("aibrixctl") : "clusters/" + cluster);
  out["location"]["lines"]["begin"] = 1;
  return out;
}

// GitLab keeps one issue of each fingerprint.
void add_issues(const Digest& digest, std::set<std::string>& seen, Json& out) {
  for (const DigestItem& item : digest.items) {
    std::string fingerprint = item.fingerprint;
    for (std::size_t n = 2; !seen.insert(fingerprint).second; ++n) {
      fingerprint = item.fingerprint + '-' + std::to_string(n);
    }
    const std::string object = object_text(item);
    Json entry = issue(in_cluster(digest, item.code + ' ' + (object.empty() ? "" : object + ": ") +
                                              headline(item)),
                       item.code, fingerprint, severity(item.level));
    entry["location"] = location(digest, item);
    out.push_back(std::move(entry));
  }
  if (!digest.left_out.empty()) {
    out.push_back(issue_of_run(digest, "left out of the count: " + digest.left_out, "left-out",
                               "left-out", "info"));
  }
  if (digest.error) {
    out.push_back(
        issue_of_run(digest, digest.error->message, digest.error->reason, "run", "blocker"));
  }
}

}  // namespace

std::string gitlab(Digests digests) {
  Json out = Json::array();
  std::set<std::string> seen;
  for (const Digest& digest : digests) add_issues(digest, seen, out);
  return kube::json_text(out);
}

}  // namespace report
