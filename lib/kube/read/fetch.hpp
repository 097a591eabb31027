// A cluster read into a snapshot.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kube/auth/access.hpp"
#include "kube/http/bounds.hpp"
#include "kube/http/transport.hpp"
#include "kube/read/list_query.hpp"
#include "kube/read/need.hpp"
#include "kube/read/request_batch.hpp"
#include "kube/snapshot.hpp"

namespace kube {

struct FetchOptions {
  std::vector<std::string> workload_namespaces = {};  // -n; empty: all
  std::vector<std::string> install_namespaces = {};   // read for Scope::install; empty: all
  int page_size = 500;
  std::shared_ptr<Bounds> bounds = {};  // the transport's; for the memory of what is kept
  RequestBatch::Progress progress = {};
  // What a 403 to everything advises beside asking for the rights; empty: nothing.
  std::string forbidden_hint = {};
  std::vector<const ExtraRight*> extras = {};  // needs that take another one are withheld
  std::vector<WatchedList>* lists = nullptr;   // where to say which lists were read
};

// Reads every needed list once, with /version and discovery in the same first batch. What could
// not be read is a state of its list; a list of several namespaces of which some could not be read
// is `loaded`, names in `namespaces` those that could, and says in `detail` why not the others.
//
// Throws base::Error when nothing at all could be read (network, TLS, 401, 403 everywhere, no
// Kubernetes API), when what the server says of itself cannot be (no Pods in its discovery, no
// Namespace), when it falls silent in the middle, when something is larger than it may be or never
// ends, when the server is older than 1.27, and when interrupted.
Snapshot fetch(Transport& transport, const Access& access, std::span<const Need> needs,
               const FetchOptions& options = {}, FetchStats* stats = nullptr);

}  // namespace kube
