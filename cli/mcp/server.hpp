// The server of `mcp`: takes messages, runs calls one after the other, answers.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "mcp/protocol.hpp"

namespace cli {

// What one call has to do with whoever asked.
struct McpCall {
  const std::atomic<int>* stop = nullptr;          // not zero: it is not wanted any more
  std::function<void(std::string_view)> progress;  // how far it is; may be called often
};

// What is served, whatever it is.
struct McpService {
  std::string instructions;        // for whoever decides what to call
  std::vector<std::string> names;  // of the tools
  std::string list;                // the result of tools/list, JSON
  // The result of tools/call, JSON. Called in a thread of the server's, one call at a time.
  std::function<std::string(const std::string& name, const std::string& arguments,
                            const McpCall& call)>
      call;
};

class McpServer {
 public:
  // `send` gets a line without its end, from any thread, one at a time. False: nobody reads any
  // more.
  using Send = std::function<bool(std::string_view line)>;
  McpServer(McpService service, Send send);
  ~McpServer();  // stop()
  McpServer(const McpServer&) = delete;
  McpServer& operator=(const McpServer&) = delete;

  // One line. Calls wait for those before them; everything else is answered at once.
  void receive(std::string_view line);
  // A line that was too long to be kept.
  void refuse_line();
  // Nothing runs and nothing waits.
  bool idle();
  // Nobody reads what is sent.
  bool lost() const { return lost_.load(); }
  // Ends the call that runs, drops those that wait, returns when the thread is through.
  void stop();

 private:
  void answer(const McpMessage& request);
  void enqueue(const McpMessage& request);
  void cancel(const std::string& id);
  void say(std::string_view line);
  void work();
  void serve(const McpMessage& request);

  McpService service_;
  Send send_;
  std::mutex sending_;
  std::atomic<bool> lost_{false};
  bool initialized_ = false;  // the thread of receive() alone looks at it

  std::mutex mutex_;  // over the rest
  std::condition_variable changed_;
  std::deque<McpMessage> waiting_;
  std::string running_;  // the id of the call that runs; empty: none
  bool closing_ = false;
  std::atomic<int> stop_{0};  // of the call that runs
  std::thread thread_;
};

}  // namespace cli
