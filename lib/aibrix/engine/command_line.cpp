// The reader of a container's command, args and env, as the kubelet would start it.
#include "aibrix/engine/command_line.hpp"

#include <algorithm>
#include <array>

#include "base/chars.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using kube::Value;

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_shell(std::string_view word) {
  constexpr std::array<std::string_view, 6> shells{"sh", "bash", "ash", "dash", "zsh", "ksh"};
  return std::find(shells.begin(), shells.end(), base_name(word)) != shells.end();
}

// "$(NAME)" as the kubelet replaces it; names it does not know stay as they are, "$$" is a "$".
// k8s.io/kubernetes third_party/forked/golang/expansion.
std::string expand(std::string_view text, const Value& container, const Value& metadata) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    if (text[i + 1] == '$') {
      out += '$';
      ++i;
      continue;
    }
    const std::size_t end = text[i + 1] == '(' ? text.find(')', i) : std::string_view::npos;
    const std::string_view name =
        end == std::string_view::npos ? "" : text.substr(i + 2, end - i - 2);
    const EnvValue env = name.empty() ? EnvValue{} : env_value(container, name, metadata);
    if (!env.given && !(container["envFrom"].size() != 0 && !name.empty() &&
                        std::all_of(name.begin(), name.end(), in_variable_name))) {
      out += text[i];
      continue;
    }
    if (env.certain) {
      out += env.value;
    } else {
      out += unknown_text;
    }
    i = end;
  }
  return out;
}

// Where the script of "sh -c SCRIPT" stands among the words; size() when there is none.
std::size_t script_index(const std::vector<std::string>& words) {
  std::size_t i = 0;
  while (i < words.size() && !is_shell(words[i])) ++i;
  bool command = false;
  for (++i; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") continue;
    if (!word.starts_with('-')) return command ? i : words.size();
    command = command || (!word.starts_with("--") && word.find('c') != std::string::npos);
  }
  return words.size();
}

}  // namespace

EnvValue env_value(const Value& container, std::string_view name, const Value& metadata) {
  EnvValue out;
  for (const Value& env : container["env"].items()) {
    if (env["name"].text() != name) continue;
    out = {};
    out.given = true;
    constexpr std::string_view labels = "metadata.labels['";
    const std::string_view field = env.at("valueFrom", "fieldRef", "fieldPath").text();
    if (field.starts_with(labels) && field.ends_with("']")) {
      const Value label =
          metadata["labels"][field.substr(labels.size(), field.size() - labels.size() - 2)];
      out.certain = label.exists();
      out.value = label.scalar();
    } else if (!env["valueFrom"].exists()) {
      out.value = env["value"].scalar();
      // May itself name variables; those are not followed further.
      out.certain = out.value.find("$(") == std::string::npos;
    }
  }
  return out;
}

std::vector<Word> command_line(const Value& container, const Value& metadata) {
  std::vector<std::string> plain;
  for (const Value& list : {container["command"], container["args"]}) {
    for (const Value& word : list.items()) {
      plain.push_back(expand(word.scalar(), container, metadata));
    }
  }
  const VariableLookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    EnvValue env = env_value(container, name, metadata);
    if (!env.certain) return std::nullopt;
    return std::move(env.value);
  };
  const std::size_t script = script_index(plain);
  std::vector<Word> words;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i != script) {
      words.push_back(make_word(plain[i]));
      continue;
    }
    Word separator;
    separator.separator = true;
    words.push_back(separator);
    const std::vector<Word> inside = shell_words(plain[i], lookup);
    words.insert(words.end(), inside.begin(), inside.end());
    words.push_back(separator);
  }
  return words;
}

FlagValues flag_values(std::span<const Word> words, std::string_view name) {
  FlagValues out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    if (words[i].separator || !text.starts_with(name)) continue;
    if (text.size() > name.size() && text[name.size()] != '=') continue;
    out = {};
    out.given = true;
    if (text.size() > name.size()) {
      out.values.emplace_back(text.substr(name.size() + 1));
      out.certain = words[i].certain;
      continue;
    }
    for (std::size_t j = i + 1; j < words.size(); ++j) {
      if (words[j].separator || words[j].text.starts_with('-')) break;
      out.values.push_back(words[j].text);
      out.certain = out.certain && words[j].certain;
    }
  }
  return out;
}

std::optional<std::string> flag_value(std::span<const Word> words, std::string_view name) {
  const FlagValues flag = flag_values(words, name);
  if (!flag.given || !flag.certain || flag.values.empty()) return std::nullopt;
  return flag.values.front();
}

}  // namespace aibrix
