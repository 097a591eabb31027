// The choice of CRDs to read whole, and their place in the snapshot.
#include "kube/read/definitions.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "kube/read/get_objects.hpp"

namespace kube {
namespace {

// A schema has up to a megabyte.
constexpr std::size_t most_definitions = 48;

// The list itself is of metadata only.
constexpr Resource whole_crds{"apiextensions.k8s.io",
                              "customresourcedefinitions",
                              "CustomResourceDefinition",
                              false,
                              "v1",
                              ""};

// "gateways.gateway.networking.k8s.io" is of kind Gateway, as "policies." is of Policy.
bool may_be_of(std::string_view name, const Written& written) {
  const std::size_t slash = written.api_version.find('/');
  if (slash == std::string::npos) return false;
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return false;
  if (name.substr(dot + 1) != std::string_view(written.api_version).substr(0, slash)) return false;
  std::string stem = base::lower(written.kind);
  if (stem.ends_with('y')) stem.pop_back();
  return name.substr(0, dot).starts_with(stem);
}

std::vector<ObjectKey> used_definitions(const Snapshot& live, std::span<const Written> written) {
  std::vector<ObjectKey> out;
  for (const Object& crd : live.list(resources::crds)) {
    const bool used = std::ranges::any_of(
        written, [&](const Written& one) { return may_be_of(crd.name(), one); });
    if (used && out.size() < most_definitions) {
      out.push_back({&whole_crds, {}, std::string(crd.name()), true});
    }
  }
  return out;
}

}  // namespace

Snapshot with_definitions(Transport& transport, const Snapshot& live,
                          std::span<const Written> written) {
  const std::vector<ObjectKey> keys = used_definitions(live, written);
  if (keys.empty()) return live;
  const GetResult read = get_objects(transport, live, keys);
  SnapshotBuilder builder(live);
  auto& objects = builder.list(resources::crds).objects;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const GetOutcome& one = read.objects[i];
    if (one.state != GetOutcome::State::found || !one.object) continue;
    std::erase_if(objects, [&](const Object& crd) { return crd.name() == keys[i].name; });
    objects.emplace_back(resources::crds, one.object->root());
    builder.own(one.memory);
  }
  return builder.build();
}

}  // namespace kube
