// All objects of one kind, from as many lists as that takes.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "kube/read/discovery.hpp"
#include "kube/read/list_query.hpp"
#include "kube/read/list_reader.hpp"
#include "kube/snapshot.hpp"

namespace kube {

// Reads one resource as its query wants: one list for the whole cluster or one per namespace; in
// another version where the first is not served; namespace by namespace where the whole is
// forbidden.
class ListJob {
 public:
  ListJob(Query query, const Namespaces& namespaces, int page_size);

  const Resource& resource() const { return *query_.resource; }
  void start(RequestBatch& batch);
  // Decides, once all answers and discovery are in, what a refusal means; asks again where another
  // way is left. Each way is tried once.
  void settle(RequestBatch& batch, const Discovery& discovery);

  bool loaded() const { return any_in(ListReader::State::loaded); }
  bool absent() const { return absent_; }
  // The answer that tells why nothing was read.
  const Response& refusal() const;
  // The same in words.
  const std::string& detail() const { return parts_.front().detail(); }
  // Some of it did not come in time.
  bool timed_out() const;
  std::size_t count() const;  // of objects read
  const std::string& version() const { return version_; }
  List result() const;
  void own_memory(SnapshotBuilder& builder) const;
  // Those that were read and can be watched.
  void add_lists(std::vector<WatchedList>& lists) const;

 private:
  void add_part(RequestBatch& batch, const std::string& ns);
  bool any_in(ListReader::State state) const;
  bool all_refused() const;

  Query query_;
  const Namespaces& namespaces_;
  int page_size_;
  std::deque<ListReader> parts_;  // a deque: readers stay where they are
  std::string version_;           // the one that the parts were asked in
  bool other_version_tried_ = false;
  bool absent_ = false;
  std::optional<Response> refusal_;  // of the list of the whole cluster
  std::string why_not_everywhere_;
};

}  // namespace kube
