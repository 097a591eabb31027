// What kubectl would do to objects, for tests that carry a remedy out: patch, label, annotate,
// scale, set env, set image, delete, apply of a manifest.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "checks/core/command.hpp"
#include "kube/files/json_document.hpp"
#include "kube/snapshot.hpp"

namespace support {

// Objects by "kind/ns/name", as kube::to_string says it.
class Objects {
 public:
  explicit Objects(const kube::Snapshot& snapshot);

  // Carries a command out, and those that follow it. Empty, or why it cannot be.
  std::string run(const checks::Command& command);
  // As kubectl apply of YAML text would. Empty, or why it cannot be.
  std::string apply(std::string_view yaml);
  // Objects as their controllers leave them: merged into those that are there, added where they are
  // not, taken away where they say "gone: true".
  void follow(std::string_view yaml);

  // All of them, one JSON document each.
  std::string text() const;

 private:
  using Json = kube::Json;
  std::string run_one(const checks::Command& command);
  // The API server removes what is being deleted and has no finalizer left. Namespaces and pods
  // stay: their own programs finish them.
  void collect();

  std::map<std::string, Json> objects_;
};

}  // namespace support
