// The reader of standard input that waits without blocking for good.
#include "mcp/stdin_lines.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace cli {

bool StdinLines::wait(std::chrono::milliseconds time) {
  if (ended_) return false;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const int ready = poll(&input, 1, static_cast<int>(time.count()));
  if (ready < 0) return errno == EINTR;
  if (ready == 0) return true;
  std::array<char, 65536> data{};
  const ssize_t count = read(STDIN_FILENO, data.data(), data.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  if (count > 0) {
    take(data.data(), static_cast<std::size_t>(count));
    return true;
  }
  ended_ = true;
  if (!buffer_.empty()) buffer_ += '\n';
  return false;
}

void StdinLines::take(const char* data, std::size_t size) {
  std::string_view text(data, size);
  if (passing_) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return;
    passing_ = false;
    text.remove_prefix(end + 1);
  }
  buffer_ += text;
}

std::optional<std::string> StdinLines::next() {
  const std::size_t end = buffer_.find('\n', looked_);
  if (end == std::string::npos) {
    looked_ = buffer_.size();
    if (buffer_.size() > most_) {
      ++passed_over_;
      passing_ = true;
      buffer_.clear();
      looked_ = 0;
    }
    return std::nullopt;
  }
  looked_ = 0;
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

bool StdinLines::passed_over() {
  if (passed_over_ == 0) return false;
  --passed_over_;
  return true;
}

}  // namespace cli
