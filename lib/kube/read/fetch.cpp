// The reader of a whole cluster: discovery and all lists in one batch.
#include "kube/read/fetch.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "kube/http/api_error.hpp"
#include "kube/read/discovery.hpp"
#include "kube/read/list_job.hpp"
#include "kube/read/list_query.hpp"

namespace kube {
namespace {

class Fetch {
 public:
  Fetch(Transport& transport, const Access& access, const FetchOptions& options, FetchStats& stats)
      : transport_(transport),
        access_(access),
        options_(options),
        router_(stats, options.progress, memory_of(options.bounds)),
        namespaces_{options.workload_namespaces, options.install_namespaces, access.ns} {}

  Snapshot run(std::span<const Need> needs) {
    router_.ask(version_, small("/version", "application/json"));
    router_.ask(core_, small("/api", discovery_accept));
    router_.ask(groups_, small("/apis", discovery_accept));
    needs_ = needs;
    for (Query& query : merge_needs(asked_for(needs, options_.extras))) {
      lists_.emplace_back(std::move(query), namespaces_, options_.page_size).start(router_);
    }
    router_.run(transport_);
    for (const SingleRequest* one : {&version_, &core_, &groups_}) {
      if (one->response.failure == Failure::too_large) throw access_error(one->response, access_);
    }
    const ServerVersion server = read_version(version_.response);
    if (server.too_old) throw too_old_error(server, access_);
    discover();
    for (;;) {
      for (ListJob& list : lists_) list.settle(router_, discovery_);
      if (router_.idle()) break;
      router_.run(transport_);
    }
    if (nothing_read(server)) throw_reason(server);
    check_still_there();
    check_what_was_seen();
    return assemble(server);
  }

 private:
  static std::shared_ptr<base::MemoryBudget> memory_of(const std::shared_ptr<Bounds>& bounds) {
    if (bounds == nullptr) return nullptr;
    return {bounds, &bounds->memory()};
  }

  static Request small(std::string path, const char* accept) {
    Request request{std::move(path), Method::get, accept};
    request.max_bytes = max_discovery_bytes;
    return request;
  }

  void discover() {
    Discovery fresh;
    if (read_aggregated(core_.response, fresh) && read_aggregated(groups_.response, fresh)) {
      believe(std::move(fresh));
    } else {
      discover_one_by_one();
    }
    core_.response.body = groups_.response.body = std::string();
  }

  // One without the kinds that every server has says nothing about the others either.
  void believe(Discovery fresh) {
    discovery_ = std::move(fresh);
    incomplete_ = discovery_.lacks_kubernetes_own() && discovery_.stale_groups.count("") == 0;
    discovery_.known = !incomplete_;
  }

  void discover_one_by_one() {
    const auto core = read_groups(core_.response);
    const auto groups = read_groups(groups_.response);
    if (!core || !groups) return;
    std::set<std::string> needed = {""};
    for (const ListJob& list : lists_) needed.emplace(list.resource().group);
    std::vector<GroupVersion> all = *core;
    all.insert(all.end(), groups->begin(), groups->end());
    Discovery fresh;
    const std::vector<GroupVersion> wanted = worth_asking(all, needed, fresh);
    std::deque<SingleRequest> answers(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      router_.ask(answers[i], small(group_path(wanted[i]), "application/json"));
    }
    router_.run(transport_);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      read_group(wanted[i], answers[i].response, fresh);
    }
    believe(std::move(fresh));
  }

  // Something must have been seen for an absence to mean anything.
  void check_what_was_seen() const {
    const std::string at = public_url(access_.server);
    const char* const hint =
        "is this a Kubernetes API server? A proxy in between may hide what you are not permitted "
        "to see";
    if (incomplete_) {
      throw base::Error(base::Fault::unavailable, "DiscoveryIncomplete",
                        at + " lists kinds without Pods and Namespaces, which every cluster has, "
                             "so its other kinds are unknown",
                        hint);
    }
    const bool any = std::any_of(lists_.begin(), lists_.end(),
                                 [](const ListJob& list) { return list.count() != 0; });
    if (any) return;
    const bool no_namespace = std::any_of(lists_.begin(), lists_.end(), [](const ListJob& list) {
      return list.loaded() && &list.resource() == &resources::namespaces;
    });
    if (!no_namespace && discovery_.known) return;
    const auto failed = std::ranges::find_if(
        lists_, [](const ListJob& list) { return !list.loaded() && !list.absent(); });
    if (failed != lists_.end()) {
      throw base::Error(base::Fault::unavailable, "NothingSeen",
                        at + " returned nothing: the list of " + full_name(failed->resource()) +
                            " could not be read (" + failed->detail() +
                            "), and the other lists are empty",
                        hint);
    }
    throw base::Error(base::Fault::unavailable, "NothingSeen",
                      at + " returns only empty lists" +
                          (no_namespace ? ", without even a Namespace" : "") +
                          ", so it is not a cluster",
                      hint);
  }

