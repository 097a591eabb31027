#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checks/core/runner.hpp"
#include "kube/snapshot.hpp"

namespace support {

// One of the recorded clusters of ../shared/testdata, read as a whole (--whole-cluster).
class Recording {
 public:
  // Base names without ".yaml", ordered; empty when the folder is not there.
  static std::vector<std::string> names();
  explicit Recording(const std::string& name);

  const std::string& name() const { return name_; }
  // Every list; `change` may alter each (to forbid it, to leave it out).
  using Change = std::function<void(const kube::Resource&, kube::List&)>;
  kube::Snapshot snapshot(const Change& change = {}) const;

 private:
  std::string name_;
  std::shared_ptr<kube::Document> document_;
  std::vector<kube::Object> objects_;
  std::vector<std::string> kinds_with_crd_;  // "modeladapters.model.aibrix.ai"
  std::optional<base::Time> now_;
};

// The checks on one snapshot.
checks::Outcomes run_on(const kube::Snapshot& snapshot,
                        std::span<const checks::Check* const> checks = checks::all());

}  // namespace support
