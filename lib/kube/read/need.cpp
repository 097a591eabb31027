// The needs that remain without the rights nobody asked for.
#include "kube/read/need.hpp"

#include <algorithm>

namespace kube {

std::vector<Need> asked_for(std::span<const Need> needs,
                            std::span<const ExtraRight* const> extras) {
  std::vector<Need> out;
  std::ranges::copy_if(needs, std::back_inserter(out), [&](const Need& need) {
    return need.extra == nullptr || std::ranges::find(extras, need.extra) != extras.end();
  });
  return out;
}

}  // namespace kube
