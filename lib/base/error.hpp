// The error that ends a command, its kinds and their exit codes.
#pragma once
#include <stdexcept>
#include <string>

namespace base {

// Why a command cannot go on. Decides the exit code (README, "Exit codes").
enum class Fault {
  blocked,      // 1: something that was found keeps a fix from being applied
  usage,        // 2: bad flag, kubeconfig, context, config file or -f content
  unavailable,  // 3: network, TLS, 401, nothing readable
  unconfirmed,  // 5: the user said no, or there was nobody to ask
  partial,      // 6: a fix was applied in part
  unverified,   // 7: a fix was applied but its effect was not seen
  internal,     // 70: a bug of ours
  interrupted,  // 130: Ctrl-C
  terminated,   // 143: SIGTERM
};

int exit_code(Fault fault);

// The one exception type: the command ends here. `reason` is a CamelCase word for machines
// ("ContextNotFound"), `message` one sentence that names the file, line or object, `hint` the next
// thing to try (may be empty). Never holds a Secret, a token or a password.
class Error : public std::runtime_error {
 public:
  Error(Fault fault, std::string reason, const std::string& message, std::string hint = {});

  Fault fault;
  std::string reason;
  std::string hint;
};

// What is being handled, in a catch block, as an Error: bad_alloc and length_error (a string larger
// than any memory) are OutOfMemory (unavailable), any other foreign exception InternalError.
Error current_error();

// For a command that a signal ends: Interrupted, or Terminated when it was SIGTERM.
Error stopped_by(int signal);

}  // namespace base
