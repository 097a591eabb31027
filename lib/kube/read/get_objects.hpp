// Single objects, read once more.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kube/http/transport.hpp"
#include "kube/snapshot.hpp"

namespace kube {

// One object to read again.
struct ObjectKey {
  const Resource* resource = nullptr;
  std::string ns;  // empty: cluster-scoped
  std::string name;
  bool whole = false;  // with what no check reads
};
struct GetOutcome {
  enum class State { found, gone, failed } state = State::failed;
  std::optional<Object> object = {};  // when found; borrows from `memory`
  std::string detail = {};            // why, when failed
  std::shared_ptr<const Document> memory = {};
};
struct GetResult {
  std::vector<GetOutcome> objects;  // in the order asked
  std::optional<base::Time> now;    // the server's clock
};
// Reads objects of a snapshot again, in one batch, in the versions the snapshot's discovery names.
GetResult get_objects(Transport& transport, const Snapshot& snapshot,
                      std::span<const ObjectKey> keys);

}  // namespace kube
