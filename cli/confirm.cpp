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
  if (permanent) {
    prompt("This cannot be undone in place. Type " + base::printable(phrase) + " to go on:");
  } else {
    prompt("Go on? (y/N)");
  }
  const std::optional<std::string> answer = read_line();
  const std::string word(base::trim(answer.value_or("")));
  const bool agreed = permanent ? word == phrase : word == "y" || word == "Y" || word == "yes";
  if (!agreed) throw unconfirmed(answer ? "not confirmed" : "end of input", "");
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
