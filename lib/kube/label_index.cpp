// The building of label indexes, and the selection by them.
#include "kube/label_index.hpp"

#include "kube/selector.hpp"

namespace kube {

const LabelIndex::ByValue& LabelIndex::by_value(std::string_view ns, std::string_view key) {
  const auto [it, added] = indexes_.try_emplace({std::string(ns), std::string(key)});
  if (!added) return it->second;
  for (const Object& object : snapshot_.list(resource_, ns)) {
    const Value value = object.labels()[key];
    if (value.is_string()) it->second[value.text()].push_back(&object);
  }
  return it->second;
}

std::vector<const Object*> LabelIndex::select(std::string_view ns, const Value& map) {
  std::vector<const Object*> out;
  if (map.members().empty()) return out;
  const Member& first = map.members().front();
  const ByValue& values = by_value(ns, first.key);
  const auto it = values.find(first.value.text());
  if (it == values.end()) return out;
  for (const Object* object : it->second) {
    if (matches_map(map, object->labels())) out.push_back(object);
  }
  return out;
}

}  // namespace kube
