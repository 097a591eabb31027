// The loop that runs many requests side by side over libcurl, with retries and deadlines.
#include "kube/http/curl_transport.hpp"

#include <algorithm>
#include <map>
#include <new>
#include <optional>
#include <random>
#include <utility>

#include "base/error.hpp"
#include "base/system.hpp"
#include "base/time.hpp"
#include "kube/http/api_error.hpp"
#include "kube/http/curl_outcome.hpp"
#include "kube/http/own_secrets.hpp"
#include "kube/http/retry.hpp"

namespace kube {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// libcurl 7.88 sometimes holds data that it read already and waits for the socket all the same, so
// the first looks come soon one after the other; the longest wait is how soon a Ctrl-C is seen.
constexpr milliseconds shortest_poll{1};
constexpr milliseconds longest_poll{50};
// A run that watches lasts longer than a login: then it is renewed more than once.
constexpr std::chrono::minutes renew_again{1};

curl::Multi open_multi(const CurlOptions& options) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  curl::Multi multi(started == CURLE_OK ? curl_multi_init() : nullptr);
  if (!multi && curl::files_used_up()) throw no_files_error();
  if (!multi) throw std::bad_alloc();
  curl_multi_setopt(multi.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(options.max_connections));
  return multi;
}

}  // namespace

struct CurlTransport::State {
  Access access;
  CurlOptions options;
  curl::Target target;
  curl::Watchdog watchdog;
  curl::Multi multi;  // keeps the connections between runs
  Login login;
  unsigned logins = 0;
  OwnSecrets secrets;
  curl::Load load;
  Line line;
  bool gzip = false;  // asked for
  std::size_t rounds = 0;
  bool ever_heard = false;
  std::chrono::microseconds waited{0};
  std::minstd_rand random{base::random_number()};

  // What a person or a plugin needs for it is not time in which the server is slow.
  void log_in() {
    const auto start = Clock::now();
    login = access.credentials->login();
    if (options.bounds) options.bounds->forgive(Clock::now() - start);
    secrets.add(login);
    ++logins;
  }
};

