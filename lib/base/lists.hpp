// Short lists in which each entry stands once.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

namespace base {

// Appends what the list does not hold yet; false: it did. For short lists: it looks at each entry.
template <typename T, typename Item>
bool add_once(std::vector<T>& list, Item&& item) {
  if (std::find(list.begin(), list.end(), item) != list.end()) return false;
  list.emplace_back(std::forward<Item>(item));
  return true;
}

}  // namespace base
