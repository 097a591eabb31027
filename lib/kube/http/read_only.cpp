// The look at each request before it is sent, also at those that answers bring about.
#include "kube/http/read_only.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace kube {
namespace {

// What is asked of these reaches a pod, a node or whoever listens there.
constexpr auto passed_on =
    std::to_array<std::string_view>({"proxy", "exec", "attach", "portforward"});

void require_read(const Request& request) {
  if (only_reads(request)) return;
  throw base::Error(base::Fault::internal, "NotARead",
                    "a request that does not only read was not sent: " +
                        std::string(verb(request.method)) + ' ' + base::printable(request.path));
}

class ReadOnlyQueue : public Queue {
 public:
  explicit ReadOnlyQueue(Queue& inner) : inner_(inner) {}
  std::size_t add(Request request) override {
    require_read(request);
    return inner_.add(std::move(request));
  }

 private:
  Queue& inner_;
};

class ReadOnlyReceiver : public Receiver {
 public:
  explicit ReadOnlyReceiver(Receiver& inner) : inner_(inner) {}
  bool on_body(std::size_t number, std::string_view so_far, Queue& queue) override {
    ReadOnlyQueue reads(queue);
    return inner_.on_body(number, so_far, reads);
  }
  void on_response(std::size_t number, Response&& response, Queue& queue) override {
    ReadOnlyQueue reads(queue);
    inner_.on_response(number, std::move(response), reads);
  }

 private:
  Receiver& inner_;
};

}  // namespace

bool only_reads(const Request& request) {
  if (request.method != Method::get || !request.body.empty()) return false;
  const std::string_view path =
      std::string_view(request.path).substr(0, request.path.find_first_of("?#"));
  const std::vector<std::string_view> steps = base::split(path, '/');
  // The server reads a slash out of it, and where ".." leads to is its business too.
  const bool crooked = base::lower(path).find("%2f") != std::string::npos ||
                       std::ranges::find(steps, std::string_view("..")) != steps.end();
  if (crooked) return false;
  // /api/v1/namespaces/NS/pods/NAME/proxy/…, /api/v1/nodes/NAME/proxy/…; a name may be such a word.
  const std::size_t at = steps.size() > 3 && steps[1] == "api" && steps[3] == "namespaces" ? 7 : 5;
  if (steps.size() <= at || steps[1] != "api") return true;
  return std::ranges::find(passed_on, steps[at]) == passed_on.end();
}

ReadOnlyTransport::ReadOnlyTransport(std::unique_ptr<Transport> inner) : inner_(std::move(inner)) {}

void ReadOnlyTransport::run(std::vector<Request> batch, Receiver& receiver) {
  std::ranges::for_each(batch, require_read);
  ReadOnlyReceiver reads(receiver);
  inner_->run(std::move(batch), reads);
}

}  // namespace kube
