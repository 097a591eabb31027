// Names, labels, annotations and selectors, as every kind's are looked at. Sources:
// staging/src/k8s.io/apimachinery/pkg/util/validation and api/validation of Kubernetes.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "kube/schema/tell.hpp"
#include "kube/schema/validate.hpp"

namespace kube {
namespace {

// Kinds whose names are path segments: letters of any case, colons. The last one's is not looked at
// (pkg/registry/policy/poddisruptionbudget).
bool has_free_name(std::string_view kind) {
  constexpr auto kinds = std::to_array<std::string_view>(
      {"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "PodDisruptionBudget"});
  return std::ranges::find(kinds, kind) != kinds.end();
}

class Names {
 public:
  Names(const Value& object, std::string_view kind) : object_(object), kind_(kind) {}

  void look_at_name() {
    const Value name = object_.at("metadata", "name");
    const std::string_view text = name.text();
    if (!text.empty() && text.find_first_of("${") == std::string_view::npos) {
      if (kind_ == "Service" || kind_ == "Namespace") {
        if (!is_dns_label(text)) bad_name("metadata.name", name, label_rule);
      } else if (!has_free_name(kind_) && !is_subdomain(text)) {
        bad_name("metadata.name", name, subdomain_rule);
      }
      if (kind_ == "CronJob" && text.size() > 52) {
        bad_name("metadata.name", name, "must be no more than 52 characters");
      }
    }
    const Value ns = object_.at("metadata", "namespace");
    if (!ns.text().empty() && !is_dns_label(ns.text())) {
      bad_name("metadata.namespace", ns, label_rule);
    }
  }

  void look_at_labels(const Value& labels, const std::string& path) {
    for (const Member& label : labels.members()) {
      if (!is_qualified_name(label.key)) bad_key(path, label, "label");
      look_at_value(label.value, member_path(path, label.key));
    }
  }
  void look_at_value(const Value& value, const std::string& path) {
    if (!value.is_string() || is_label_value(value.text())) return;
    if (value.text().find("${") != std::string_view::npos) return;  // something fills it in
    found.push_back({Mistake::bad_label,
                     path,
                     "has " + shown(value) + " in " + path + ", which is no label value",
                     path + ": Invalid value: " + shown(value) +
                         ": a valid label must be an empty string or consist of alphanumeric "
                         "characters, '-', '_' or '.', and must start and end with an "
                         "alphanumeric character, at most 63 of them",
                     {},
                     value});
  }
  void look_at_annotations(const Value& annotations, const std::string& path) {
    for (const Member& one : annotations.members()) {
      if (!is_qualified_name(base::lower(one.key))) bad_key(path, one, "annotation");
    }
  }
  void look_at_metadata(const Value& metadata, const std::string& path) {
    look_at_labels(metadata["labels"], path + ".labels");
    look_at_annotations(metadata["annotations"], path + ".annotations");
  }

  std::vector<Violation> found;

 private:
  static constexpr std::string_view label_rule =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
      "must start and end with an alphanumeric character, at most 63 of them";
  static constexpr std::string_view subdomain_rule =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
      "'.', and must start and end with an alphanumeric character, at most 253 of them";

  static std::string shown(const Value& value) {
    return '"' + base::printable(base::shorten(value.text(), 80)) + '"';
  }

  void bad_name(const std::string& path, const Value& value, std::string_view rule) {
    found.push_back({Mistake::bad_name,
                     path,
                     "has " + shown(value) + " as " + path + ", which is no name of a " +
                         std::string(path == "metadata.name" ? kind_ : "Namespace"),
                     path + ": Invalid value: " + shown(value) + ": " + std::string(rule),
                     {},
                     value});
  }
  void bad_key(const std::string& path, const Member& member, const std::string& what) {
    found.push_back(
        {Mistake::bad_label,
         member_path(path, member.key),
         "has " + what + " key \"" + base::printable(member.key) + "\" in " + path +
             ", which is no key",
         path + ": Invalid value: \"" + base::printable(member.key) +
             "\": name part must consist of alphanumeric characters, '-', '_' or '.', "
             "and must start and end with an alphanumeric character, behind an optional "
             "DNS prefix and '/'",
         {},
         member.value});
  }

  const Value& object_;
  std::string_view kind_;
};

bool is_workload(std::string_view kind) {
  constexpr auto kinds = std::to_array<std::string_view>(
      {"Deployment", "StatefulSet", "ReplicaSet", "DaemonSet", "Job"});
  return std::ranges::find(kinds, kind) != kinds.end();
}

}  // namespace

std::vector<Violation> validate_names(const Value& object, std::string_view kind, bool core) {
  Names names(object, core ? kind : std::string_view());
  names.look_at_name();
  names.look_at_metadata(object["metadata"], "metadata");
  if (!core) return std::move(names.found);
  if (is_workload(kind)) {
    names.look_at_metadata(object.at("spec", "template", "metadata"), "spec.template.metadata");
    names.look_at_labels(object.at("spec", "selector", "matchLabels"), "spec.selector.matchLabels");
  }
  if (kind == "PodDisruptionBudget") {
    names.look_at_labels(object.at("spec", "selector", "matchLabels"), "spec.selector.matchLabels");
  }
  if (kind == "NetworkPolicy") {
    names.look_at_labels(object.at("spec", "podSelector", "matchLabels"),
                         "spec.podSelector.matchLabels");
  }
  if (kind == "Service") names.look_at_labels(object.at("spec", "selector"), "spec.selector");
  return std::move(names.found);
}

}  // namespace kube
