// The laying of objects over a snapshot, and the comparison of findings.
#include "fix/overlay.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "aibrix/resources.hpp"
#include "base/time.hpp"
#include "kube/parse/json_reader.hpp"

namespace fix {
namespace {

using Json = nlohmann::ordered_json;
using Key = std::pair<std::string, kube::ObjectRef>;

std::map<Key, std::string> flat(const std::vector<checks::Finding>& findings) {
  std::map<Key, std::string> out;
  for (const checks::Finding& f : findings) {
    out.emplace(Key{f.code, f.subject.ref}, f.title);
    for (const checks::Symptom& a : f.symptoms) out.emplace(Key{a.code, a.subject.ref}, a.title);
  }
  return out;
}

FindingChange finding_change(FindingChange::State state, const Key& key, const std::string& title) {
  return {state, key.first, key.second, title};
}

}  // namespace

kube::Snapshot overlay(const kube::Snapshot& live, const kube::Snapshot& files) {
  kube::SnapshotBuilder builder(live);
  builder.own(std::make_shared<kube::Snapshot>(files));  // objects borrow from it
  builder.file_faults() = files.file_faults();
  builder.written().insert(builder.written().end(), files.written().begin(), files.written().end());
  for (const kube::Resource* kind : files.kinds()) {
    if (!files.loaded(*kind)) continue;
    kube::List& list = builder.list(*kind);
    // A kind the cluster does not serve (yet) is there now.
    if (list.state == kube::ListState::absent) list.everywhere = true;
    if (list.state == kube::ListState::absent || list.state == kube::ListState::not_asked) {
      list.state = kube::ListState::loaded;
    }
    if (list.state != kube::ListState::loaded) continue;
    for (const kube::Object& object : files.list(*kind)) {
      std::erase_if(list.objects, [&](const kube::Object& o) {
        return o.ns() == object.ns() && o.name() == object.name();
      });
      list.objects.push_back(object);
    }
  }
  return builder.build();
}

kube::Snapshot overlay(const kube::Snapshot& live, const std::vector<std::string>& objects) {
  kube::SnapshotBuilder builder(kube::Source::files);
  const auto document = std::make_shared<kube::Document>();
  builder.own(document);
  std::map<const kube::Resource*, kube::List> lists;
  std::size_t number = 0;
  for (const std::string& text : objects) {
    Json object = Json::parse(text);
    Json& metadata = object["metadata"];
    if (!metadata.contains("uid")) metadata["uid"] = "planned-" + std::to_string(++number);
    if (!metadata.contains("creationTimestamp") && live.now()) {
      metadata["creationTimestamp"] = base::format_time(*live.now());
    }
    const std::string api = object.value("apiVersion", "");
    const std::size_t slash = api.find('/');
    const std::string group = slash == std::string::npos ? "" : api.substr(0, slash);
    for (const kube::Resource* kind : aibrix::resources::all()) {
      if (kind->group != group || kind->kind != object.value("kind", "")) continue;
      kube::List& list = lists[kind];
      list.state = kube::ListState::loaded;
      list.objects.emplace_back(*kind, kube::read_json(object.dump(), *document));
    }
  }
  for (auto& [kind, list] : lists) builder.set(*kind, std::move(list));
  return overlay(live, builder.build());
}

std::vector<FindingChange> compare(const std::vector<checks::Finding>& before,
                                   const std::vector<checks::Finding>& after) {
  const auto old_ones = flat(before);
  const auto new_ones = flat(after);
  std::vector<FindingChange> out;
  for (const auto& [key, title] : old_ones) {
    const bool stays = new_ones.count(key) != 0;
    out.push_back(finding_change(
        stays ? FindingChange::State::unchanged : FindingChange::State::fixed, key, title));
  }
  for (const auto& [key, title] : new_ones) {
    if (old_ones.count(key) == 0)
      out.push_back(finding_change(FindingChange::State::fresh, key, title));
  }
  return out;
}

}  // namespace fix
