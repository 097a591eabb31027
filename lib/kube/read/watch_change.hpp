// What a watch tells of one object.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "kube/object.hpp"

namespace kube {

// One object as it is now, or that it is gone.
struct WatchChange {
  const Resource* resource = nullptr;
  std::string ns;  // empty: cluster-scoped
  std::string name;
  std::optional<Object> object = {};                 // nothing: it is gone
  std::shared_ptr<const Document> memory = nullptr;  // that `object` borrows from
};

}  // namespace kube
