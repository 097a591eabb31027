// The decision what is watched, what is read again, and when.
#include "live_cluster.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/lists.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace cli {
namespace {

using kube::ListState;

constexpr std::chrono::seconds bear_again{10};

std::vector<kube::Need> needs_of_kinds(const std::vector<kube::Need>& needs,
                                       const std::vector<const kube::Resource*>& kinds) {
  std::vector<kube::Need> out;
  for (const kube::Need& need : needs) {
    if (std::ranges::find(kinds, need.resource) != kinds.end()) out.push_back(need);
  }
  return out;
}

}  // namespace

LiveCluster::LiveCluster(Followed first, std::vector<kube::Need> needs, FollowOptions options)
    : needs_(std::move(needs)),
      options_(std::move(options)),
      state_(std::move(first.snapshot)),
      lists_(std::move(first.lists)),
      read_at_(Clock::now()) {}

void LiveCluster::begin() {
  watcher_ = std::make_unique<kube::Watcher>(options_.transport, options_.memory);
  watcher_->watch(lists_);
  // Definitions are watched too: they tell when a kind comes.
  const bool told_of_kinds = std::ranges::any_of(lists_, [](const kube::WatchedList& list) {
    return list.resource == &kube::resources::crds;
  });
  for (const kube::Resource* kind : state_.as_read().kinds()) {
    const ListState state = state_.as_read().state(*kind);
    const bool absent = state == ListState::absent && told_of_kinds;
    const bool watched = std::ranges::any_of(
        lists_, [&](const kube::WatchedList& list) { return list.resource == kind; });
    if (!absent && state != ListState::not_asked && !(state == ListState::loaded && watched)) {
      polled_.push_back(kind);
    }
  }
  lists_.clear();
  next_poll_ = Clock::now() + options_.interval;
}

bool LiveCluster::wait(Clock::time_point until, std::chrono::milliseconds settle,
                       const std::atomic<int>& stop) {
  if (watcher_ == nullptr) begin();
  const auto end = polled_.empty() ? until : std::min(until, next_poll_);
  const bool news = watcher_->wait(end, stop);
  const auto settled = Clock::now() + settle;
  while (news && stop.load() == 0 && Clock::now() < settled) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return stop.load() == 0;
}

bool LiveCluster::concerns_a_need(const kube::WatchChange& change) const {
  return change.resource == &kube::resources::crds &&
         std::ranges::any_of(needs_, [&](const kube::Need& need) {
           return change.name == kube::full_name(*need.resource);
         });
}

void LiveCluster::take_news() {
  kube::WatchNews news = watcher_->take();
  for (kube::WatchChange& change : news.changes) {
    outdated_ = outdated_ || concerns_a_need(change);
    state_.apply(std::move(change));
  }
  for (const kube::Resource* kind : news.expired) {
    // One that expires again and again is not worth watching for the moment.
    const auto before = expired_at_.find(kind);
    const bool again = before != expired_at_.end() && Clock::now() - before->second < bear_again;
    base::add_once(again ? polled_ : expired_, kind);
    expired_at_[kind] = Clock::now();
  }
  for (const auto& [kind, why] : news.refused) {
    refusal_ = why;
    base::add_once(refused_, kind);
    base::add_once(polled_, kind);
  }
}

bool LiveCluster::is_poll_due() const {
  return !polled_.empty() && Clock::now() >= next_poll_;
}

kube::Snapshot LiveCluster::read(kube::FetchStats& stats) {
  if (watcher_ != nullptr) take_news();
  std::vector<const kube::Resource*> kinds = std::exchange(expired_, {});
  if (watcher_ != nullptr && is_poll_due()) {
    for (const kube::Resource* kind : polled_) base::add_once(kinds, kind);
    next_poll_ = Clock::now() + options_.interval;
  }
  if (!kinds.empty()) read_again(kinds, stats);
  std::optional<base::Time> now = state_.as_read().now();
  if (now) *now += std::chrono::duration_cast<base::Time::duration>(Clock::now() - read_at_);
  return state_.snapshot(now, notes());
}

void LiveCluster::read_again(const std::vector<const kube::Resource*>& kinds,
                             kube::FetchStats& stats) {
  const std::vector<kube::Need> needs = needs_of_kinds(needs_, kinds);
  try {
    const Followed again = options_.read(needs);
    stats = again.stats;
    state_.replace(again.snapshot, kinds);
    std::vector<kube::WatchedList> lists;
    for (const kube::WatchedList& list : again.lists) {
      if (std::ranges::find(refused_, list.resource) != refused_.end()) continue;
      std::erase(polled_, list.resource);
      lists.push_back(list);
    }
    watcher_->watch(lists);
    unread_.clear();
  } catch (const base::Error& error) {
    if (error.fault != base::Fault::unavailable) throw;
    unread_ = error.what();
    for (const kube::Resource* kind : kinds) base::add_once(polled_, kind);
  }
}

std::vector<std::string> LiveCluster::notes() const {
  std::vector<std::string> out;
  const std::string every = base::format_age(options_.interval);
  if (!refused_.empty()) {
    std::vector<std::string> names;
    for (const kube::Resource* kind : refused_) names.push_back(kube::full_name(*kind));
    std::ranges::sort(names);
    out.push_back("not watched, but read again every " + every + ": " + base::join_and(names) +
                  " (" + refusal_ + "). " + std::string(base::program_name) +
                  " rbac print --with-watch prints a role with the right");
  }
  if (!unread_.empty()) {
    out.push_back("reading again failed, so this may be out of date: " + unread_);
  }
  const std::string lost = watcher_ == nullptr ? std::string() : watcher_->lost();
  if (!lost.empty()) {
    out.push_back("the connection for watching is lost (" + lost +
                  "); it is tried again, and this may be out of date");
  }
  return out;
}

}  // namespace cli
