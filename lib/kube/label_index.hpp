// Objects found by their labels, for many selectors.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kube/snapshot.hpp"

namespace kube {

// Answers "which objects does this selector map pick" for many selectors without reading every
// object for each: the objects of a namespace are indexed by one label of the selector, once for
// each label key that selectors begin with.
class LabelIndex {
 public:
  LabelIndex(const Snapshot& snapshot, const Resource& resource)
      : snapshot_(snapshot), resource_(resource) {}

  // As matches_map(): an empty map picks nothing.
  std::vector<const Object*> select(std::string_view ns, const Value& map);

 private:
  using ByValue = std::unordered_map<std::string_view, std::vector<const Object*>>;
  const ByValue& by_value(std::string_view ns, std::string_view key);

  const Snapshot& snapshot_;
  const Resource& resource_;
  std::map<std::pair<std::string, std::string>, ByValue> indexes_;  // namespace, label key
};

}  // namespace kube
