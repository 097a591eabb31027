// The schemas of a cluster's custom kinds.
#pragma once
#include <span>

#include "kube/http/transport.hpp"
#include "kube/snapshot.hpp"

namespace kube {

// The snapshot with whole CustomResourceDefinitions in place of their metadata, for the kinds that
// these manifests are of; at most some dozens, in one batch. One that cannot be read stays as it
// was. Nothing is asked for where the snapshot has no list of CRDs.
Snapshot with_definitions(Transport& transport, const Snapshot& live,
                          std::span<const Written> written);

}  // namespace kube
