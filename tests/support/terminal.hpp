// A pseudo-terminal with aibrixctl in it.
#pragma once
#include <string>
#include <vector>

namespace support {

// The built binary at a terminal of its own, as a person sees and uses it.
class Terminal {
 public:
  explicit Terminal(std::vector<std::string> arguments,
                    std::vector<std::pair<std::string, std::string>> environment = {});
  ~Terminal();  // ends the program if it still runs
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // Reads until this text is shown; false when the program ends first, or after half a minute.
  bool shows(const std::string& text);
  // Keys: "\n" is Enter, "\x03" Ctrl-C, "\x04" Ctrl-D.
  void type(const std::string& keys);
  // Reads on until the program ends; its exit code, or 128 + the signal that ended it.
  int code();
  const std::string& shown() const { return shown_; }

 private:
  bool read_some();

  int terminal_ = -1;
  int child_ = -1;
  std::string shown_;
};

}  // namespace support
