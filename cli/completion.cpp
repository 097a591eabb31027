// `completion`, and the hidden commands that complete and write for us.
#include "completion.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <set>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/shell.hpp"
#include "checks/core/select.hpp"
#include "commands.hpp"
#include "option_types.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

int completion(const std::string& shell) {
  const ProgramInfo program = described();
  if (shell == "bash") write_raw(bash_completion(program));
  if (shell == "zsh") write_raw(zsh_completion(program));
  if (shell == "fish") write_raw(fish_completion(program));
  return 0;
}

std::set<std::string> live_words(const std::string& what, const Global& global) {
  std::set<std::string> words;
  if (what == "contexts") {
    for (std::string& name : contexts(global)) words.insert(std::move(name));
    return words;
  }
  Global quick = global;
  quick.request_timeout = "2s";
  InputSource source(quick, {});
  if (what == "namespaces") {
    constexpr kube::Need needs[] = {{&kube::resources::namespaces, kube::Scope::everywhere}};
    const Reading reading = source.read(needs);
    for (const kube::Object& ns : reading.snapshot.list(kube::resources::namespaces)) {
      words.emplace(ns.name());
    }
    return words;
  }
  namespace r = aibrix::resources;
  constexpr kube::Need needs[] = {{&kube::resources::deployments},
                                  {&r::model_adapters},
                                  {&r::model_claims},
                                  {&r::ray_fleets},
                                  {&r::storm_services},
                                  {&r::leader_worker_sets}};
  const Reading reading = source.read(needs);
  for (const aibrix::Model& model : aibrix::find_models(reading.snapshot)) words.insert(model.name);
  return words;
}

// For the scripts: one word a line, and never an error in the middle of somebody's typing.
int complete(const std::string& what, const Global& global) {
  std::string out;
  if (what == "checks" || what == "codes") {
    for (const std::string& word : checks::selectable()) {
      if (what == "checks" || checks::find(word) != nullptr) out += word + '\n';
    }
  } else {
    try {
      for (const std::string& word : live_words(what, global)) {
        // bash expands what it is given to choose from: $(…) in a name would be run.
        if (base::shell_word(word) == word) out += word + '\n';
      }
    } catch (const base::Error&) {
      return 0;
    }
  }
  write_stdout(out);
  return 0;
}

}  // namespace

void add_completion(CLI::App& app, Action& chosen) {
  CLI::App* command =
      app.add_subcommand("completion", "print the completion script of bash, zsh or fish");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->type_name("SHELL")
      ->check(one_of("completion for", {"bash", "zsh", "fish"}));
  command->callback(
      [&chosen, shell] { chosen = [shell](const Global&) { return completion(*shell); }; });
  CLI::App* hidden =
      app.add_subcommand("__complete", "words for the completion scripts")->group("");
  const auto what = std::make_shared<std::string>();
  hidden->add_option("WHAT", *what, "contexts, namespaces, models, codes or checks")
      ->required()
      ->check(one_of("list of", {"contexts", "namespaces", "models", "codes", "checks"}));
  hidden->callback([&chosen, what] {
    chosen = [what](const Global& global) { return complete(*what, global); };
  });
  const auto page = std::make_shared<std::string>();
  CLI::App* manual =
      app.add_subcommand("__manual", "a manual page with its lists of flags made anew")->group("");
  manual->add_option("FILE", *page, "the page")->required();
  manual->callback([&chosen, page] {
    chosen = [page](const Global&) {
      write_raw(renew_manual(base::read_file(*page, std::size_t{1} << 20U), described()));
      return 0;
    };
  });
}

}  // namespace cli
