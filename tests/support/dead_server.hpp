// A TCP server that gives no proper answer.
#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <thread>

namespace support {

// A port on the loopback that accepts connections and does as told: says nothing ever, or one text
// to whoever connects, then closes; or closes without a word.
class DeadServer {
 public:
  explicit DeadServer(std::string answer = {}, bool closes = false)
      : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
    listen(fd_, 16);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    if (closes || !answer.empty()) thread_ = std::thread([this, answer] { talk(answer); });
  }
  ~DeadServer() {
    shutdown(fd_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    close(fd_);
  }
  DeadServer(const DeadServer&) = delete;
  DeadServer& operator=(const DeadServer&) = delete;

  std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void talk(const std::string& answer) const {
    for (;;) {
      const int client = accept(fd_, nullptr, nullptr);
      if (client < 0) return;
      char request[4096];
      (void)!read(client, request, sizeof request);
      (void)!write(client, answer.data(), answer.size());
      close(client);
    }
  }

  int fd_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace support
