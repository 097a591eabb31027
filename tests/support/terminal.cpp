// The pseudo-terminal that tests type at.
#include "support/terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "support/program.hpp"

namespace support {

Terminal::Terminal(std::vector<std::string> arguments,
                   std::vector<std::pair<std::string, std::string>> environment) {
  // Everything is made ready before the fork: the tests' process has threads.
  arguments.insert(arguments.begin(), program_path());
  std::vector<std::string> variables = {"TERM=xterm", "NO_COLOR=1", "LC_ALL=C.UTF-8",
                                        "PATH=/usr/bin:/bin"};
  for (const auto& [name, value] : environment) variables.push_back(name + '=' + value);
  std::vector<char*> argv;
  for (std::string& word : arguments) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> env;
  for (std::string& word : variables) env.push_back(word.data());
  env.push_back(nullptr);

  winsize size{40, 100, 0, 0};
  child_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (child_ < 0) throw std::runtime_error("no terminal to be had");
  if (child_ == 0) {
    execve(argv[0], argv.data(), env.data());
    _exit(127);
  }
}

Terminal::~Terminal() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  close(terminal_);
}

bool Terminal::read_some() {
  pollfd readable{terminal_, POLLIN, 0};
  if (poll(&readable, 1, 30'000) <= 0) return false;
  std::array<char, 4096> buffer{};
  const ssize_t count = read(terminal_, buffer.data(), buffer.size());
  if (count <= 0) return false;  // EIO: the program has closed its side
  shown_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

bool Terminal::shows(const std::string& text) {
  while (shown_.find(text) == std::string::npos) {
    if (!read_some()) return false;
  }
  return true;
}

void Terminal::type(const std::string& keys) {
  if (write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::runtime_error("the terminal takes no keys");
  }
}

int Terminal::code() {
  while (read_some()) {
  }
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace support
