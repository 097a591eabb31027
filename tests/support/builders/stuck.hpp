// Objects that are being deleted, in YAML; now is 2026-01-01T01:00:00Z.
#pragma once
#include <string>

#include "support/builders/component.hpp"

namespace stuck {

inline constexpr const char* now = "2026-01-01T01:00:00Z";

// A namespace that is being deleted since `at`, with these conditions (YAML flow maps).
inline std::string going_namespace(const std::string& name, const std::string& at,
                                   const std::string& conditions = "",
                                   const std::string& meta = "") {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", uid: n-" + name +
         ", deletionTimestamp: \"" + at + "\"" + meta +
         "}\nspec: {finalizers: [kubernetes]}\nstatus:\n  phase: Terminating\n  conditions: [" +
         conditions + "]\n";
}

inline std::string condition(const std::string& type, const std::string& reason,
                             const std::string& message) {
  return "{type: " + type + ", status: \"True\", reason: " + reason + ", message: '" + message +
         "'},";
}

inline std::string remaining(const std::string& what) {
  return condition("NamespaceContentRemaining", "SomeResourcesRemain",
                   "Some resources are remaining: " + what);
}

inline std::string finalizers(const std::string& what) {
  return condition("NamespaceFinalizersRemaining", "SomeFinalizersRemain",
                   "Some content in the namespace has finalizers remaining: " + what);
}

// An object of a kind with finalizers; being deleted since `at` unless that is empty.
inline std::string object(const std::string& api, const std::string& kind, const std::string& ns,
                          const std::string& name, const std::string& at,
                          const std::string& finalizers, const std::string& rest = "") {
  std::string out = "---\napiVersion: " + api + "\nkind: " + kind + "\nmetadata:\n  name: " + name +
                    "\n  uid: u-" + name + "\n";
  if (!ns.empty()) out += "  namespace: " + ns + "\n";
  if (!at.empty()) out += "  deletionTimestamp: \"" + at + "\"\n";
  return out + "  finalizers: [" + finalizers + "]\n" + rest;
}

inline std::string adapter(const std::string& ns, const std::string& name, const std::string& at,
                           const std::string& finalizers = "adapter.model.aibrix.ai/finalizer",
                           const std::string& rest = "") {
  return object("model.aibrix.ai/v1alpha1", "ModelAdapter", ns, name, at, finalizers, rest);
}

}  // namespace stuck
