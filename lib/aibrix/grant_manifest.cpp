// The planner and writer of ReferenceGrants that this program makes.
#include "aibrix/grant_manifest.hpp"

#include <algorithm>

#include "aibrix/grants.hpp"
#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "kube/files/yaml_text.hpp"

namespace aibrix {
namespace {

// spec.from and spec.to of the CRD: maxItems 16.
constexpr std::size_t max_entries = 16;

std::vector<std::vector<std::string>> chunks(std::span<const std::string> all) {
  std::vector<std::vector<std::string>> out;
  for (std::size_t i = 0; i < all.size(); i += max_entries) {
    const auto part = all.subspan(i, std::min(max_entries, all.size() - i));
    out.emplace_back(part.begin(), part.end());
  }
  if (out.empty()) out.emplace_back();
  return out;
}

}  // namespace

std::vector<PlannedGrant> plan_grants(std::string_view ns, std::span<const std::string> from,
                                      std::span<const std::string> services,
                                      std::string_view version) {
  std::string name(own_grant_prefix);
  if (from.size() == 1) name += "-from-" + from.front();
  std::vector<PlannedGrant> out;
  for (const auto& sources : chunks(from)) {
    for (const auto& targets : chunks(services)) {
      PlannedGrant grant;
      grant.name = name;
      if (!out.empty()) grant.name += '-' + std::to_string(out.size() + 1);
      grant.ns = ns;
      grant.version = version;
      grant.from = sources;
      grant.services = targets;
      out.push_back(std::move(grant));
    }
  }
  return out;
}

std::string manifest(std::span<const PlannedGrant> grants) {
  std::string out;
  for (const PlannedGrant& grant : grants) {
    if (!out.empty()) out += "---\n";
    out += "apiVersion: " +
           kube::yaml_scalar(std::string(gateway_group).append("/").append(grant.version)) + '\n';
    out += "kind: ReferenceGrant\nmetadata:\n  name: " + kube::yaml_scalar(grant.name) + '\n';
    out += "  namespace: " + kube::yaml_scalar(grant.ns) + "\n  labels:\n    ";
    out += std::string(managed_by) + ": aibrixctl\nspec:\n  from:\n";
    for (const std::string& ns : grant.from) {
      out += "    - group: " + std::string(gateway_group) + "\n      kind: HTTPRoute\n";
      out += "      namespace: " + kube::yaml_scalar(ns) + '\n';
    }
    out += "  to:\n";
    if (grant.services.empty()) out += "    - group: \"\"\n      kind: Service\n";
    for (const std::string& service : grant.services) {
      out += "    - group: \"\"\n      kind: Service\n      name: " + kube::yaml_scalar(service) +
             '\n';
    }
  }
  return out;
}

std::string controller_grant_name(std::string_view ns) {
  return std::string(names::grant_prefix).append(ns);
}

bool is_controller_grant(const kube::Object& grant) {
  return grant.name() == controller_grant_name(grant.ns());
}

bool is_own_grant(const kube::Object& grant) {
  return grant.label(managed_by) == "aibrixctl" && grant.name().starts_with(own_grant_prefix);
}

std::string grant_version(const kube::Snapshot& snapshot) {
  const auto served = snapshot.served_versions(resources::reference_grants);
  return served.empty() ? "v1beta1" : served.front();
}

}  // namespace aibrix
