// Asks before anything is changed.
#include <optional>

#include "base/error.hpp"
#include "base/shell.hpp"
#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "fix.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using base::Error;
using base::Fault;

Error unconfirmed(const std::string& message, const std::string& hint) {
  return {Fault::unconfirmed, "NotConfirmed", message, hint};
}

std::string answer_to(const std::string& question) {
  prompt(question);
  const std::optional<std::string> answer = read_line();
  if (!answer) throw unconfirmed("end of input", "");
  return std::string(base::trim(*answer));
}

bool agreed_by_letter() {
  const std::string word = base::lower(answer_to("Continue? [y/N]"));
  return word == "y" || word == "yes";
}

// What a slip would cost is a second run; an empty line is no slip.
bool agreed_by_phrase(const fix::Plan& plan) {
  constexpr int tries = 3;
  const std::string phrase = plan.phrase();
  const std::string typed = '"' + base::printable(phrase) + '"';
  std::string question = "This cannot be undone. To confirm, type " + typed + " (without quotes):";
  for (int i = 0; i < tries; ++i) {
    const std::string word = answer_to(question);
    if (word == phrase) return true;
    if (word.empty()) return false;
    question = "That is not " + typed + ". Type it, or press Enter to cancel:";
  }
  return false;
}

}  // namespace

void confirm(const fix::Plan& plan, const ApplyOptions& options) {
  const bool permanent = plan.reversibility() == fix::Reversibility::permanent;
  const std::string phrase = plan.phrase();
  const std::string flag = permanent ? "--confirm=" + base::shell_word(phrase) : "--yes";
  if (!options.confirm.empty() && options.confirm != phrase) {
    throw unconfirmed("--confirm does not match what this plan asks for",
                      "read the plan, then give " + flag);
  }
  if (!options.confirm.empty() || (options.yes && !permanent)) return;
  if (options.yes && permanent) {
    throw unconfirmed("this cannot be undone, --yes is not enough",
                      "read the plan, then give " + flag);
  }
  if (!stdin_is_terminal() || !stderr_is_terminal()) {
    throw unconfirmed("there is no terminal to ask on", "read the plan, then give " + flag);
  }
  if (!(permanent ? agreed_by_phrase(plan) : agreed_by_letter())) {
    throw unconfirmed("not confirmed", "");
  }
}

std::string runs_folder() {
  std::string state = environment("XDG_STATE_HOME");
  const std::string home = environment("HOME");
  if (state.empty() && !home.empty()) state = home + "/.local/state";
  if (state.empty() || state.front() != '/') {
    throw Error(Fault::usage, "NoStateFolder",
                "neither XDG_STATE_HOME nor HOME names a folder for the journal",
                "set XDG_STATE_HOME to an absolute path");
  }
  return state + "/aibrixctl/runs";
}

}  // namespace cli
