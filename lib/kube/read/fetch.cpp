#include "kube/read/fetch.hpp"

#include <algorithm>
#include <deque>
#include <utility>

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
        router_(stats, options.progress),
        namespaces_{options.workload_namespaces, options.install_namespaces, access.ns} {}

  Snapshot run(std::span<const Need> needs) {
    router_.ask(version_, {"/version"});
    router_.ask(core_, {"/api", Method::get, discovery_accept});
    router_.ask(groups_, {"/apis", Method::get, discovery_accept});
    for (Query& query : merge_needs(needs)) {
      lists_.emplace_back(std::move(query), namespaces_, options_.page_size).start(router_);
    }
    router_.run(transport_);
    const ServerVersion server = read_version(version_.response);
    if (server.too_old) throw too_old_error(server, access_);
    discover();
    for (;;) {
      for (ListJob& list : lists_) list.settle(router_, discovery_);
      if (router_.idle()) break;
      router_.run(transport_);
    }
    if (nothing_read(server)) throw_reason(server);
    return assemble(server);
  }

 private:
  void discover() {
    Discovery fresh;
    if (read_aggregated(core_.response, fresh) && read_aggregated(groups_.response, fresh)) {
      fresh.known = true;
      discovery_ = std::move(fresh);
      return;
    }
    const auto core = read_groups(core_.response);
    const auto groups = read_groups(groups_.response);
    if (!core || !groups) return;
    std::vector<GroupVersion> wanted;
    for (const auto* all : {&*core, &*groups}) {
      for (const GroupVersion& one : *all) {
        const bool needed = std::any_of(lists_.begin(), lists_.end(), [&](const ListJob& list) {
          return list.resource().group == one.group;
        });
        if (needed) wanted.push_back(one);
      }
    }
    std::deque<SingleRequest> answers(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      router_.ask(answers[i], {group_path(wanted[i])});
    }
    router_.run(transport_);
    discovery_.known = true;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      read_group(wanted[i], answers[i].response, discovery_);
    }
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
      const bool known_version =
          list.version() == resource.version || list.version() == resource.older_version;
      if (list.loaded() && !known_version) {
        builder.note(full_name(resource) + " is served only as " + list.version() +
                     ", which this release does not know; it was read as if it were " +
                     std::string(resource.version));
      }
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
  SingleRequest version_, core_, groups_;
  Discovery discovery_;
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
