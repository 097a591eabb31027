// The life of a connection: handshake, calls in a thread of their own, cancellation.
#include "mcp/server.hpp"

#include <algorithm>
#include <csignal>

#include "base/error.hpp"
#include "base/text.hpp"

namespace cli {
namespace {

constexpr std::size_t most_waiting = 32;

}  // namespace

McpServer::McpServer(McpService service, Send send)
    : service_(std::move(service)), send_(std::move(send)) {}

McpServer::~McpServer() {
  stop();
}

void McpServer::say(std::string_view line) {
  const std::lock_guard lock(sending_);
  if (lost_.load()) return;
  bool sent = false;
  try {
    sent = send_(line);
  } catch (const base::Error&) {
    sent = false;  // a full disk behind standard output is as bad as no reader
  }
  if (sent) return;
  lost_.store(true);
  stop_.store(SIGTERM);
}

void McpServer::receive(std::string_view line) {
  if (base::trim(line).empty()) return;
  const McpMessage message = read_message(line);
  switch (message.kind) {
    case McpMessage::Kind::request: return answer(message);
    case McpMessage::Kind::notification:
      if (!message.cancelled.empty()) cancel(message.cancelled);
      return;
    case McpMessage::Kind::response: return;
    case McpMessage::Kind::refused: return say(error_line(message, message.code, message.error));
  }
}

void McpServer::refuse_line() {
  say(error_line(
      {}, McpCode::invalid_request,
      "a message of more than " + std::to_string(most_message >> 20U) + " MiB was not read"));
}

void McpServer::answer(const McpMessage& request) {
  const std::string& method = request.method;
  if (request.stateless && !speaks_stateless(request.version)) {
    return say(version_error_line(request));
  }
  if (method == "ping") return say(result_line(request, "{}"));
  if (method == "server/discover") {
    return say(result_line(request, discover_result(service_.instructions)));
  }
  if (method == "initialize") {
    initialized_ = true;
    return say(result_line(
        request, initialize_result(agreed_version(request.version), service_.instructions)));
  }
  if (method != "tools/list" && method != "tools/call") {
    return say(error_line(request, McpCode::method_not_found,
                          "there is no method " + base::shorten(method, 100)));
  }
  if (!initialized_ && !request.stateless) {
    return say(error_line(request, McpCode::invalid_request, "initialize comes first"));
  }
  if (method == "tools/list") return say(result_line(request, service_.list));
  enqueue(request);
}

void McpServer::enqueue(const McpMessage& request) {
  if (std::ranges::find(service_.names, request.tool) == service_.names.end()) {
    const std::string near = base::closest_match(request.tool, service_.names);
    return say(error_line(request, McpCode::invalid_params,
                          "there is no tool \"" + base::shorten(request.tool, 100) + "\"; " +
                              (near.empty() ? "there are: " + base::join(service_.names, ", ")
                                            : "did you mean " + near + "?")));
  }
  std::string refusal;
  McpCode code = McpCode::invalid_request;
  {
    const std::lock_guard lock(mutex_);
    const bool known = running_ == request.id ||
                       std::ranges::find(waiting_, request.id, &McpMessage::id) != waiting_.end();
    if (known) {
      refusal = "a request with this id is not answered yet";
    } else if (waiting_.size() >= most_waiting) {
      code = McpCode::busy;
      refusal = base::plural(waiting_.size(), "call") + " wait already: call again later";
    } else {
      waiting_.push_back(request);
      if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    }
  }
  changed_.notify_all();
  if (!refusal.empty()) say(error_line(request, code, refusal));
}

void McpServer::cancel(const std::string& id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(waiting_, [&](const McpMessage& call) { return call.id == id; });
  if (running_ == id) stop_.store(SIGINT);
}

bool McpServer::idle() {
  const std::lock_guard lock(mutex_);
  return running_.empty() && waiting_.empty();
}

void McpServer::stop() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    waiting_.clear();
    stop_.store(SIGTERM);
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void McpServer::work() {
  for (;;) {
    McpMessage request;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
      if (closing_) return;
      request = std::move(waiting_.front());
      waiting_.pop_front();
      running_ = request.id;
      stop_.store(lost_.load() ? SIGTERM : 0);
    }
    serve(request);
    const std::lock_guard lock(mutex_);
    running_.clear();
  }
}

void McpServer::serve(const McpMessage& request) {
  std::size_t told = 0;
  McpCall call;
  call.stop = &stop_;
  call.progress = [&](std::string_view message) {
    if (request.progress_token.empty() || stop_.load() != 0) return;
    say(progress_line(request.progress_token, ++told, message));
  };
  call.progress(request.tool + ": begun");
  std::string line;
  try {
    line = result_line(request, service_.call(request.tool, request.arguments, call));
  } catch (...) {
    line = error_line(request, McpCode::internal_error, base::current_error().what());
  }
  // Who cancels a request waits for no answer to it, and must not get one.
  if (stop_.load() == 0) say(line);
}

}  // namespace cli