// One run(): the requests that wait, those on their way, and what to do when one is over.
class CurlTransport::Run : public Queue {
 public:
  Run(State& state, Receiver& receiver) : state_(state), receiver_(receiver) {
    state_.load.round = state_.rounds;
  }
  ~Run() override {
    for (const auto& [number, transfer] : active_) forget(*transfer);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  std::size_t add(Request request) override {
    auto transfer = std::make_unique<curl::Transfer>();
    transfer->number = added_;
    transfer->round = state_.load.round + 1;
    transfer->request = std::move(request);
    transfer->receiver = &receiver_;
    transfer->queue = this;
    transfer->thrown = &thrown_;
    transfer->load = &state_.load;
    transfer->socket.watchdog = &state_.watchdog;
    waiting_.push_back(std::move(transfer));
    return added_++;
  }

  void until_done() {
    const auto& options = state_.options;
    if (options.run_timeout.count() != 0) deadline_ = Clock::now() + options.run_timeout;
    heard_at_ = Clock::now();
    while (!waiting_.empty() || !active_.empty()) {
      curl::check_stop(options);
      check_reading_time();
      receiver_.on_turn(*this);
      if (deadline_ && Clock::now() >= *deadline_) give_up(late());
      if (is_silent()) give_up(silence());
      start_due();
      perform();
      if (thrown_) std::rethrow_exception(thrown_);
      // Before what was ended for their sake is taken for an answer.
      curl::check_stop(options);
      check_reading_time();
      if (std::exchange(state_.load.heard, false)) hear();
      if (line_is_asked()) look_at_connection();
      collect();
      if (!something_due()) wait();
    }
    if (login_lost_) std::rethrow_exception(login_lost_);
  }

 private:
  void perform() {
    std::optional<Clock::time_point> end = reading_deadline();
    if (deadline_ && (!end || *deadline_ < *end)) end = deadline_;
    const curl::Watchdog::Call call(state_.watchdog, end);
    int running = 0;
    curl_multi_perform(state_.multi.get(), &running);
  }

  void forget(curl::Transfer& transfer) {
    curl_multi_remove_handle(state_.multi.get(), transfer.easy.get());
  }

  void hear() {
    heard_at_ = Clock::now();
    heard_ = true;
    state_.ever_heard = true;
  }

  // The first connection of the transport is ready.
  void look_at_connection() {
    for (const auto& [number, transfer] : active_) {
      if (const auto handshake = curl::handshake_of(*transfer)) {
        return state_.line.connected(*handshake);
      }
    }
  }

  milliseconds patience_with_silence() const {
    const CurlOptions& options = state_.options;
    return state_.ever_heard ? options.stall_timeout
                             : std::min(options.stall_timeout, options.first_answer_timeout);
  }

  // Requests are under way, and nothing at all has come for too long.
  bool is_silent() const {
    return !active_.empty() && Clock::now() - heard_at_ >= patience_with_silence();
  }

  static Response late() {
    Response late;
    late.failure = Failure::timeout;
    late.detail = "the time limit of the run is reached";
    return late;
  }

  Response silence() const {
    Response silent;
    silent.failure = Failure::timeout;
    silent.detail = "no data for " + base::format_age(patience_with_silence());
    return silent;
  }

  std::optional<Clock::time_point> reading_deadline() const {
    return state_.options.bounds ? state_.options.bounds->deadline() : std::nullopt;
  }

  void check_reading_time() const {
    const auto end = reading_deadline();
    if (!end || Clock::now() < *end) return;
    throw reading_timeout(state_.access, state_.options.bounds->time(), answered_, added_);
  }

  // False: another try would begin too late to be of use.
  bool in_time(Clock::time_point moment) const {
    const auto end = reading_deadline();
    return (!deadline_ || moment < *deadline_) && (!end || moment < *end);
  }

  bool something_due() const {
    const auto now = Clock::now();
    if (holds_back()) return false;
    return std::any_of(waiting_.begin(), waiting_.end(),
                       [&](const auto& transfer) { return transfer->not_before <= now; });
  }

  void wait() {
    int ready = 0;
    const auto start = Clock::now();
    curl_multi_poll(state_.multi.get(), nullptr, 0, static_cast<int>(patience_.count()), &ready);
    const auto waited = Clock::now() - start;
    state_.waited += std::chrono::duration_cast<std::chrono::microseconds>(waited);
    if (ready != 0) {
      patience_ = shortest_poll;
    } else if (waited >= patience_) {  // and not for a timer of libcurl's
      patience_ = std::min(2 * patience_, longest_poll);
    }
  }

  bool line_is_asked() const { return state_.options.learn_line && !state_.line.known(); }
  // Until there is a connection, one request is enough.
  bool holds_back() const { return line_is_asked() && !active_.empty(); }

  void start_due() {
    const auto now = Clock::now();
    if (holds_back()) return;
    const bool one = line_is_asked();
    auto late = std::stable_partition(waiting_.begin(), waiting_.end(), [&](const auto& transfer) {
      return transfer->not_before <= now;
    });
    if (one && late != waiting_.begin()) late = std::next(waiting_.begin());
    std::vector<std::unique_ptr<curl::Transfer>> due(std::make_move_iterator(waiting_.begin()),
                                                     std::make_move_iterator(late));
    waiting_.erase(waiting_.begin(), late);
    if (active_.empty() && !due.empty()) heard_at_ = now;  // nobody was asked until now
    for (auto& transfer : due) {
      transfer->login_used = state_.logins;
      transfer->gzip = state_.gzip;
      state_.rounds = std::max(state_.rounds, transfer->round);
      curl::prepare(*transfer, state_.target, state_.access, state_.login, state_.options);
      curl_multi_add_handle(state_.multi.get(), transfer->easy.get());
      const std::size_t number = transfer->number;
      active_.emplace(number, std::move(transfer));
    }
  }

  void collect() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(state_.multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      void* user = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &user);
      const auto it = active_.find(static_cast<curl::Transfer*>(user)->number);
      auto transfer = std::move(it->second);
      active_.erase(it);
      curl::conclude(*transfer, code, state_.access, state_.options);
      forget(*transfer);
      settle(std::move(transfer));
    }
  }

  // An attempt is over: send it again, or hand over its answer.
  void settle(std::unique_ptr<curl::Transfer> transfer) {
    Response& response = transfer->response;
    if (response.status == 401 && response.failure == Failure::none) {
      if (renewed(*transfer)) return send_again(std::move(transfer), milliseconds(0));
      response.detail = curl::client_certificate_fault(state_.login, state_.options.now);
    }
    const bool idempotent = transfer->request.method == Method::get;
    const double jitter = std::uniform_real_distribution<double>(0, 1)(state_.random);
    const auto wait = wait_before_retry({response.attempts, response.status, response.failure,
                                         response.retry_after, idempotent, jitter});
    const bool again = !transfer->request.once && !transfer->request.lines;
    if (wait && again && in_time(Clock::now() + *wait)) {
      ++response.attempts;
      return send_again(std::move(transfer), *wait);
    }
    if (response.failure == Failure::tls) response.detail = explain_tls(response.detail);
    const bool alike = !heard_ && curl::is_no_connection(response.failure);
    Response same;
    same.failure = response.failure;
    same.detail = response.detail;
    deliver(*transfer);
    // Each would wait for its own connection, one after the other.
    if (alike) give_up(same);
  }

  void send_again(std::unique_ptr<curl::Transfer> transfer, milliseconds wait) {
    transfer->not_before = Clock::now() + wait;
    ++transfer->round;
    transfer->response.body = std::string();
    transfer->release();
    waiting_.push_back(std::move(transfer));
  }

  void deliver(curl::Transfer& transfer) {
    transfer.easy.reset();
    ++answered_;
    state_.load.round = transfer.round;
    refusal_as_json(transfer.response);
    state_.secrets.hide(transfer.response, transfer.request.path != "/version");
    receiver_.on_response(transfer.number, std::move(transfer.response), *this);
    transfer.release();
  }

  // A 401, perhaps of many at once: true when there is a login that this request has not tried.
  bool renewed(const curl::Transfer& transfer) {
    if (transfer.login_used != state_.logins) return true;
    const auto now = Clock::now();
    const bool just_tried = renew_tried_ && now - *renew_tried_ < renew_again;
    if (just_tried || !state_.access.credentials) return false;
    renew_tried_ = now;
    const auto start = now;
    try {
      if (!state_.access.credentials->renew()) return false;
      state_.log_in();
    } catch (...) {
      // Those under way are heard out: what they changed is to be known.
      login_lost_ = std::current_exception();
      waiting_.clear();
      return false;
    }
    heard_at_ += Clock::now() - start;
    return true;
  }

  std::string explain_tls(const std::string& curl_words) {
    if (!tls_fault_) {
      tls_fault_ = curl::diagnose_tls(state_.target, state_.access, state_.options);
      if (tls_fault_->empty())
        tls_fault_ = curl::client_certificate_fault(state_.login, state_.options.now);
    }
    return tls_fault_->empty() ? curl_words : *tls_fault_;
  }

  // Answers all that is left with this.
  void give_up(const Response& answer) {
    while (!active_.empty() || !waiting_.empty()) {
      std::unique_ptr<curl::Transfer> transfer;
      if (!active_.empty()) {
        transfer = std::move(active_.begin()->second);
        active_.erase(active_.begin());
        forget(*transfer);
      } else {
        transfer = std::move(waiting_.front());
        waiting_.erase(waiting_.begin());
      }
      Response same = answer;
      same.attempts = transfer->response.attempts;
      transfer->release();
      transfer->response = std::move(same);
      deliver(*transfer);
    }
  }

  State& state_;
  Receiver& receiver_;
  std::size_t added_ = 0, answered_ = 0;
  bool heard_ = false;  // anything, in this run
  Clock::time_point heard_at_{};
  std::vector<std::unique_ptr<curl::Transfer>> waiting_;
  std::map<std::size_t, std::unique_ptr<curl::Transfer>> active_;  // in the multi handle
  std::optional<Clock::time_point> deadline_;
  std::optional<std::string> tls_fault_;
  milliseconds patience_ = shortest_poll;
  std::optional<Clock::time_point> renew_tried_;
  std::exception_ptr thrown_;
  std::exception_ptr login_lost_;
};

