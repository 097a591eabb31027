// The laying of changes over what was read.
#include "kube/read/live_snapshot.hpp"

#include <algorithm>

namespace kube {

const Snapshot& LiveSnapshot::source_of(const Resource& resource) const {
  const auto it = replaced_.find(&resource);
  return it == replaced_.end() ? base_ : it->second;
}

ListState LiveSnapshot::state(const Resource& resource) const {
  return source_of(resource).state(resource);
}

void LiveSnapshot::apply(WatchChange change) {
  auto& changed = changed_[change.resource];
  Key key{change.ns, change.name};
  // What came and went leaves nothing behind.
  const bool unknown =
      !change.object && !source_of(*change.resource).find(*change.resource, change.ns, change.name);
  if (unknown) {
    changed.erase(key);
    return;
  }
  changed.insert_or_assign(std::move(key), std::move(change));
}

void LiveSnapshot::replace(const Snapshot& read, std::span<const Resource* const> kinds) {
  for (const Resource* kind : kinds) {
    changed_.erase(kind);
    // Nothing of the other kinds that this reading may hold is kept alive.
    SnapshotBuilder builder(Source::cluster);
    builder.take(*kind, read);
    replaced_.insert_or_assign(kind, builder.build());
  }
}

Snapshot LiveSnapshot::snapshot(std::optional<base::Time> now,
                                const std::vector<std::string>& notes) const {
  SnapshotBuilder builder(base_);
  for (const auto& [kind, read] : replaced_) builder.take(*kind, read);
  for (const auto& [kind, changed] : changed_) {
    std::vector<Object>& objects = builder.list(*kind).objects;
    std::erase_if(objects, [&changed = changed](const Object& object) {
      return changed.contains({std::string(object.ns()), std::string(object.name())});
    });
    for (const auto& [key, change] : changed) {
      if (!change.object) continue;
      objects.push_back(*change.object);
      builder.own(change.memory);
    }
  }
  if (now) builder.now(now);
  for (const std::string& note : notes) builder.note(note);
  return builder.build();
}

std::size_t LiveSnapshot::changed() const {
  std::size_t count = 0;
  for (const auto& [kind, changed] : changed_) count += changed.size();
  return count;
}

}  // namespace kube
