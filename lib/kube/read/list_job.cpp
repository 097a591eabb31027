// The reader of all objects of a kind, with its ways round refusals.
#include "kube/read/list_job.hpp"

#include <algorithm>
#include <utility>

#include "base/lists.hpp"
#include "base/text.hpp"

namespace kube {
namespace {

using State = ListReader::State;

}  // namespace

ListJob::ListJob(Query query, const Namespaces& namespaces, int page_size)
    : query_(std::move(query)),
      namespaces_(namespaces),
      page_size_(page_size),
      version_(query_.resource->version) {}

void ListJob::start(RequestBatch& batch) {
  const auto namespaces = namespaces_for(query_, namespaces_);
  if (namespaces.empty()) add_part(batch, {});
  for (const std::string& ns : namespaces) add_part(batch, ns);
}

void ListJob::add_part(RequestBatch& batch, const std::string& ns) {
  parts_.emplace_back(
      ListReader::Spec{query_.resource, version_, ns, query_.field_selector, page_size_});
  parts_.back().start(batch);
}

bool ListJob::any_in(State state) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [&](const ListReader& part) { return part.state() == state; });
}

bool ListJob::all_refused() const {
  return std::all_of(parts_.begin(), parts_.end(), [](const ListReader& part) {
    return part.state() == State::not_found || part.state() == State::forbidden;
  });
}

void ListJob::settle(RequestBatch& batch, const Discovery& discovery) {
  if (absent_ || !all_refused()) return;
  if (!discovery.may_serve(resource())) {
    absent_ = true;
    return;
  }
  std::optional<std::string> version = discovery.version_for(resource());
  if (!discovery.known && any_in(State::not_found) && !resource().older_version.empty()) {
    version = resource().older_version;  // perhaps only this version is missing
  }
  if (version && *version != version_ && !other_version_tried_) {
    other_version_tried_ = true;
    version_ = *version;
    for (ListReader& part : parts_) part.start(batch, version_);
    return;
  }
  const ListReader& first = parts_.front();
  const bool own = is_kubernetes_own(resource());
  if (!discovery.known && !own && first.state() == State::not_found) {
    absent_ = true;  // 404 comes after authorization, so it can be believed
  } else if (first.state() == State::forbidden && first.spec().ns.empty() &&
             resource().namespaced) {
    why_not_everywhere_ = first.detail();
    refusal_ = first.refusal();
    parts_.clear();
    for (const std::string& ns : fallback_namespaces(namespaces_)) add_part(batch, ns);
  }
}

const Response& ListJob::refusal() const {
  return refusal_ ? *refusal_ : parts_.front().refusal();
}

bool ListJob::timed_out() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const ListReader& part) {
    const Failure failure = part.refusal().failure;
    return part.state() == State::failed &&
           (failure == Failure::timeout || failure == Failure::connect_timeout);
  });
}

std::size_t ListJob::count() const {
  std::size_t count = 0;
  for (const ListReader& part : parts_) count += part.objects().size();
  return count;
}

List ListJob::result() const {
  List list;
  if (absent_) {
    list.state = ListState::absent;
    return list;
  }
  std::vector<std::string> reasons;
  if (!why_not_everywhere_.empty()) reasons.push_back(why_not_everywhere_);
  for (const ListReader& part : parts_) {
    const std::string& ns = part.spec().ns;
    if (part.state() == State::loaded) {
      list.objects.insert(list.objects.end(), part.objects().begin(), part.objects().end());
      if (ns.empty()) list.everywhere = true;
      if (!ns.empty()) list.namespaces.push_back(ns);
    } else {
      base::add_once(reasons, part.detail());
    }
  }
  list.detail = base::join(reasons, "; ");
  if (loaded()) {
    list.state = ListState::loaded;
  } else if (any_in(State::failed) || any_in(State::not_found)) {
    list.state = ListState::failed;
  } else {
    list.state = ListState::forbidden;
  }
  return list;
}

void ListJob::add_lists(std::vector<WatchedList>& lists) const {
  for (const ListReader& part : parts_) {
    if (part.state() != State::loaded || part.resource_version().empty()) continue;
    const ListReader::Spec& spec = part.spec();
    lists.push_back(
        {spec.resource, spec.version, spec.ns, spec.field_selector, part.resource_version()});
  }
}

void ListJob::own_memory(SnapshotBuilder& builder) const {
  for (const ListReader& part : parts_) {
    if (part.state() == State::loaded) builder.own(part.document());
  }
}

}  // namespace kube
