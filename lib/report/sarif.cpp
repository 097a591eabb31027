// SARIF 2.1.0 (OASIS), as GitHub's code scanning and editors read it.
#include <map>

#include "base/text.hpp"
#include "base/time.hpp"
#include "base/utf8.hpp"
#include "kube/files/json_document.hpp"
#include "report/formats.hpp"

namespace report {
namespace {

using kube::Json;

constexpr const char* sarif_schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

std::string_view level_of(checks::Level level) {
  switch (level) {
    case checks::Level::info: return "note";
    case checks::Level::warning: return "warning";
    case checks::Level::error: return "error";
  }
  return "error";
}

Json text_json(std::string_view text) {
  return {{"text", base::utf8(text)}};
}

std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty()) out.front() = base::upper(out.substr(0, 1)).front();
  return out.ends_with('.') ? out : out + '.';
}

Json rule_of(const DigestCheck& check) {
  Json out = {{"id", check.code}};
  out["shortDescription"] = text_json(sentence(check.title));
  out["fullDescription"] =
      text_json(check.meaning.empty() ? sentence(check.title) : std::string(check.meaning));
  std::string help = check.meaning.empty() ? sentence(check.title) : std::string(check.meaning);
  if (!check.causes.empty()) help += "\n\nCauses: " + std::string(check.causes);
  if (!check.fix.empty()) help += "\n\nFix: " + std::string(check.fix);
  out["help"] = text_json(help);
  kube::put(out, "helpUri", help_page(check.code));
  out["defaultConfiguration"] = {{"level", level_of(check.level)}};
  out["properties"] = {{"tags", Json::array({check.area})}};
  return out;
}

// A path as a URI reference: relative to where the program ran, which is what a checkout is.
std::string uri_of(const std::string& path) {
  std::string_view relative = path;
  while (relative.starts_with("./")) relative.remove_prefix(2);
  const std::string encoded = base::percent_encode(relative, "-._~/!$&'()*+,;=@");
  return path.starts_with('/') ? "file://" + encoded : encoded;
}

Json location_of(const Digest& digest, const DigestItem& item) {
  Json out = Json::object();
  const Place place = place_of(item);
  if (!place.file.empty()) {
    Json& physical = out["physicalLocation"];
    physical["artifactLocation"] = {{"uri", uri_of(place.file)}};
    physical["region"] = {{"startLine", place.line == 0 ? 1 : place.line}};
    if (place.column != 0) physical["region"]["startColumn"] = place.column;
  }
  const std::string object = object_text(item);
  if (object.empty() && !place.file.empty()) return out;
  Json logical = {{"name", base::utf8(object.empty() ? "cluster" : item.object.ref.name)},
                  {"fullyQualifiedName",
                   base::utf8(under_cluster(digest, object.empty() ? "cluster" : object))},
                  {"kind", object.empty() ? "namespace" : "object"}};
  if (!item.object.path.empty()) {
    logical["fullyQualifiedName"] =
        base::utf8(under_cluster(digest, object + '.' + item.object.path));
  }
  out["logicalLocations"] = Json::array({std::move(logical)});
  return out;
}

Json result_of(const Digest& digest, const DigestItem& item,
               const std::map<std::string, std::size_t>& rules) {
  Json out = {{"ruleId", item.code}};
  const auto rule = rules.find(item.code);
  if (rule != rules.end()) out["ruleIndex"] = rule->second;
  out["level"] = level_of(item.level);
  const std::string object = object_text(item);
  std::string message = in_cluster(digest, (object.empty() ? "" : object + ": ") + headline(item));
  if (!item.remedies.empty() && !item.remedies.front().text.empty()) {
    message += "\nFix: " + item.remedies.front().text;
  }
  out["message"] = text_json(message);
  out["locations"] = Json::array({location_of(digest, item)});
  out["partialFingerprints"] = {{"aibrixctl/v1", item.fingerprint}};
  Json properties = Json::object();
  for (const checks::Evidence& e : item.evidence) {
    Json entry = {{"key", base::utf8(e.key)}, {"value", base::utf8(e.value)}};
    kube::put(entry, "want", e.want);
    properties["evidence"].push_back(std::move(entry));
  }
  if (!item.remedies.empty()) kube::put(properties, "command", item.remedies.front().command);
  if (!properties.empty()) out["properties"] = std::move(properties);
  return out;
}

Json notification(std::string_view level, std::string_view message) {
  return {{"level", level}, {"message", text_json(message)}};
}

Json invocation_of(const Digest& digest) {
  Json out = {{"executionSuccessful", !digest.error}, {"exitCode", digest.exit_code}};
  if (digest.time) out["endTimeUtc"] = base::format_time(*digest.time);
  Json notes = Json::array();
  if (digest.error) {
    std::string message = digest.error->message;
    if (!digest.error->hint.empty()) message += '\n' + digest.error->hint;
    notes.push_back(notification("error", message));
    notes.back()["descriptor"] = {{"id", digest.error->reason}};
  }
  for (const DigestCheck& check : digest.checks) {
    if (!check.lacking) continue;
    notes.push_back(
        notification(check.outcome == checks::Outcome::crashed ? "error" : "note",
                     "not checked: " + std::string(check.title) + " (" +
                         (check.detail.empty() ? std::string(check.reason) : check.detail) + ')'));
    notes.back()["associatedRule"] = {{"id", check.code}};
  }
  if (!digest.left_out.empty()) {
    notes.push_back(notification("note", "left out of the count: " + digest.left_out));
  }
  for (const std::string& note : digest.notes) notes.push_back(notification("note", note));
  if (!notes.empty()) out["toolExecutionNotifications"] = std::move(notes);
  return out;
}

Json run_of(const Digest& digest) {
  Json driver = {
      {"name", "aibrixctl"}, {"version", digest.version}, {"semanticVersion", digest.version}};
  std::map<std::string, std::size_t> numbers;
  driver["rules"] = Json::array();
  for (const DigestCheck& check : digest.checks) {
    numbers[check.code] = driver["rules"].size();
    driver["rules"].push_back(rule_of(check));
  }
  Json run;
  run["tool"]["driver"] = std::move(driver);
  run["invocations"] = Json::array({invocation_of(digest)});
  if (!digest.command.empty()) {
    std::string id = "aibrixctl/" + digest.command + '/';
    if (!digest.cluster.empty()) id += base::percent_encode(digest.cluster, "-._~") + '/';
    run["automationDetails"] = {{"id", id}};
  }
  run["columnKind"] = "unicodeCodePoints";
  run["results"] = Json::array();
  for (const DigestItem& item : digest.items) {
    run["results"].push_back(result_of(digest, item, numbers));
  }
  return run;
}

}  // namespace

std::string sarif(Digests digests) {
  Json out = {{"$schema", sarif_schema}, {"version", "2.1.0"}};
  out["runs"] = Json::array();
  for (const Digest& digest : digests) out["runs"].push_back(run_of(digest));
  return kube::json_text(out);
}

}  // namespace report
