// Lists as a hostile server might send them: the input is cut at 0xFF into pages, each of which
// arrives in pieces. Page and early continue token must never disagree unnoticed, whatever is read
// twice, and reading must end.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "kube/http/api_error.hpp"
#include "kube/read/continue_token.hpp"
#include "kube/read/discovery.hpp"
#include "kube/read/list_reader.hpp"

namespace {

constexpr std::size_t most_requests = 40;

class Server : public kube::Transport, kube::Queue {
 public:
  explicit Server(std::vector<std::string> pages) : pages_(std::move(pages)) {}

  std::size_t add(kube::Request) override { return asked_++; }

  void run(std::vector<kube::Request> batch, kube::Receiver& receiver) override {
    for (kube::Request& request : batch) add(std::move(request));
    for (std::size_t number = 0; number < asked_; ++number) {
      const std::string& body = pages_[number % pages_.size()];
      for (std::size_t size = 1; size < body.size(); size += 1 + size / 3) {
        if (!receiver.on_body(number, std::string_view(body).substr(0, size), *this)) break;
      }
      kube::Response response;
      response.status = number < most_requests ? 200 : 410;
      response.body = body;
      if (body.starts_with("k8s")) response.content_type = "application/vnd.kubernetes.protobuf";
      receiver.on_response(number, std::move(response), *this);
    }
  }

 private:
  std::vector<std::string> pages_;
  std::size_t asked_ = 0;
};

// A longer beginning of the same body tells the same.
void check_scan(std::string_view body) {
  kube::TokenScan before;
  for (std::size_t size = 0; size <= body.size(); ++size) {
    const kube::TokenScan now = kube::scan_continue_token(body.substr(0, size));
    if (before.state != kube::TokenScan::State::need_more &&
        (now.state != before.state || now.token != before.token)) {
      std::abort();
    }
    before = now;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> pages(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == 0xFF) {
      pages.emplace_back();
    } else {
      pages.back() += static_cast<char>(data[i]);
    }
  }
  if (pages[0].size() < 2048) check_scan(pages[0]);

  kube::Response response;
  response.status = 200;
  response.body = pages[0];
  kube::Discovery discovery;
  kube::read_aggregated(response, discovery);
  kube::read_groups(response);
  kube::read_version(response);
  (void)kube::describe_failure(response);

  Server server(std::move(pages));
  kube::FetchStats stats;
  kube::RequestBatch router(stats);
  kube::ListReader reader({&kube::resources::pods, "v1"});
  reader.start(router);
  router.run(server);
  if (reader.state() == kube::ListReader::State::reading) std::abort();
  return 0;
}
