// Commands for people to paste, as data. Names in them come from a cluster or a file; they are
// quoted when the command is shown, by to_shell() alone.
#pragma once
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/object.hpp"

namespace checks {

// One word of a command.
struct Word {
  enum class Kind {
    plain,       // a verb, a flag, a flag's value
    operand,     // names something: where one begins with a dash, all of them follow a "--"
    expression,  // for the shell to expand: "$API_KEY"; only from the source of this program
  };
  std::string text;
  Kind kind = Kind::plain;

  Word(std::string t) : text(std::move(t)) {}  // NOLINT(*-explicit-*): words read as text
  Word(std::string_view t) : text(t) {}        // NOLINT(*-explicit-*)
  Word(const char* t) : text(t) {}             // NOLINT(*-explicit-*)
  Word(std::string t, Kind k) : text(std::move(t)), kind(k) {}
  bool operator==(const Word&) const = default;
};
inline Word operand(std::string_view text) {
  return {std::string(text), Word::Kind::operand};
}

// A text that only a literal of the source can be: nothing of a cluster gets into it.
class Expression {
 public:
  template <std::size_t N>
  consteval Expression(const char (&literal)[N])  // NOLINT(*-explicit-*)
      : text_(literal, N - 1) {}
  Word word() const { return {std::string(text_), Word::Kind::expression}; }

 private:
  std::string_view text_;
};
// As it stands between the shell's double quotes: expression("Authorization: Bearer $API_KEY").
inline Word expression(Expression text) {
  return text.word();
}

struct Command {
  // How it is joined to the command before it.
  enum class Join {
    pipe,      // reads what that one prints
    and_then,  // runs when that one succeeded
    then,      // runs in any case
  };

  std::string program;  // "kubectl"; empty: there is no command
  std::vector<Word> words;
  std::string input;        // what goes to its standard input; empty: nothing
  std::string output_file;  // where what it prints goes; empty: to the terminal
  Join join = Join::then;
  std::vector<Command> next;  // that follow it

  Command() = default;
  explicit Command(std::string_view name, std::initializer_list<Word> more = {})
      : program(name), words(more) {}

  bool empty() const { return program.empty(); }
  // It changes something: a cluster, or the files of this machine. Told by its verb.
  bool writes() const;
  // What it does cannot be taken back: it deletes, or takes finalizers off. A fix of aibrixctl's
  // only when it is told to (--force): without --apply it shows a plan.
  bool irreversible() const;
  bool operator==(const Command&) const = default;

  // For building, in the order people read them.
  template <typename... Words>
  Command& with(Words&&... more) {
    (words.emplace_back(std::forward<Words>(more)), ...);
    return *this;
  }
  // "modeladapters.model.aibrix.ai sql-lora", "deployments.apps web", "pods web-0".
  Command& on(const kube::Object& object);
  Command& on(std::string_view resource, std::string_view name) {
    return with(operand(resource), operand(name));
  }
  // "deployment/web".
  Command& on_one(std::string_view resource, std::string_view name) {
    return with(operand(std::string(resource).append("/").append(name)));
  }
  Command& piped(Command reader);
  Command& and_then(Command other);
  Command& then(Command other);
};

// kubectl, in this namespace; without one for what has none.
template <typename... Words>
Command kubectl(std::string_view ns, Words&&... words) {
  Command out("kubectl");
  if (!ns.empty()) out.with("-n", ns);
  return out.with(std::forward<Words>(words)...);
}
template <typename... Words>
Command aibrixctl(Words&&... words) {
  return Command("aibrixctl").with(std::forward<Words>(words)...);
}

// The words in the order in which they are shown: where an operand begins with a dash, the operands
// come last, behind a "--". (kubectl and grep take flags before and after operands alike.)
std::vector<Word> arranged(const Command& command);
// The command as a POSIX shell reads it; empty for no command.
std::string to_shell(const Command& command);
// The command for the cluster that these flags choose ("--context", "kind"): of each kubectl they
// come first, of aibrixctl last.
void add_cluster_flags(Command& command, std::span<const Word> flags);

// "deployments.apps/web".
Word target_of(const kube::Object& object);
Command apply_from_stdin();
// A merge patch ("--type=merge -p PATCH"), PATCH being JSON.
Command merge_patch(std::string_view ns, Word resource, std::string_view name, std::string patch);
// Removes exactly this finalizer and nothing else: a JSON Patch that the server refuses when the
// object was made anew or its list has changed (tests on uid and value).
Command strip_command(const kube::Object& object, std::string_view finalizer);
// A JSON Patch of these operations ("{…},{…}").
Command json_patch_command(const kube::Object& object, const std::string& operations);
// One of them; `value` is JSON, empty for none.
std::string patch_operation(std::string_view op, const std::string& path, const std::string& value);
// Sets failurePolicy of these webhook entries, guarded by their names.
Command failure_policy_command(const kube::Object& configuration,
                               std::span<const std::size_t> entries, std::string_view policy);

}  // namespace checks
