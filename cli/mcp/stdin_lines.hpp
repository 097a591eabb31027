// Standard input in lines of bounded length.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace cli {

class StdinLines {
 public:
  explicit StdinLines(std::size_t most_bytes) : most_(most_bytes) {}

  // Reads what comes within that time; a signal ends the wait. False: there is no more to come.
  bool wait(std::chrono::milliseconds time);
  // The next whole line, without its end; nothing: none is there yet. The last one needs no end.
  std::optional<std::string> next();
  // One of the lines that were longer than allowed, and not kept.
  bool passed_over();

 private:
  void take(const char* data, std::size_t size);

  std::size_t most_;
  std::string buffer_;
  std::size_t looked_ = 0;  // of the buffer, for the end of a line
  bool ended_ = false;
  bool passing_ = false;  // the rest of a line that is too long
  std::size_t passed_over_ = 0;
};

}  // namespace cli
