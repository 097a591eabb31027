// The names of a snapshot that anonymizing replaces.
#pragma once
#include <set>
#include <string>

#include "kube/snapshot.hpp"

namespace kube {

// What in a snapshot tells whose it is: found by where it stands (names, references, labels, hosts
// of URLs, registries of images, e-mail addresses, where the snapshot was taken). Addresses, uids
// and account numbers are not among it: they are known by their shape.
struct Identity {
  std::set<std::string> names;
  std::set<std::string> models;  // those of the names that routes are named after
  std::set<std::string> hashes;  // that are parts of names and stay
  std::set<std::string> envoys;  // "namespace/name" of Gateways, names of GatewayClasses
  std::set<std::string> uids;
};

Identity find_identity(const Snapshot& snapshot);

}  // namespace kube
