#pragma once
#include <string>
#include <vector>

#include "fix/engine.hpp"
#include "kube/parse/json_reader.hpp"

namespace fix {

// Where a step's object stands now, when the answer to the step left that open.
struct Live {
  enum class State { found, gone, unreadable } state = State::unreadable;
  kube::Value object;
  std::string detail;
};

// Borrows from `document`.
std::vector<Live> read_again(kube::Transport& transport, const std::vector<const Step*>& steps,
                             kube::Document& document);

// Sends steps of a plan side by side and finds out what became of those refused or lost.
class Sender {
 public:
  // `journal` may be nullptr.
  Sender(kube::Transport& transport, Plan& plan, Mode mode, Journal* journal)
      : transport_(transport), plan_(plan), mode_(mode), journal_(journal) {}

  // Those that only need a new place in a list are sent once more.
  std::vector<StepResult> send(const std::vector<std::size_t>& numbers);

 private:
  std::vector<StepResult> send_once(const std::vector<std::size_t>& numbers);
  void send_again(const std::vector<std::size_t>& numbers, const std::vector<std::size_t>& again,
                  std::vector<StepResult>& results);

  kube::Transport& transport_;
  Plan& plan_;
  Mode mode_;
  Journal* journal_;
};

}  // namespace fix
