// Whole recorded clusters, for tests of all checks at once.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checks/core/runner.hpp"
#include "kube/snapshot.hpp"

namespace support {

// A cluster in one file, read as a whole (--whole-cluster): recorded from a real control plane
// (../shared/testdata/clusters), or one of examples/.
class Recording {
 public:
  // The recorded ones without ".yaml", ordered; empty when the folder is not there.
  static std::vector<std::string> names();
  explicit Recording(const std::string& name) : Recording(name, path_of(name)) {}
  // "healthy-cluster", "broken-cluster": always there.
  static Recording example(const std::string& name);

  const std::string& name() const { return name_; }
  // Every list; `change` may alter each (to forbid it, to leave it out).
  using Change = std::function<void(const kube::Resource&, kube::List&)>;
  kube::Snapshot snapshot(const Change& change = {}) const;

 private:
  Recording(const std::string& name, const std::string& path);
  static std::string path_of(const std::string& name);
  std::string name_;
  std::shared_ptr<kube::Document> document_;
  std::vector<kube::Object> objects_;
  std::vector<std::string> kinds_with_crd_;  // "modeladapters.model.aibrix.ai"
  std::optional<base::Time> now_;
};

// Both examples, then what is recorded; says so where nothing is.
const std::vector<Recording>& whole_clusters();

// The checks on one snapshot.
checks::Outcomes run_on(const kube::Snapshot& snapshot,
                        std::span<const checks::Check* const> checks = checks::all());

}  // namespace support
