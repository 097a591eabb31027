// A ClusterPolicyReport of the Kubernetes policy working group (wgpolicyk8s.io/v1alpha2).
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/formats.hpp"

namespace report {
namespace {

using kube::Json;

Json policy_result(const Digest& digest, std::string_view rule, std::string_view area,
                   std::string_view result) {
  Json out = {{"source", "aibrixctl"}, {"policy", "aibrixctl"}, {"rule", rule}};
  kube::put(out, "category", area);
  out["result"] = result;
  out["scored"] = result != "skip" && result != "error";
  if (digest.time) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(digest.time->time_since_epoch());
    out["timestamp"] = {{"seconds", seconds.count()}, {"nanos", 0}};
  }
  return out;
}

std::string_view severity_of(checks::Level level) {
  switch (level) {
    case checks::Level::info: return "low";
    case checks::Level::warning: return "medium";
    case checks::Level::error: return "high";
  }
  return "high";
}

Json reference(const checks::Subject& s) {
  const std::string version = s.version.empty() ? "v1" : s.version;
  Json out = {
      {"apiVersion", base::utf8(s.ref.group.empty() ? version : s.ref.group + '/' + version)},
      {"kind", base::utf8(s.ref.kind)}};
  kube::put(out, "namespace", s.ref.ns);
  kube::put(out, "name", s.ref.name);
  kube::put(out, "uid", s.uid);
  return out;
}

void add_property(Json& properties, const std::string& name, std::string_view value) {
  if (!value.empty()) properties[base::utf8(name)] = base::utf8(value);
}

Json policy_item(const Digest& digest, const DigestItem& item, std::string_view area) {
  // An error is one whatever ends the run: a job that fails on nothing still reports it.
  const bool fails = item.fails || item.level == checks::Level::error;
  const bool bad = item.level != checks::Level::info;
  Json out = policy_result(digest, item.code, area, fails ? "fail" : bad ? "warn" : "pass");
  out["severity"] = severity_of(item.level);
  out["message"] = base::utf8(headline(item));
  if (!item.object.ref.kind.empty()) out["resources"].push_back(reference(item.object));
  Json properties = Json::object();
  add_property(properties, "fingerprint", item.fingerprint);
  add_property(properties, "path", item.object.path);
  add_property(properties, "place", place_text(item));
  add_property(properties, "help", help_page(item.code));
  for (const checks::Evidence& e : item.evidence) {
    add_property(properties, "evidence: " + e.key,
                 e.want.empty() ? e.value : e.value + " (should be: " + e.want + ')');
  }
  if (!item.remedies.empty()) {
    add_property(properties, "fix", item.remedies.front().text);
    add_property(properties, "command", item.remedies.front().command);
  }
  out["properties"] = std::move(properties);
  return out;
}

Json policy_check(const Digest& digest, const DigestCheck& check) {
  const bool ok = check.outcome == checks::Outcome::ok;
  const bool broken =
      check.outcome == checks::Outcome::crashed || (check.lacking && digest.require_complete);
  Json out = policy_result(digest, check.code, check.area, ok ? "pass" : broken ? "error" : "skip");
  kube::put(out, "message", check.detail.empty() ? check.title : std::string_view(check.detail));
  return out;
}

// Two contexts may read the same once they are names of objects: a hash tells them apart.
std::string report_name(const std::string& cluster) {
  if (cluster.empty()) return "aibrixctl";
  constexpr std::size_t most = 40;
  std::string name;
  for (const char c : base::lower(cluster)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain || (!name.empty() && name.back() != '-')) name += plain ? c : '-';
  }
  name = name.substr(0, most);
  if (!name.empty() && name.back() != '-') name += '-';
  return "aibrixctl-" + name + base::sha256_hex(cluster).substr(0, 8);
}

Json policy_document(const Digest& digest) {
  Json out = {{"apiVersion", "wgpolicyk8s.io/v1alpha2"}, {"kind", "ClusterPolicyReport"}};
  out["metadata"] = {{"name", report_name(digest.cluster)},
                     {"labels", {{"app.kubernetes.io/managed-by", "aibrixctl"}}}};
  if (!digest.cluster.empty()) {
    out["metadata"]["annotations"] = {{"aibrixctl.io/context", base::utf8(digest.cluster)}};
  }
  out["summary"] = Json::object();
  out["results"] = Json::array();
  for (const DigestItem& item : digest.items) {
    out["results"].push_back(policy_item(digest, item, digest.area_of(item.code)));
  }
  for (const DigestCheck& check : digest.checks) {
    if (check.outcome == checks::Outcome::found) continue;  // its findings stand for it
    out["results"].push_back(policy_check(digest, check));
  }
  if (!digest.left_out.empty()) {
    Json kept = policy_result(digest, "left-out", "run", "skip");
    kept["message"] = base::utf8("left out of the count: " + digest.left_out);
    out["results"].push_back(std::move(kept));
  }
  if (digest.error) {
    Json failed = policy_result(digest, digest.error->reason, "run", "error");
    failed["message"] = base::utf8(digest.error->message);
    out["results"].push_back(std::move(failed));
  }
  for (const char* result : {"pass", "fail", "warn", "error", "skip"}) {
    std::size_t count = 0;
    for (const Json& r : out["results"]) count += r["result"] == result ? 1 : 0;
    out["summary"][result] = count;
  }
  return out;
}

}  // namespace

std::string policy_report(Digests digests) {
  std::string out;
  for (const Digest& digest : digests) {
    if (!out.empty()) out += "---\n";
    out += kube::yaml_text(policy_document(digest).dump());
  }
  return out;
}

}  // namespace report
