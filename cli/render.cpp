// The commands of kustomize and Helm, and what their failures mean.
#include "render.hpp"

#include <unistd.h>

#include <chrono>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using Words = std::vector<std::string>;
using End = base::ProcessResult::End;

constexpr std::chrono::seconds longest_run{60};
constexpr std::size_t most_bytes = std::size_t{64} << 20U;

// A network of its own has no way out. Root needs no user namespace for that.
Words without_network() {
  if (::geteuid() == 0) return {"unshare", "--net", "--"};
  return {"unshare", "--user", "--map-current-user", "--net", "--"};
}

base::ProcessResult run_words(const Words& words, bool allow_remote) {
  base::Command command;
  if (!allow_remote) command.argv = without_network();
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  command.deadline = longest_run;
  command.max_out_bytes = most_bytes;
  command.cancel = &cancel_flag();
  return base::run(command);
}

bool is_missing(const base::ProcessResult& result) {
  constexpr int not_found = 127;  // what unshare and shells say of a program that is not there
  return (result.end == End::not_started && result.code == ENOENT) ||
         (result.end == End::exited && result.code == not_found);
}

std::string why(const base::ProcessResult& result) {
  switch (result.end) {
    case End::timed_out: return "it took longer than 60 s";
    case End::too_much_output: return "it wrote more than 64 MiB";
    case End::cancelled: return "it was interrupted";
    case End::signalled: return "signal " + std::to_string(result.code);
    case End::not_started: return std::strerror(result.code);
    case End::exited: break;
  }
  const std::string said(base::trim(result.err));
  return "exit " + std::to_string(result.code) + (said.empty() ? "" : ": " + said);
}

std::string render(const std::vector<Words>& programs, const std::string& folder,
                   bool allow_remote) {
  constexpr std::size_t shown_bytes = 400;
  base::ProcessResult result;
  for (Words words : programs) {
    words.push_back(folder);
    result = run_words(words, allow_remote);
    if (is_missing(result)) continue;
    if (result.end == End::exited && result.code == 0) return std::move(result.out);
    throw base::Error(
        base::Fault::usage, "RenderFailed",
        base::printable(base::join(words, " ")) +
            " failed: " + base::printable(base::shorten(why(result), shown_bytes)),
        allow_remote ? "run it by hand and give its output with -f -"
                     : "run it by hand and give its output with -f -; --allow-remote lets it use "
                       "the network");
  }
  throw base::Error(
      base::Fault::usage, "RenderFailed",
      "there is no " + programs.front().front() + " on PATH to render " + base::printable(folder),
      "install it, or give what it renders to with -f -");
}

}  // namespace

std::function<std::string(const std::string&)> renderer(Renderer which, bool allow_remote) {
  std::vector<Words> programs;
  if (which == Renderer::kustomize) {
    programs = {{"kubectl", "kustomize"}, {"kustomize", "build"}};
  } else {
    programs = {{"helm", "template", "--include-crds"}};
  }
  return [programs, allow_remote](const std::string& folder) {
    // A folder may be called as an option is.
    return render(programs, folder.starts_with('-') ? "./" + folder : folder, allow_remote);
  };
}

}  // namespace cli
