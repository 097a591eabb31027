// The writer of RBAC roles and bindings as YAML and JSON.
#include "report/role_manifest.hpp"

#include "base/text.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/layout.hpp"

namespace report {
namespace {

using kube::Json;
using kube::Role;
using kube::Rule;

constexpr const char* rbac_group = "rbac.authorization.k8s.io";

std::string role_kind(const Role& role) {
  return role.ns.empty() ? "ClusterRole" : "Role";
}

Json metadata(const Role& role, const RoleOptions& options) {
  Json out = {{"name", options.name}};
  if (!role.ns.empty()) out["namespace"] = role.ns;
  return out;
}

Json rule_json(const Rule& rule) {
  Json out = {{"apiGroups", {rule.group}}, {"resources", rule.resources}};
  if (!rule.names.empty()) out["resourceNames"] = rule.names;
  out["verbs"] = rule.verbs;
  return out;
}

Json discovery_rule() {
  return {{"nonResourceURLs", {"/version", "/api", "/api/*", "/apis", "/apis/*"}},
          {"verbs", {"get"}}};
}

bool with_discovery(const Role& role, const RoleOptions& options) {
  return options.discovery && role.ns.empty();
}

Json subject_json(const RoleSubject& subject) {
  switch (subject.kind) {
    case RoleSubject::Kind::user:
      return {{"apiGroup", rbac_group}, {"kind", "User"}, {"name", subject.name}};
    case RoleSubject::Kind::group:
      return {{"apiGroup", rbac_group}, {"kind", "Group"}, {"name", subject.name}};
    case RoleSubject::Kind::service_account: break;
  }
  return {{"kind", "ServiceAccount"}, {"name", subject.name}, {"namespace", subject.ns}};
}

Json document_head(const std::string& kind, const Role& role, const RoleOptions& options) {
  return {{"apiVersion", std::string(rbac_group) + "/v1"},
          {"kind", kind},
          {"metadata", metadata(role, options)}};
}

Json role_json(const Role& role, const RoleOptions& options) {
  Json out = document_head(role_kind(role), role, options);
  out["rules"] = Json::array();
  for (const Rule& rule : role.rules) out["rules"].push_back(rule_json(rule));
  if (with_discovery(role, options)) out["rules"].push_back(discovery_rule());
  return out;
}

Json binding_json(const Role& role, const RoleOptions& options) {
  Json out = document_head(role_kind(role) + "Binding", role, options);
  out["roleRef"] = {{"apiGroup", rbac_group}, {"kind", role_kind(role)}, {"name", options.name}};
  out["subjects"] = Json::array({subject_json(*options.subject)});
  return out;
}

// A member on one line.
std::string flow(const Json& value) {
  if (!value.is_array()) return kube::yaml_scalar(value.get<std::string>());
  std::vector<std::string> items;
  for (const Json& item : value) items.push_back(flow(item));
  return '[' + base::join(items, ", ") + ']';
}

void members(const Json& object, const std::string& first, const std::string& rest,
             std::string& out) {
  std::string indent = first;
  for (const auto& [key, value] : object.items()) {
    out += indent + key + ": " + flow(value) + '\n';
    indent = rest;
  }
}

void comments(const Rule& rule, const RoleOptions& options, std::string& out) {
  if (!options.comment) return;
  for (const std::string& resource : rule.resources) {
    const std::string text = options.comment(rule, resource);
    if (!text.empty()) out += block(base::printable(text), "# ", "#   ", 100);
  }
}

void head_text(const Json& document, std::string& out) {
  out += "apiVersion: " + flow(document["apiVersion"]) + "\nkind: " + flow(document["kind"]) +
         "\nmetadata:\n";
  members(document["metadata"], "  ", "  ", out);
}

void role_text(const Role& role, const RoleOptions& options, std::string& out) {
  head_text(role_json(role, options), out);
  out += "rules:\n";
  for (const Rule& rule : role.rules) {
    comments(rule, options, out);
    members(rule_json(rule), "- ", "  ", out);
  }
  if (with_discovery(role, options)) members(discovery_rule(), "- ", "  ", out);
}

void binding_text(const Role& role, const RoleOptions& options, std::string& out) {
  const Json document = binding_json(role, options);
  head_text(document, out);
  out += "roleRef:\n";
  members(document["roleRef"], "  ", "  ", out);
  out += "subjects:\n";
  for (const Json& subject : document["subjects"]) members(subject, "- ", "  ", out);
}

}  // namespace

std::optional<RoleSubject> parse_role_subject(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view kind = text.substr(0, colon);
  const std::string_view name = text.substr(colon + 1);
  if (name.empty()) return std::nullopt;
  if (kind == "user") return RoleSubject{RoleSubject::Kind::user, {}, std::string(name)};
  if (kind == "group") return RoleSubject{RoleSubject::Kind::group, {}, std::string(name)};
  const std::size_t second = name.find(':');
  if (kind != "sa" || second == std::string_view::npos || second == 0 ||
      second + 1 == name.size()) {
    return std::nullopt;
  }
  return RoleSubject{RoleSubject::Kind::service_account, std::string(name.substr(0, second)),
                     std::string(name.substr(second + 1))};
}

std::string roles_yaml(std::span<const Role> roles, const RoleOptions& options) {
  std::string out;
  for (const Role& role : roles) {
    if (!out.empty()) out += "---\n";
    role_text(role, options, out);
    if (!options.subject) continue;
    out += "---\n";
    binding_text(role, options, out);
  }
  return out;
}

std::string roles_json(std::span<const Role> roles, const RoleOptions& options) {
  Json list = {{"apiVersion", "v1"}, {"kind", "List"}, {"items", Json::array()}};
  for (const Role& role : roles) {
    list["items"].push_back(role_json(role, options));
    if (options.subject) list["items"].push_back(binding_json(role, options));
  }
  return kube::json_text(list);
}

}  // namespace report