  // A list that hangs is one that is missing; a server that hangs has ended the reading.
  void check_still_there() {
    const bool late = std::any_of(lists_.begin(), lists_.end(),
                                  [](const ListJob& list) { return list.timed_out(); });
    if (!late) return;
    Request request = small("/version", "application/json");
    request.patience = std::chrono::seconds(5);
    const Response answer = transport_.send({request}).front();
    if (answer.failure == Failure::none) return;
    std::size_t in_time = 0;
    for (const ListJob& list : lists_) in_time += list.loaded() ? 1U : 0U;
    throw base::Error(
        base::Fault::unavailable, "Timeout",
        public_url(access_.server) + " no longer responds: " + std::to_string(in_time) + " of " +
            base::plural(lists_.size(), "list") + " arrived, then " + describe_failure(answer),
        "the server or a proxy in front of it hangs; try again");
  }

  bool nothing_read(const ServerVersion& server) const {
    bool refused = lists_.empty() && !version_.response.ok();
    for (const ListJob& list : lists_) {
      if (list.loaded()) return false;
      if (!list.absent()) refused = true;
    }
    // A server that answers 404 to everything has no lists, and is none of ours.
    return refused || server.text.empty();
  }

  // The answer that says best why nothing could be read.
  const Response& telling_answer(const ServerVersion& server) const {
    const Response& version = version_.response;
    if (version.failure != Failure::none || version.status == 401) return version;
    for (const ListJob& list : lists_) {
      if (list.absent()) continue;
      const Response& refusal = list.refusal();
      const bool telling = refusal.failure != Failure::none || refusal.status == 401 ||
                           refusal.status == 403 || !server.text.empty();
      if (telling) return refusal;
    }
    return version;
  }

  [[noreturn]] void throw_reason(const ServerVersion& server) const {
    // A list that goes wrong although each answer is a good one.
    for (const ListJob& list : lists_) {
      const Response& refusal = list.refusal();
      if (list.absent() || refusal.failure != Failure::none || refusal.status != 0) continue;
      throw base::Error(base::Fault::unavailable, "ListUnreadable",
                        public_url(access_.server) + ": the list of " + full_name(list.resource()) +
                            " cannot be read: " + list.detail(),
                        "is this a Kubernetes API server?");
    }
    base::Error error = access_error(telling_answer(server), access_);
    if (error.reason == "Forbidden" && !options_.forbidden_hint.empty()) {
      error.hint += "; " + options_.forbidden_hint;
    }
    throw error;
  }

  Snapshot assemble(const ServerVersion& server) {
    SnapshotBuilder builder(Source::cluster);
    for (const ListJob& list : lists_) {
      const Resource& resource = list.resource();
      list.own_memory(builder);
      builder.set(resource, list.result());
      if (options_.lists != nullptr) list.add_lists(*options_.lists);
      const bool known_version =
          list.version() == resource.version || list.version() == resource.older_version;
      if (list.loaded() && !known_version) {
        builder.note(full_name(resource) + " is served only as " + list.version() +
                     ", which this release does not know; it was read as if it were " +
                     std::string(resource.version));
      }
    }
    for (const Need& need : needs_) {
      const bool asked = std::ranges::any_of(
          lists_, [&](const ListJob& list) { return &list.resource() == need.resource; });
      if (!asked) builder.list(*need.resource).withheld = true;
    }
    builder.now(router_.server_time());
    builder.info({access_.context, public_url(access_.server), server.text});
    if (discovery_.known) builder.served(std::move(discovery_.served));
    return builder.build();
  }

  Transport& transport_;
  const Access& access_;
  const FetchOptions& options_;
  RequestBatch router_;
  Namespaces namespaces_;
  std::span<const Need> needs_;
  SingleRequest version_, core_, groups_;
  Discovery discovery_;
  bool incomplete_ = false;  // the discovery cannot be that of a cluster
  std::deque<ListJob> lists_;
};

}  // namespace

Snapshot fetch(Transport& transport, const Access& access, std::span<const Need> needs,
               const FetchOptions& options, FetchStats* stats) {
  FetchStats own;
  FetchStats& counted = stats == nullptr ? own : *stats;
  const auto start = std::chrono::steady_clock::now();
  Snapshot snapshot = Fetch(transport, access, options, counted).run(needs);
  counted.total = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  return snapshot;
}

}  // namespace kube
