// What places.cpp takes from the two readers that know columns. Included by it and them alone.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "kube/files/places.hpp"

namespace kube {
class YamlEvents;
}

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

// Those of one document, or of one object in it, stand together, the outer object before the inner
// ones: each reader goes through its text once, however many there are.
using Wants = std::span<Wanted* const>;
inline bool stands_before(const Wanted* a, const Wanted* b) {
  const Origin& x = *a->field->origin;
  const Origin& y = *b->field->origin;
  return std::tie(x.document, x.items) < std::tie(y.document, y.items);
}
// From `wants`, which shrink by them: those of a document; those whose object it is that `level`
// items lead to; those below one of its items.
inline Wants take_while(Wants& wants, const auto& belongs) {
  const auto end = std::find_if_not(wants.begin(), wants.end(), belongs);
  const Wants taken(wants.begin(), end);
  wants = Wants(end, wants.end());
  return taken;
}
inline Wants take_document(Wants& wants, std::uint32_t document) {
  return take_while(wants, [&](const Wanted* w) { return w->field->origin->document == document; });
}
inline Wants take_own(Wants& wants, std::size_t level) {
  return take_while(wants,
                    [&](const Wanted* w) { return w->field->origin->items.size() == level; });
}
inline Wants take_item(Wants& wants, std::size_t level, std::uint32_t index) {
  return take_while(wants,
                    [&](const Wanted* w) { return w->field->origin->items[level] == index; });
}

// They fill what they find; `wanted` is in that order. The first: false for a text that is no JSON.
bool find_in_json(std::string_view text, Wants wanted);
// Block mappings alone, each read from its own line on, whatever stands before. False: something
// else is among them, or takes an anchor of another object.
bool find_at_lines(std::string_view text, Wants wanted);
void find_in_yaml(YamlEvents& events, Wants wanted);

}  // namespace kube::places
