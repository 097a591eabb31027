// Short lists in which each entry stands once.
#pragma once
#include <algorithm>
#include <string_view>
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

template <typename List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace base
