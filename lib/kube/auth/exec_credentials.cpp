// The runner of exec plugins, and the keeper of the logins they give.
#include "kube/auth/exec_credentials.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "kube/auth/exec_protocol.hpp"
#include "kube/auth/kubeconfig_file.hpp"

namespace kube {
namespace {

using base::Fault;
using base::ProcessResult;

constexpr std::string_view group = "client.authentication.k8s.io/";

// Foreign text in one line: its lines that are not empty, made printable. The end is kept, since
// that is where programs say what went wrong.
std::string one_line(std::string_view text, std::string_view separator, std::size_t bytes) {
  std::string out;
  for (const std::string_view line : base::split(text, '\n')) {
    const std::string_view words = base::trim(line);
    if (words.empty()) continue;
    if (!out.empty()) out += separator;
    out += base::printable(words);
  }
  if (out.size() <= bytes) return out;
  std::size_t begin = out.size() - bytes;
  while (begin < out.size() && base::continues_utf8(out[begin])) ++begin;
  return "…" + out.substr(begin);
}

class ExecPlugin : public CredentialSource {
 public:
  ExecPlugin(ExecEntry entry, std::string user, const ClusterEntry& cluster, ExecOptions options)
      : entry_(std::move(entry)),
        user_(std::move(user)),
        cluster_(cluster),
        options_(std::move(options)),
        name_("exec plugin " + base::printable(entry_.command)) {}

  Login login() override {
    if (cached_ && !expired(*cached_)) return *cached_;
    // A login that ran out is another matter than one that was refused.
    if (cached_) refused_ = false;
    cached_.reset();
    cached_ = ask();
    return *cached_;
  }
  bool renew() override {
    cached_.reset();
    return !std::exchange(refused_, true);
  }
  std::string describe() const override { return name_; }

 private:
  bool expired(const Login& login) const {
    return login.expires && options_.now && *login.expires <= options_.now();
  }

  bool interactive() const {
    if (entry_.interactive_mode == "Never") return false;
    if (!options_.stdin_is_terminal && entry_.interactive_mode == "Always") {
      fail(Fault::usage, "ExecPluginNeedsTerminal", "needs a terminal, and there is none",
           "run this at a terminal, or use credentials made for machines");
    }
    return options_.stdin_is_terminal;
  }

  std::string who() const {
    return name_ + " (user \"" + base::printable(user_) + "\", " + entry_.place + ")";
  }
  [[noreturn]] void fail(Fault fault, std::string reason, const std::string& what,
                         std::string hint) const {
    throw base::Error(fault, std::move(reason), who() + ' ' + what, std::move(hint));
  }
  // Go's exec.LookPath: what stands in the first folder of PATH that has it, but nothing that was
  // found by way of the working folder (an empty or relative entry): anybody may have put it there.
  std::string program() const {
    if (!options_.path || entry_.command.find('/') != std::string::npos) return entry_.command;
    if (options_.path->empty()) not_started(ENOENT);
    for (const std::string_view folder : base::split(*options_.path, ':')) {
      std::string place =
          (folder.empty() ? std::string(".") : std::string(folder)) + '/' + entry_.command;
      struct stat found {};
      if (::stat(place.c_str(), &found) != 0 || S_ISDIR(found.st_mode)) continue;
      if (::access(place.c_str(), X_OK) != 0) continue;
      if (place.starts_with('/')) return place;
      fail(Fault::usage, "ExecPluginNotFound",
           "is found only in the current folder, through an empty or relative entry of PATH, and "
           "such a program is not run",
           "set its full path in the kubeconfig, or remove the entry from PATH");
    }
    not_started(ENOENT);
  }

  Login ask() const {
    base::Command command;
    command.argv.push_back(program());
    command.argv.insert(command.argv.end(), entry_.args.begin(), entry_.args.end());
    command.interactive = interactive();
    command.deadline = command.interactive ? options_.interactive_deadline : options_.deadline;
    command.cancel = options_.cancel;
    command.env = entry_.env;
    command.env.emplace_back("KUBERNETES_EXEC_INFO",
                             exec_info(entry_, cluster_, command.interactive));
    const ProcessResult finished = options_.run(command);
    check(finished, command);
    Login login = read_exec_answer(finished.out, entry_.api_version, who());
    if (expired(login)) {
      fail(Fault::unavailable, "CredentialsExpired",
           "returned credentials that expired on " + base::format_time(*login.expires),
           "log in again with your provider's tool, or check this machine's clock");
    }
    return login;
  }

