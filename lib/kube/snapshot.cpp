// The index of a snapshot's objects, and what their absence means.
#include "kube/snapshot.hpp"

#include <algorithm>
#include <utility>

namespace kube {
namespace {

using Key = std::pair<std::string_view, std::string_view>;
Key key_of(const Object& object) {
  return {object.ns(), object.name()};
}

std::string index_key(std::string_view ns, std::string_view name) {
  std::string key(ns);
  return key.append("/").append(name);
}

// v1 before v1beta1 before v1alpha2: as Kubernetes orders versions.
bool newer_version(const std::string& a, const std::string& b) {
  const auto rank = [](std::string_view v) {
    if (v.find("alpha") != std::string_view::npos) return 0;
    return v.find("beta") != std::string_view::npos ? 1 : 2;
  };
  return std::pair(rank(a), a) > std::pair(rank(b), b);
}

}  // namespace

const Snapshot::Entry* Snapshot::entry(const Resource& resource) const {
  const auto it = lists_.find(&resource);
  return it == lists_.end() ? nullptr : &it->second;
}

ListState Snapshot::state(const Resource& resource) const {
  const Entry* e = entry(resource);
  return e == nullptr ? ListState::not_asked : e->list.state;
}

bool Snapshot::withheld(const Resource& resource) const {
  const Entry* e = entry(resource);
  return e != nullptr && e->list.withheld;
}

std::string_view Snapshot::detail(const Resource& resource) const {
  const Entry* e = entry(resource);
  return e == nullptr ? std::string_view() : std::string_view(e->list.detail);
}

std::span<const Object> Snapshot::list(const Resource& resource) const {
  const Entry* e = entry(resource);
  if (e == nullptr || e->list.state != ListState::loaded) return {};
  return e->list.objects;
}

std::span<const Object> Snapshot::list(const Resource& resource, std::string_view ns) const {
  const auto all = list(resource);
  const auto first = std::lower_bound(
      all.begin(), all.end(), ns, [](const Object& o, std::string_view n) { return o.ns() < n; });
  const auto last = std::upper_bound(
      first, all.end(), ns, [](std::string_view n, const Object& o) { return n < o.ns(); });
  return {first, last};
}

bool Snapshot::complete(const Resource& resource) const {
  const Entry* e = entry(resource);
  if (e == nullptr) return false;
  return e->list.state == ListState::absent ||
         (e->list.state == ListState::loaded && e->list.everywhere);
}

bool Snapshot::complete(const Resource& resource, std::string_view ns) const {
  if (complete(resource)) return true;
  const Entry* e = entry(resource);
  return e != nullptr && e->list.state == ListState::loaded &&
         std::ranges::find(e->list.namespaces, ns) != e->list.namespaces.end();
}

std::vector<const Resource*> Snapshot::kinds() const {
  std::vector<const Resource*> kinds;
  for (const auto& [resource, entry] : lists_) {
    const bool asked = entry.list.state != ListState::not_asked;
    if (asked || entry.list.withheld) kinds.push_back(resource);
  }
  std::sort(kinds.begin(), kinds.end(), [](const Resource* a, const Resource* b) {
    return std::pair(a->group, a->plural) < std::pair(b->group, b->plural);
  });
  return kinds;
}

std::span<const std::string> Snapshot::namespaces(const Resource& resource) const {
  const Entry* e = entry(resource);
  if (e == nullptr) return {};
  return e->list.namespaces;
}

Lookup Snapshot::find(const Resource& resource, std::string_view ns, std::string_view name) const {
  const Entry* e = entry(resource);
  if (e != nullptr && e->list.state == ListState::loaded) {
    const auto it = e->index.find(index_key(ns, name));
    if (it != e->index.end()) return {&e->list.objects[it->second], true};
  }
  return {nullptr, complete(resource, ns)};
}

std::optional<std::chrono::microseconds> Snapshot::age(std::optional<base::Time> time) const {
  if (!time || !now_) return std::nullopt;
  return std::max(*now_ - *time, std::chrono::microseconds::zero());
}

std::vector<std::string> Snapshot::served_versions(const Resource& resource) const {
  std::vector<std::string> versions;
  if (served_) {
    for (const Served& s : *served_) {
      if (s.group == resource.group && s.plural == resource.plural) versions.push_back(s.version);
    }
  } else if (const Lookup crd = find(resources::crds, "", full_name(resource))) {
    for (const Value& v : crd->spec()["versions"].items()) {
      if (v["served"].is_true()) versions.emplace_back(v["name"].text());
    }
  }
  std::sort(versions.begin(), versions.end(), newer_version);
  return versions;
}

void SnapshotBuilder::set(const Resource& resource, List list) {
  snapshot_.lists_[&resource].list = std::move(list);
}

void SnapshotBuilder::take(const Resource& resource, const Snapshot& from) {
  const auto it = from.lists_.find(&resource);
  if (it == from.lists_.end()) return;
  snapshot_.lists_[&resource] = it->second;
  snapshot_.owned_.insert(snapshot_.owned_.end(), from.owned_.begin(), from.owned_.end());
}

Snapshot SnapshotBuilder::build() {
  for (auto& [resource, entry] : snapshot_.lists_) {
    auto& objects = entry.list.objects;
    // Name and namespace are looked up once for each, not for each comparison.
    std::vector<std::pair<Key, Object>> keyed;
    keyed.reserve(objects.size());
    for (const Object& object : objects) keyed.emplace_back(key_of(object), object);
    const auto before = [](const auto& a, const auto& b) { return a.first < b.first; };
    if (!std::is_sorted(keyed.begin(), keyed.end(), before)) {  // a server's lists mostly are
      std::stable_sort(keyed.begin(), keyed.end(), before);
    }
    objects.clear();
    entry.index.clear();
    entry.index.reserve(keyed.size());
    for (std::size_t i = 0; i < keyed.size(); ++i) {
      // Of equals keep the last.
      if (i + 1 < keyed.size() && keyed[i].first == keyed[i + 1].first) continue;
      const auto& [ns, name] = keyed[i].first;
      entry.index.emplace(index_key(ns, name), objects.size());
      objects.push_back(keyed[i].second);
    }
  }
  return std::move(snapshot_);
}

}  // namespace kube
