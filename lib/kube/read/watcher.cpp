// The streams of watches, and what their ends mean.
#include "kube/read/watcher.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "kube/http/api_error.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/parse/value_builder.hpp"

namespace kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// As client-go: not all end at once.
constexpr int shortest_watch = 240;
constexpr int longest_watch = 300;
constexpr seconds first_pause{1};
constexpr seconds longest_pause{30};
constexpr seconds shortest_life{5};
constexpr std::size_t most_idle = 3;
// One failure is what every restart of an API server brings.
constexpr std::size_t failures_told = 2;
// etcd takes 1.5 MiB if not told otherwise.
constexpr std::size_t max_line_bytes = std::size_t{32} << 20;

// What another try would not change.
bool is_refusal(const Response& response) {
  return response.failure == Failure::none && response.status >= 300 && response.status < 500 &&
         response.status != 401 && response.status != 408 && response.status != 429;
}

}  // namespace

Watcher::Watcher(MakeTransport make, std::shared_ptr<base::MemoryBudget> memory)
    : make_(std::move(make)), memory_(std::move(memory)) {}

Watcher::~Watcher() {
  stop_.store(1);  // any number that is not 0
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watcher::watch(const std::vector<WatchedList>& lists) {
  const std::lock_guard lock(mutex_);
  for (const WatchedList& list : lists) forget(list.resource);
  for (const WatchedList& list : lists) {
    streams_.push_back(std::make_unique<Stream>());
    streams_.back()->list = list;
  }
  if (!thread_.joinable() && !streams_.empty()) thread_ = std::thread([this] { work(); });
}

bool Watcher::wait(Clock::time_point until, const std::atomic<int>& stop) {
  constexpr milliseconds look_every{50};
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stop.load() != 0) return false;
    if (!changes_.empty() || !expired_.empty() || !refused_.empty() || failure_ || lost_changed_) {
      return true;
    }
    const auto now = Clock::now();
    if (now >= until) return false;
    changed_.wait_for(lock, std::min<Clock::duration>(look_every, until - now));
  }
}

WatchNews Watcher::take() {
  const std::lock_guard lock(mutex_);
  if (failure_) throw base::Error(*failure_);
  WatchNews news;
  for (auto& [key, change] : std::exchange(changes_, {})) {
    news.changes.push_back(std::move(change));
  }
  news.expired = std::exchange(expired_, {});
  news.refused = std::exchange(refused_, {});
  lost_changed_ = false;
  return news;
}

std::string Watcher::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

std::size_t Watcher::watched() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

void Watcher::work() {
  std::unique_ptr<Transport> transport;
  try {
    transport = make_(stop_);
  } catch (...) {
    const base::Error error = base::current_error();
    const std::lock_guard lock(mutex_);
    failure_ = error;
    return;
  }
  while (stop_.load() == 0) {
    std::vector<Request> batch = due_requests();
    if (batch.empty()) {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, milliseconds(50));
      continue;
    }
    try {
      transport->run(std::move(batch), *this);
    } catch (...) {
      if (stop_.load() != 0) return;
      const base::Error error = base::current_error();
      const std::lock_guard lock(mutex_);
      if (error.reason == "MemoryLimit") {
        failure_ = error;
        changed_.notify_all();
        return;
      }
      for (const auto& stream : streams_) fail(*stream, error.what());
    }
  }
}

std::vector<Request> Watcher::due_requests() {
  const std::lock_guard lock(mutex_);
  std::vector<Request> batch;
  next_number_ = 0;
  const auto now = Clock::now();
  for (const auto& stream : streams_) {
    stream->asked = false;  // of a run that is over
    if (stream->due > now) continue;
    batch.push_back(request_for(*stream));
    stream->number = next_number_++;
  }
  return batch;
}

Request Watcher::request_for(Stream& stream) {
  stream.asked = true;
  stream.told = stream.broken = false;
  stream.began = Clock::now();
  std::uniform_int_distribution<int> time(shortest_watch, longest_watch);
  Request request;
  request.path = watch_path(stream.list, seconds(time(random_)));
  request.accept = object_accept(*stream.list.resource);
  request.max_bytes = max_line_bytes;
  request.lines = true;
  return request;
}

void Watcher::on_turn(Queue& queue) {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  for (const auto& stream : streams_) {
    if (stream->asked || stream->due > now) continue;
    stream->number = queue.add(request_for(*stream));
  }
}