  void check(const ProcessResult& finished, const base::Command& command) const {
    const std::string words = one_line(finished.err, " | ", 800);
    const std::string said = words.empty() ? std::string() : "; its output: " + words;
    const std::string log_in = "log in again with your provider's tool, then try `kubectl version`";
    switch (finished.end) {
      case ProcessResult::End::exited:
        if (finished.code == 0) return;
        fail(Fault::unavailable, "ExecPluginFailed",
             "failed with exit code " + std::to_string(finished.code) + said,
             finished.code == 127 ? install_hint() : log_in);
      case ProcessResult::End::signalled:
        fail(Fault::unavailable, "ExecPluginFailed",
             "was terminated by signal " + std::to_string(finished.code) + said, log_in);
      case ProcessResult::End::timed_out:
        fail(Fault::unavailable, "ExecPluginTimeout",
             "did not answer within " + base::format_age(command.deadline) + said,
             command.interactive ? log_in : "it may be waiting for a login; try `kubectl version`");
      case ProcessResult::End::cancelled:
        fail(Fault::interrupted, "Interrupted", "was interrupted", "");
      case ProcessResult::End::too_much_output:
        fail(Fault::unavailable, "ExecPluginInvalid", "printed too much output",
             "it must print an ExecCredential of " + entry_.api_version);
      case ProcessResult::End::not_started: not_started(finished.code);
    }
  }

  [[noreturn]] void not_started(int error) const {
    const bool path = entry_.command.find('/') != std::string::npos;
    // ENOENT also when the script is there but the interpreter in its first line is not.
    const bool there = path && ::access(entry_.command.c_str(), F_OK) == 0;
    if (error == ENOENT && there) {
      fail(Fault::usage, "ExecPluginNotFound", "cannot be run: its interpreter is missing",
           install_hint());
    }
    if (error == ENOENT) {
      fail(Fault::usage, "ExecPluginNotFound", path ? "does not exist" : "was not found in PATH",
           install_hint());
    }
    fail(Fault::usage, "ExecPluginNotFound",
         "cannot be run: " + std::generic_category().message(error), install_hint());
  }

  std::string install_hint() const {
    const std::string hint = one_line(entry_.install_hint, " ", 1000);
    return hint.empty() ? "install it, or put its folder into PATH" : hint;
  }

  ExecEntry entry_;
  std::string user_;
  ClusterEntry cluster_;
  ExecOptions options_;
  std::string name_;
  std::optional<Login> cached_;
  bool refused_ = false;
};

[[noreturn]] void invalid(const ExecEntry& entry, std::string reason, const std::string& what,
                          std::string hint = {}) {
  throw base::Error(Fault::usage, std::move(reason), entry.place + ": " + what, std::move(hint));
}

// What clientcmd's validateAuthInfo() checks.
void validate(ExecEntry& entry, const std::string& whose) {
  if (entry.command.empty())
    invalid(entry, "KubeconfigInvalid", "exec of " + whose + " has no command");
  if (entry.api_version == "client.authentication.k8s.io/v1alpha1") {
    invalid(entry, "ExecApiRemoved",
            "exec of " + whose + " uses " + entry.api_version + ", which Kubernetes 1.24 removed",
            "update " + base::printable(entry.command) +
                " and regenerate the kubeconfig with apiVersion " + std::string(group) + "v1beta1");
  }
  constexpr std::array<std::string_view, 2> versions = {"v1", "v1beta1"};
  const bool known = entry.api_version.starts_with(group) &&
                     std::find(versions.begin(), versions.end(),
                               entry.api_version.substr(group.size())) != versions.end();
  if (!known) {
    invalid(entry, "KubeconfigInvalid",
            "exec of " + whose + " has apiVersion \"" + base::printable(entry.api_version) + '"',
            "it must be " + std::string(group) + "v1 or v1beta1");
  }
  // v1 has no default for it.
  if (entry.interactive_mode.empty() && entry.api_version.ends_with("v1beta1")) {
    entry.interactive_mode = "IfAvailable";
  }
  constexpr std::array<std::string_view, 3> modes = {"Never", "IfAvailable", "Always"};
  if (std::find(modes.begin(), modes.end(), entry.interactive_mode) == modes.end()) {
    invalid(entry, "KubeconfigInvalid",
            "exec of " + whose + " has interactiveMode \"" +
                base::printable(entry.interactive_mode) + '"',
            "it must be Never, IfAvailable or Always");
  }
  for (const auto& [name, value] : entry.env) {
    if (name.empty() || name.find('=') != std::string::npos) {
      invalid(entry, "KubeconfigInvalid", "exec of " + whose + " has an env entry without a name");
    }
  }
}

}  // namespace

std::shared_ptr<CredentialSource> exec_credentials(const UserEntry& user,
                                                   const ClusterEntry& cluster,
                                                   const ExecOptions& options) {
  ExecEntry entry = *user.exec;
  validate(entry, "user \"" + base::printable(user.name) + '"');
  return std::make_shared<ExecPlugin>(std::move(entry), user.name, cluster, options);
}

}  // namespace kube