CurlTransport::CurlTransport(Access access, CurlOptions options)
    : state_(std::make_unique<State>()) {
  state_->target = curl::target_of(access);
  state_->access = std::move(access);
  state_->options = std::move(options);
  state_->secrets.add_proxy(state_->access.proxy_url);
  const Compression wish = state_->options.compression;
  state_->gzip = wish == Compression::on ||
                 (wish == Compression::automatic && !state_->access.disable_compression);
  Bounds* bounds = state_->options.bounds.get();
  if (bounds != nullptr) {
    state_->load.max_answer = bounds->max_answer();
    state_->load.max_under_way = bounds->max_under_way();
    state_->load.memory = &bounds->memory();
  }
  state_->load.bounds = bounds;
  state_->load.stop = state_->options.stop;
  state_->watchdog.stop_by(state_->options.stop);
}

CurlTransport::~CurlTransport() = default;

std::chrono::microseconds CurlTransport::waited() const {
  return state_->waited;
}

std::size_t CurlTransport::rounds() const {
  return state_->rounds;
}

std::optional<std::chrono::microseconds> CurlTransport::round_trip() const {
  return state_->line.round_trip();
}

void CurlTransport::run(std::vector<Request> batch, Receiver& receiver) {
  State& state = *state_;
  curl::check_stop(state.options);
  if (state.access.credentials) state.log_in();
  if (!state.multi) state.multi = open_multi(state.options);
  Run run(state, receiver);
  for (Request& request : batch) run.add(std::move(request));
  run.until_done();
}

}  // namespace kube
