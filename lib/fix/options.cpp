// The reader and checker of options' values.
#include "fix/options.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "fix/fix.hpp"

namespace fix {
namespace {

base::Error bad(const std::string& message, const std::string& hint = {}) {
  return {base::Fault::usage, "BadArgument", message, hint};
}

base::Error bad_word(const OptionSpec& option, const std::string& word, const std::string& what,
                     const std::string& hint = {}) {
  return bad(std::string(option.name) + ": \"" + base::printable(word) + "\" is " + what, hint);
}

void require_word(const OptionSpec& option, const std::string& word) {
  const auto& words = option.words;
  if (words.empty() || std::find(words.begin(), words.end(), word) != words.end()) return;
  throw bad_word(
      option, word, "not a valid value",
      "valid values: " + base::join(std::vector<std::string>(words.begin(), words.end()), ", "));
}

std::string port_of(const OptionSpec& option, const std::string& word) {
  int port = 0;
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, port);
  const bool digits = error == std::errc() && stop == end && word.front() != '-';
  if (!digits || port < 1 || port > 65535) throw bad_word(option, word, "not a valid port");
  return word;
}

OptionPairs pairs_of(const OptionSpec& option, const std::vector<std::string>& words) {
  OptionPairs out;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw bad_word(option, word, "not " + std::string(option.value));
    }
    out.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return out;
}

std::optional<std::chrono::milliseconds> duration_of(const OptionSpec& option,
                                                     const std::string& word) {
  const auto parsed = base::parse_duration(word);
  if (!parsed)
    throw bad_word(option, word, "not a valid duration", "write it like 30s, 5m or 1h30m");
  return parsed;
}

OptionValue value_of(const OptionSpec& option, const std::vector<std::string>& words) {
  const std::string word = words.empty() ? std::string() : words.back();
  switch (option.type) {
    case OptionType::flag: return true;
    case OptionType::either: require_word(option, word); return word == option.words.back();
    case OptionType::text: return word;
    case OptionType::choice: require_word(option, word); return word;
    case OptionType::list:
      for (const std::string& w : words) require_word(option, w);
      return words;
    case OptionType::duration: return duration_of(option, word);
    case OptionType::pairs: return pairs_of(option, words);
    case OptionType::port: return port_of(option, word);
  }
  return word;
}

// "--to NodePort, --to LoadBalancer or --to ClusterIP"
std::string ways_to_give(const OptionSpec& option) {
  std::string out;
  for (std::size_t i = 0; i < option.words.size(); ++i) {
    if (i != 0) out += i + 1 == option.words.size() ? " or " : ", ";
    out.append(option.name).append(" ").append(option.words[i]);
  }
  return out.empty() ? std::string(option.name) + ' ' + std::string(option.value) : out;
}

bool holds(const Options::Given& given, const OptionSpec& option, std::string_view value) {
  return std::any_of(given.begin(), given.end(), [&](const auto& entry) {
    if (entry.first != &option) return false;
    const std::string* text = std::get_if<std::string>(&entry.second);
    return value.empty() || (text != nullptr && *text == value);
  });
}

}  // namespace

const OptionValue* Options::find(const OptionSpec& option) const {
  const auto it = std::find_if(given_.begin(), given_.end(),
                               [&](const auto& entry) { return entry.first == &option; });
  return it == given_.end() ? nullptr : &it->second;
}

void Options::put(const OptionSpec& option, OptionValue value) {
  std::erase_if(given_, [&](const auto& entry) { return entry.first == &option; });
  given_.emplace_back(&option, std::move(value));
}

void Options::set_words(const OptionSpec& option, const std::vector<std::string>& words) {
  put(option, value_of(option, words));
}

const OptionSpec* find_option(const Fix& fix, std::string_view name) {
  const auto it = std::find_if(fix.options.begin(), fix.options.end(),
                               [&](const OptionSpec* option) { return option->name == name; });
  return it == fix.options.end() ? nullptr : *it;
}

void check_options(const Fix& fix, const Options& options) {
  for (const OptionSpec* option : fix.options) {
    const std::string name(option->name);
    if (!holds(options.given(), *option, "")) {
      if (!option->required) continue;
      throw bad("fix " + std::string(fix.name) + " requires " + name, ways_to_give(*option));
    }
    if (option->needs != nullptr && !holds(options.given(), *option->needs, "")) {
      throw bad(name + " requires " + std::string(option->needs->name));
    }
    const Exclusion& not_with = option->excluded;
    if (not_with.option != nullptr && holds(options.given(), *not_with.option, not_with.value)) {
      throw bad(name + ": " + std::string(not_with.why));
    }
  }
}

}  // namespace fix
