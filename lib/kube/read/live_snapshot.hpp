// A cluster that was read once and is kept up to date by what watches tell.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kube/read/watch_change.hpp"
#include "kube/snapshot.hpp"

namespace kube {

// Holds what was read, and of each object that changed since then its last state: however many
// changes there are, that is at most what was read and once what there is now.
class LiveSnapshot {
 public:
  explicit LiveSnapshot(Snapshot read) : base_(std::move(read)) {}

  void apply(WatchChange change);
  // These kinds were read anew: what was known of them is forgotten.
  void replace(const Snapshot& read, std::span<const Resource* const> kinds);
  // What is known now, with its own clock.
  Snapshot snapshot(std::optional<base::Time> now, const std::vector<std::string>& notes) const;

  const Snapshot& as_read() const { return base_; }
  // The state of a kind, which replace() may have changed.
  ListState state(const Resource& resource) const;
  // Objects held beside what was read.
  std::size_t changed() const;

 private:
  using Key = std::pair<std::string, std::string>;  // namespace and name
  const Snapshot& source_of(const Resource& resource) const;

  Snapshot base_;
  std::map<const Resource*, Snapshot> replaced_;
  std::map<const Resource*, std::map<Key, WatchChange>> changed_;
};

}  // namespace kube
