// The sender of requests for logs, with their ways round what is not there.
#include "kube/read/pod_logs.hpp"

#include <deque>

#include "base/lists.hpp"
#include "base/text.hpp"
#include "kube/http/api_error.hpp"
#include "kube/read/request_batch.hpp"
#include "kube/resource.hpp"

namespace kube {
namespace {

// The API server's limitBytes keeps the beginning of what tailLines selects, and the reason stands
// at the end. So the memory is bounded here: lines that are too long for it are asked for again,
// fewer of them.
constexpr std::size_t most_bytes = std::size_t{4} << 20;
constexpr std::size_t few_lines = 10;
// A kubelet that does not answer makes the API server wait; nobody should for a piece of evidence.
constexpr std::chrono::seconds patience{10};

class LogJob : public BatchItem {
 public:
  explicit LogJob(const LogTarget& target) : target_(target), previous_(target.previous) {}

  void ask(RequestBatch& batch) {
    Request request;
    const ContainerRef& c = target_.container;
    request.path = api_path(resources::pods, resources::pods.version, c.ns, c.pod) +
                   "/log?container=" + base::percent_encode(c.container, "-._~") +
                   "&tailLines=" + std::to_string(lines_);
    if (previous_) request.path += "&previous=true";
    request.accept = "application/json, */*";
    request.max_bytes = most_bytes;
    request.patience = patience;
    request.once = true;
    batch.ask(*this, std::move(request));
  }

  void on_response(std::size_t, Response&& response, RequestBatch& batch) override {
    // 400 "previous terminated container "x" in pod "y" not found", as the kubelet has it.
    if (previous_ && (response.status == 400 || response.status == 404)) {
      previous_ = false;
      return ask(batch);
    }
    if (response.failure == Failure::too_large && lines_ != few_lines) {
      lines_ = few_lines;
      return ask(batch);
    }
    response_ = std::move(response);
  }

  void take(LogsRead& out) {
    const ContainerRef& c = target_.container;
    if (response_.status == 403) {
      base::add_once(out.forbidden, c.ns);
    } else if (!response_.ok()) {
      out.failures.push_back(c.ns + '/' + c.pod + " (" + c.container +
                             "): " + describe_failure(response_));
    } else {
      std::string text = log_end(response_.body);
      if (!text.empty()) out.logs.push_back({c, previous_, std::move(text)});
    }
    response_ = {};
  }

 private:
  const LogTarget& target_;
  bool previous_;
  std::size_t lines_ = kept_log_lines;
  Response response_;
};

}  // namespace

LogsRead read_pod_logs(Transport& transport, std::span<const LogTarget> targets) {
  LogsRead out;
  FetchStats stats;
  RequestBatch batch(stats);
  std::deque<LogJob> jobs;
  for (const LogTarget& target : targets) jobs.emplace_back(target).ask(batch);
  if (!jobs.empty()) batch.run(transport);
  for (LogJob& job : jobs) job.take(out);
  out.requests = stats.requests;
  return out;
}

}  // namespace kube
