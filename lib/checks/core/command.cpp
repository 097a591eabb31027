// Commands for people to paste, as data.
#include "checks/core/command.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/shell.hpp"

namespace checks {
namespace {

using Kind = Word::Kind;

std::string shown(const Word& word) {
  if (word.kind != Kind::expression) return base::shell_word(word.text);
  return '"' + word.text + '"';
}

std::string one(const Command& command) {
  std::string out;
  if (!command.input.empty()) out = "printf '%s\\n' " + base::shell_word(command.input) + " | ";
  out += base::shell_word(command.program);
  for (const Word& word : arranged(command)) out += ' ' + shown(word);
  if (!command.output_file.empty()) out += " > " + base::shell_word(command.output_file);
  return out;
}

std::string_view joint(Command::Join join) {
  switch (join) {
    case Command::Join::pipe: return " | ";
    case Command::Join::and_then: return " && ";
    case Command::Join::then: return "; ";
  }
  return "; ";
}

// Verbs of kubectl that change nothing (kubectl help, v1.36). exec may do anything.
constexpr auto reading_verbs = std::to_array<std::string_view>(
    {"api-resources", "api-versions", "auth", "cluster-info", "describe", "diff", "events",
     "explain", "get", "logs", "port-forward", "top", "version", "wait"});

// Flags of kubectl that stand before its verb and take a value.
constexpr auto flags_with_value = std::to_array<std::string_view>(
    {"-n", "--kubeconfig", "--context", "--cluster", "--user", "--server", "--token", "--as",
     "--as-uid", "--as-group", "--tls-server-name", "--certificate-authority",
     "--client-certificate", "--client-key"});

std::string_view verb_of(const Command& command) {
  bool value = false;  // of the flag before
  for (const Word& word : command.words) {
    if (value) {
      value = false;
    } else if (std::find(flags_with_value.begin(), flags_with_value.end(), word.text) !=
               flags_with_value.end()) {
      value = true;
    } else if (!word.text.starts_with('-')) {
      return word.text;
    }
  }
  return {};
}

}  // namespace

bool Command::writes() const {
  if (std::any_of(next.begin(), next.end(), [](const Command& c) { return c.writes(); })) {
    return true;
  }
  if (!output_file.empty() && output_file != "/dev/null") return true;
  if (program == "kubectl") {
    return std::find(reading_verbs.begin(), reading_verbs.end(), verb_of(*this)) ==
           reading_verbs.end();
  }
  return program == "aibrixctl" &&
         std::find(words.begin(), words.end(), Word("--apply")) != words.end();
}

bool Command::irreversible() const {
  if (std::ranges::any_of(next, [](const Command& c) { return c.irreversible(); })) return true;
  const auto has = [&](std::string_view word) {
    return std::ranges::any_of(words, [&](const Word& w) { return w.text == word; });
  };
  if (program == "aibrixctl") return has("--force");
  if (program != "kubectl") return false;
  const std::string_view verb = verb_of(*this);
  // Its controller makes a pod anew.
  if (verb == "delete") return !has("pod") && !has("pods");
  return verb == "patch" && std::ranges::any_of(words, [](const Word& w) {
           return w.text.find("/metadata/finalizers") != std::string::npos ||
                  w.text.find("\"finalizers\"") != std::string::npos;
         });
}

Command& Command::on(const kube::Object& object) {
  return on(kube::full_name(object.resource()), object.name());
}

Command& Command::piped(Command reader) {
  reader.join = Join::pipe;
  next.push_back(std::move(reader));
  return *this;
}

Command& Command::and_then(Command other) {
  other.join = Join::and_then;
  next.push_back(std::move(other));
  return *this;
}

Command& Command::then(Command other) {
  other.join = Join::then;
  next.push_back(std::move(other));
  return *this;
}

std::vector<Word> arranged(const Command& command) {
  const auto is_operand = [](const Word& w) { return w.kind == Kind::operand; };
  const bool separate = std::any_of(command.words.begin(), command.words.end(), [&](const Word& w) {
    return is_operand(w) && w.text.starts_with('-');
  });
  if (!separate) return command.words;
  std::vector<Word> out;
  std::copy_if(command.words.begin(), command.words.end(), std::back_inserter(out),
               [&](const Word& w) { return !is_operand(w); });
  out.emplace_back("--");
  std::copy_if(command.words.begin(), command.words.end(), std::back_inserter(out), is_operand);
  return out;
}

std::string to_shell(const Command& command) {
  if (command.empty()) return {};
  std::string out = one(command);
  for (const Command& more : command.next) out.append(joint(more.join)).append(to_shell(more));
  return out;
}

void add_cluster_flags(Command& command, std::span<const Word> flags) {
  if (command.program == "kubectl") {
    command.words.insert(command.words.begin(), flags.begin(), flags.end());
  } else if (command.program == "aibrixctl") {
    command.words.insert(command.words.end(), flags.begin(), flags.end());
  }
  for (Command& more : command.next) add_cluster_flags(more, flags);
}

Word target_of(const kube::Object& object) {
  return operand(kube::full_name(object.resource()) + '/' + std::string(object.name()));
}

Command apply_from_stdin() {
  return kubectl("", "apply", "-f", "-");
}

Command merge_patch(std::string_view ns, Word resource, std::string_view name, std::string patch) {
  resource.kind = Kind::operand;
  return kubectl(ns, "patch", std::move(resource), operand(name), "--type=merge", "-p",
                 std::move(patch));
}

std::string patch_operation(std::string_view op, const std::string& path,
                            const std::string& value) {
  std::string out = R"({"op":")";
  out.append(op).append(R"(","path":)").append(kube::json_string(path));
  if (!value.empty()) out.append(",\"value\":").append(value);
  return out + '}';
}

Command json_patch_command(const kube::Object& object, const std::string& operations) {
  return kubectl(object.ns(), "patch").on(object).with("--type=json", "-p", '[' + operations + ']');
}

Command strip_command(const kube::Object& object, std::string_view finalizer) {
  const kube::Value list = object.metadata()["finalizers"];
  const kube::Value uid = object.metadata()["uid"];
  std::string operations;
  if (uid.is_string())
    operations = patch_operation("test", "/metadata/uid", kube::to_json(uid)) + ',';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].text() != finalizer) continue;
    const std::string path = "/metadata/finalizers/" + std::to_string(i);
    operations += patch_operation("test", path, kube::to_json(list[i])) + ',';
    operations += patch_operation("remove", path, "");
    return json_patch_command(object, operations);
  }
  return {};
}
Command failure_policy_command(const kube::Object& configuration,
                               std::span<const std::size_t> entries, std::string_view policy) {
  std::string operations;
  for (const std::size_t index : entries) {
    const std::string path = "/webhooks/" + std::to_string(index);
    const kube::Value name = configuration["webhooks"][index]["name"];
    if (!operations.empty()) operations += ',';
    operations += patch_operation("test", path + "/name", kube::to_json(name)) + ',';
    operations +=
        patch_operation("replace", path + "/failurePolicy", '"' + std::string(policy) + '"');
  }
  return json_patch_command(configuration, operations);
}

}  // namespace checks
