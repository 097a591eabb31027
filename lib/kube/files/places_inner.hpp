// What places.cpp takes from the two readers that know columns. Included by it and them alone.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/files/places.hpp"

namespace kube::places {

struct Spot {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// One field to find in a text, and where it is.
struct Wanted {
  const FieldRef* field = nullptr;
  std::optional<Spot> object;  // where the object starts: at its first key
  std::optional<Spot> found;
};

// Both fill what they find. False: the text is not of this kind.
bool find_in_json(std::string_view text, std::span<Wanted> wanted);
bool find_in_yaml(std::string_view text, std::span<Wanted> wanted);

}  // namespace kube::places
