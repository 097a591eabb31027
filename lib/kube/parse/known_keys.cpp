// The table of well-known keys, found by length, first and last character.
#include "kube/parse/known_keys.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kube {
namespace {

constexpr auto keys = std::to_array<std::string_view>({"apiVersion",
                                                       "kind",
                                                       "metadata",
                                                       "name",
                                                       "namespace",
                                                       "labels",
                                                       "annotations",
                                                       "uid",
                                                       "generation",
                                                       "ownerReferences",
                                                       "spec",
                                                       "status",
                                                       "conditions",
                                                       "type",
                                                       "reason",
                                                       "message",
                                                       "selector",
                                                       "matchLabels",
                                                       "template",
                                                       "containers",
                                                       "image",
                                                       "command",
                                                       "args",
                                                       "env",
                                                       "value",
                                                       "ports",
                                                       "port",
                                                       "targetPort",
                                                       "containerPort",
                                                       "protocol",
                                                       "resources",
                                                       "replicas",
                                                       "data",
                                                       "items",
                                                       "creationTimestamp",
                                                       "group",
                                                       "rules",
                                                       "backendRefs",
                                                       "parentRefs",
                                                       "initContainers",
                                                       "lastTransitionTime",
                                                       "resourceVersion",
                                                       "model.aibrix.ai/name",
                                                       "model.aibrix.ai/port",
                                                       "deletionTimestamp",
                                                       "finalizers"});

constexpr std::size_t slots = 256;

constexpr std::size_t slot_of(std::string_view key) {
  const std::size_t first = static_cast<unsigned char>(key.front());
  const std::size_t last = static_cast<unsigned char>(key.back());
  return (key.size() * 29 + first * 5 + last * 11) % slots;
}

// Numbers of keys, counted from 1; what finds its place taken goes to the next.
constexpr std::array<std::uint8_t, slots> key_table = [] {
  std::array<std::uint8_t, slots> out{};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::size_t at = slot_of(keys[i]);
    while (out[at] != 0) at = (at + 1) % slots;
    out[at] = static_cast<std::uint8_t>(i + 1);
  }
  return out;
}();

}  // namespace

std::string_view known_key(std::string_view key) {
  if (key.empty()) return {};
  for (std::size_t at = slot_of(key); key_table[at] != 0; at = (at + 1) % slots) {
    if (keys[key_table[at] - 1U] == key) return keys[key_table[at] - 1U];
  }
  return {};
}

}  // namespace kube
