// `completion`, and the hidden commands that complete and write for us.
#include "completion.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <set>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/program.hpp"
#include "base/shell.hpp"
#include "base/text.hpp"
#include "checks/core/select.hpp"
#include "command_line.hpp"
#include "commands.hpp"
#include "complete.hpp"
#include "fix.hpp"
#include "fix/record.hpp"
#include "fix/run_folder.hpp"
#include "option_types.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

int completion(const std::string& shell) {
  if (shell == "bash") write_raw(bash_completion());
  if (shell == "zsh") write_raw(zsh_completion());
  if (shell == "fish") write_raw(fish_completion());
  return 0;
}

// How to reach the cluster, as far as it was typed; what is asked must not hold up the typing.
Global typed_global(const TypedLine& line) {
  Global global;
  Action chosen;
  CLI::App app;
  app.name(std::string(base::program_name));
  build(app, global, chosen);
  std::vector<std::string> words = {"version"};
  for (const auto& [flag, value] : line.flags) {
    if (!flag.group.starts_with("Connection")) continue;
    words.push_back(flag.names.back() + (flag.takes_value ? "=" + value : ""));
  }
  parse(app, std::move(words));
  global.request_timeout = "2s";
  global.timeout = "4s";
  return global;
}

std::vector<Candidate> sorted(const std::set<std::string>& words) {
  std::vector<Candidate> out;
  for (const std::string& word : words) out.push_back({word});
  return out;
}

std::vector<Candidate> live_namespaces(const Global& global) {
  InputSource source(global, {});
  constexpr kube::Need needs[] = {{&kube::resources::namespaces, kube::Scope::everywhere}};
  const Reading reading = source.read(needs);
  std::set<std::string> names;
  for (const kube::Object& ns : reading.snapshot.list(kube::resources::namespaces)) {
    names.emplace(ns.name());
  }
  return sorted(names);
}

std::vector<Candidate> live_models(const Global& global, const TypedLine& line) {
  namespace r = aibrix::resources;
  SourceOptions options;
  options.files = line.values_of("--filename");
  InputSource source(global, options);
  constexpr kube::Need needs[] = {{&kube::resources::deployments},
                                  {&r::model_adapters},
                                  {&r::model_claims},
                                  {&r::ray_fleets},
                                  {&r::storm_services},
                                  {&r::leader_worker_sets}};
  const Reading reading = source.read(needs);
  std::set<std::string> names;
  for (const aibrix::Model& model : aibrix::find_models(reading.snapshot)) names.insert(model.name);
  return sorted(names);
}

std::vector<Candidate> checks_and_areas(bool codes_only) {
  std::vector<Candidate> out;
  for (const std::string& word : checks::selectable()) {
    const checks::Check* check = checks::find(word);
    if (check != nullptr) {
      out.push_back({word, std::string(check->title)});
    } else if (!codes_only) {
      out.push_back({word, "All checks of this area"});
    }
  }
  if (codes_only) out.push_back({"-", "Read an error or a response from standard input"});
  return out;
}

std::vector<Candidate> runs() {
  std::vector<Candidate> out;
  const std::string folder = runs_folder();
  for (const std::string& id : fix::list_runs(folder)) {
    if (!fix::is_run_id(id)) continue;
    out.push_back({id, "fix " + fix::read_record(folder, id).plan.fix});
  }
  std::reverse(out.begin(), out.end());
  if (!out.empty()) out.insert(out.begin(), {"last", "The most recent run"});
  return out;
}

// The words of `rbac print`, and of `help`, one after the other.
std::vector<Candidate> next_commands(const ProgramInfo& program, const TypedLine& line,
                                     const std::set<std::string>& only) {
  std::vector<Candidate> out;
  for (const CommandInfo* c : within(program, base::join(line.arguments, " "))) {
    const bool wanted = only.empty() || !line.arguments.empty() || only.count(c->name) != 0;
    if (wanted && c->name != "help") out.push_back({c->name, c->help});
  }
  return out;
}

std::vector<Candidate> live_words(const ProgramInfo& program, const std::string& what,
                                  const TypedLine& line) {
  if (what == "checks" || what == "codes") return checks_and_areas(what == "codes");
  if (what == "runs") return runs();
  if (what == "commands") return next_commands(program, line, {});
  if (what == "roles") {
    return next_commands(program, line,
                         {"doctor", "trace", "snapshot", "endpoint", "preflight", "fix"});
  }
  const Global global = typed_global(line);
  if (what == "contexts") {
    const std::vector<std::string> names = contexts(global);
    return sorted({names.begin(), names.end()});
  }
  return what == "namespaces" ? live_namespaces(global) : live_models(global, line);
}

std::string described_word(const Candidate& candidate) {
  // The shell is given the word as it stands: $(…) in a name would be run.
  if (base::shell_word(candidate.word) != candidate.word) return {};
  std::string help = base::printable(candidate.help.substr(0, candidate.help.find('\n')));
  return candidate.word + (help.empty() ? "" : '\t' + help) + '\n';
}

}  // namespace

int print_completions(const std::vector<std::string>& words) {
  const ProgramInfo program = described();
  Completions found;
  try {
    found = complete(program, words, [&](const std::string& what, const TypedLine& line) {
      return live_words(program, what, line);
    });
  } catch (...) {
    found = {};
  }
  std::string out;
  for (const Candidate& candidate : found.words) out += described_word(candidate);
  write_stdout(out + (found.files ? ":0\n" : ":4\n"));
  return 0;
}

namespace {

// The pages of the commands by the names of their files; without one, these names.
int print_command_manual(const std::string& file) {
  const ProgramInfo program = described();
  std::string names;
  for (const CommandInfo& command : program.commands) {
    names += manual_file(command) + '\n';
    if (manual_file(command) != file) continue;
    write_raw(command_manual(command, program));
    return 0;
  }
  if (!file.empty()) {
    throw base::Error(base::Fault::usage, "BadManual",
                      "no command has the page " + base::printable(file));
  }
  write_raw(names);
  return 0;
}

void add_manual(CLI::App& app, Action& chosen) {
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
  const auto file = std::make_shared<std::string>();
  CLI::App* commands =
      app.add_subcommand("__manuals", "the manual page of a command, or the names of all")
          ->group("");
  commands->add_option("FILE", *file, "the page");
  commands->callback(
      [&chosen, file] { chosen = [file](const Global&) { return print_command_manual(*file); }; });
}

}  // namespace

void add_completion(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("completion", "Print the shell completion script");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "Shell: bash, zsh or fish")
      ->required()
      ->type_name("SHELL")
      ->check(one_of("shell", {"bash", "zsh", "fish"}));
  command->callback(
      [&chosen, shell] { chosen = [shell](const Global&) { return completion(*shell); }; });
  add_manual(app, chosen);
}

}  // namespace cli