Watcher::Stream* Watcher::find(std::size_t number) {
  const auto it = std::find_if(streams_.begin(), streams_.end(), [&](const auto& stream) {
    return stream->asked && stream->number == number;
  });
  return it == streams_.end() ? nullptr : it->get();
}

void Watcher::on_line(std::size_t number, std::string_view line) {
  const std::lock_guard lock(mutex_);
  Stream* stream = find(number);
  if (stream == nullptr) return;  // of one that was given up
  if (line.empty()) {
    stream->failures = 0;
    const bool all = std::all_of(streams_.begin(), streams_.end(),
                                 [](const auto& other) { return other->failures < failures_told; });
    if (!all || lost_.empty()) return;
    lost_.clear();
    lost_changed_ = true;
    changed_.notify_all();
    return;
  }
  read_event(*stream, line);
}

void Watcher::read_event(Stream& stream, std::string_view line) {
  const Resource* kind = stream.list.resource;
  auto document = std::make_shared<Document>();
  Builder::count_memory(*document, memory_);
  Value root;
  try {
    root = read_json(line, *document);
  } catch (const base::Error& error) {
    if (error.reason == "MemoryLimit") throw;
    return expire(kind);
  }
  const std::string_view type = root["type"].text();
  const Object object(*kind, root["object"]);
  if (type == "ERROR") {
    // Mostly 410: the server no longer knows what came after that version.
    if (object["code"].integer_or(0) == 410) return expire(kind);
    stream.broken = true;
    return;
  }
  const std::string_view version = object.at("metadata", "resourceVersion").text();
  if (!version.empty()) stream.list.resource_version = version;
  stream.told = true;
  if (type == "BOOKMARK") return;
  if (object.name().empty()) return expire(kind);
  WatchChange change{kind, std::string(object.ns()), std::string(object.name())};
  if (type != "DELETED") {
    change.object = object;
    change.memory = std::move(document);
  }
  note_change(stream, std::move(change));
}

void Watcher::note_change(const Stream& stream, WatchChange change) {
  std::tuple key(stream.list.resource, change.ns, change.name);
  changes_.insert_or_assign(std::move(key), std::move(change));
  changed_.notify_all();
}

void Watcher::on_response(std::size_t number, Response&& response, Queue&) {
  const std::lock_guard lock(mutex_);
  Stream* stream = find(number);
  if (stream == nullptr) return;
  stream->asked = false;
  const Resource* kind = stream->list.resource;
  if (response.ok()) return ended(*stream);
  if (response.failure == Failure::none && response.status == 410) return expire(kind);
  if (is_refusal(response)) {
    return refuse(kind, response.status == 403
                            ? forbidden_text("watch", *kind, stream->list.ns, response)
                            : describe_failure(response));
  }
  fail(*stream, describe_failure(response));
}

// Its time is over; or this is no server that watches.
void Watcher::ended(Stream& stream) {
  const auto now = Clock::now();
  if (stream.broken) return fail(stream, "the server ended the watch with an error");
  const bool at_once = !stream.told && now - stream.began < shortest_life;
  stream.idle = at_once ? stream.idle + 1 : 0;
  if (stream.idle == most_idle) {
    return refuse(stream.list.resource, "the server ends watches at once");
  }
  stream.due = std::max(now, stream.began + first_pause);
}

void Watcher::fail(Stream& stream, std::string why) {
  stream.asked = false;
  ++stream.failures;
  const auto pause = std::min<Clock::duration>(
      first_pause * (1 << std::min<std::size_t>(stream.failures - 1, 5)), longest_pause);
  std::uniform_real_distribution<double> part(0.8, 1.2);
  stream.due = Clock::now() + std::chrono::duration_cast<Clock::duration>(pause * part(random_));
  if (stream.failures < failures_told) return;
  lost_changed_ = lost_changed_ || lost_.empty();
  lost_ = std::move(why);
  changed_.notify_all();
}

void Watcher::forget(const Resource* kind) {
  std::erase_if(streams_, [&](const auto& stream) { return stream->list.resource == kind; });
  std::erase_if(changes_, [&](const auto& entry) { return std::get<0>(entry.first) == kind; });
}

void Watcher::expire(const Resource* kind) {
  forget(kind);
  expired_.push_back(kind);
  changed_.notify_all();
}

void Watcher::refuse(const Resource* kind, std::string why) {
  forget(kind);
  refused_.insert_or_assign(kind, std::move(why));
  changed_.notify_all();
}

}  // namespace kube
