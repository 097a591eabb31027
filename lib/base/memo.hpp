// A cache of values by type, for what several checks work out from one cluster.
#pragma once
#include <any>
#include <typeindex>
#include <unordered_map>

namespace base {

// What was worked out once and is needed again, one value for each type. Not for several threads.
class Memo {
 public:
  // The value of type T; the first call has it made. Valid as long as the memo.
  template <typename T, typename Make>
  const T& once(const Make& make) {
    std::any& value = values_[typeid(T)];
    if (!value.has_value()) value = make();
    return std::any_cast<const T&>(value);
  }

 private:
  std::unordered_map<std::type_index, std::any> values_;  // its values stay where they are
};

}  // namespace base
