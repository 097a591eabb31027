// Steps on their way to the API server, and what became of each.
#pragma once
#include <optional>
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

  // Those that only need a new place in a list are sent once more. Throws what the journal throws
  // before anything is sent; what is lost later is in lost(), and the steps whose answers did not
  // come are `unknown`.
  std::vector<StepResult> send(const std::vector<std::size_t>& numbers);
  const std::optional<base::Error>& lost() const { return lost_; }

 private:
  std::vector<StepResult> send_once(const std::vector<std::size_t>& numbers);
  void clear_up(const std::vector<std::size_t>& numbers, const std::vector<std::size_t>& open,
                std::vector<StepResult>& results);
  std::string why_lost() const { return lost_ ? lost_->what() : ""; }
  void send_again(const std::vector<std::size_t>& numbers, const std::vector<std::size_t>& again,
                  std::vector<StepResult>& results);

  kube::Transport& transport_;
  Plan& plan_;
  Mode mode_;
  Journal* journal_;
  std::optional<base::Error> lost_;
};

}  // namespace fix
