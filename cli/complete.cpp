// The words that may follow on a command line, from the description of the program.
#include "complete.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace cli {
namespace {

std::vector<FlagInfo> flags_for(const ProgramInfo& program, const CommandInfo* command) {
  return command == nullptr ? program.flags : all_flags(*command, program);
}

// As it is typed: "--context", "-n".
const FlagInfo* find_flag(const std::vector<FlagInfo>& flags, std::string_view name) {
  const auto it = std::ranges::find_if(
      flags, [&](const FlagInfo& f) { return std::ranges::find(f.names, name) != f.names.end(); });
  return it == flags.end() ? nullptr : &*it;
}

class Reader {
 public:
  explicit Reader(const ProgramInfo& program) : program_(program), flags_(program.flags) {}

  void word(const std::string& word) {
    if (pending_) {
      line_.flags.emplace_back(*std::exchange(pending_, std::nullopt), word);
    } else if (line_.only_arguments || word.size() < 2 || word.front() != '-') {
      argument(word);
    } else if (word == "--") {
      line_.only_arguments = true;
    } else if (word.starts_with("--")) {
      long_flag(word);
    } else {
      short_flags(word);
    }
  }

  const TypedLine& line() const { return line_; }
  // The flag whose value is the next word.
  const std::optional<FlagInfo>& pending() const { return pending_; }
  const std::vector<FlagInfo>& flags() const { return flags_; }

 private:
  void argument(const std::string& word) {
    const std::string path = line_.command == nullptr ? "" : line_.command->path;
    for (const CommandInfo* command : within(program_, path)) {
      if (command->name != word || !line_.arguments.empty()) continue;
      line_.command = command;
      flags_ = flags_for(program_, command);
      return;
    }
    line_.arguments.push_back(word);
  }

  void flag(const FlagInfo& flag, const std::string& value, bool has_value) {
    if (!flag.takes_value || has_value) {
      line_.flags.emplace_back(flag, value);
    } else {
      pending_ = flag;
    }
  }

  void long_flag(const std::string& word) {
    const std::size_t equals = word.find('=');
    const FlagInfo* known = find_flag(flags_, word.substr(0, equals));
    if (known == nullptr) return;
    const bool joined = equals != std::string::npos;
    flag(*known, joined ? word.substr(equals + 1) : "", joined);
  }

  // "-v", "-vn", "-nteam-a".
  void short_flags(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const FlagInfo* known = find_flag(flags_, std::string("-") + word[i]);
      if (known == nullptr) return;
      const std::string rest = word.substr(i + 1);
      flag(*known, known->takes_value ? rest : "", !rest.empty());
      if (known->takes_value) return;
    }
  }

  const ProgramInfo& program_;
  std::vector<FlagInfo> flags_;
  TypedLine line_;
  std::optional<FlagInfo> pending_;
};

class Completer {
 public:
  Completer(const ProgramInfo& program, const Reader& reader, const LiveWords& live)
      : program_(program), line_(reader.line()), flags_(reader.flags()), live_(live) {}

  Completions value(const FlagInfo& flag, const std::string& typed, const std::string& before) {
    if (flag.file) return {{}, true};
    // "REF001,GW" completes what stands behind the last comma, and no word a second time.
    const std::size_t comma = flag.list ? typed.rfind(',') : std::string::npos;
    const std::size_t start = comma == std::string::npos ? 0 : comma + 1;
    std::vector<std::string> there;
    for (const std::string_view word : base::split(std::string_view(typed).substr(0, start), ','))
      there.emplace_back(word);
    std::vector<Candidate> words = flag.live.empty() ? fixed(flag.values) : live_(flag.live, line_);
    offer(std::move(words), typed.substr(start), before + typed.substr(0, start), there);
    return std::move(out_);
  }

  Completions flag_names(const std::string& typed) {
    std::vector<Candidate> words;
    for (const FlagInfo& flag : flags_) {
      const bool given = std::ranges::any_of(line_.flags, [&](const auto& typed_flag) {
        return typed_flag.first.names == flag.names;
      });
      if (given && !flag.repeatable) continue;
      for (const std::string& name : flag.names) words.push_back({name, flag.help});
    }
    offer(std::move(words), typed, "", {});
    return std::move(out_);
  }

  Completions argument(const std::string& typed) {
    const auto inner = within(program_, line_.command == nullptr ? "" : line_.command->path);
    std::vector<Candidate> words;
    if (!inner.empty()) {
      if (!line_.arguments.empty()) return {};
      for (const CommandInfo* command : inner) words.push_back({command->name, command->help});
    } else {
      if (line_.command == nullptr) return {};
      const CommandInfo& command = *line_.command;
      if (line_.arguments.size() >= command.most_positionals) return {};
      words = fixed(command.positional_values);
      if (!command.positional_live.empty()) {
        for (Candidate& c : live_(command.positional_live, line_)) words.push_back(std::move(c));
      }
    }
    offer(std::move(words), typed, "", line_.arguments);
    return std::move(out_);
  }

 private:
  static std::vector<Candidate> fixed(const std::vector<std::string>& values) {
    std::vector<Candidate> out;
    for (const std::string& value : values) out.push_back({value});
    return out;
  }

  void offer(std::vector<Candidate> words, const std::string& typed, const std::string& before,
             const std::vector<std::string>& there) {
    for (Candidate& c : words) {
      if (!c.word.starts_with(typed) || std::ranges::find(there, c.word) != there.end()) continue;
      c.word.insert(0, before);
      out_.words.push_back(std::move(c));
    }
  }

  const ProgramInfo& program_;
  const TypedLine& line_;
  const std::vector<FlagInfo>& flags_;
  const LiveWords& live_;
  Completions out_;
};

}  // namespace

std::vector<std::string> TypedLine::values_of(const std::string& flag) const {
  std::vector<std::string> out;
  for (const auto& [info, value] : flags) {
    if (std::ranges::find(info.names, flag) != info.names.end()) out.push_back(value);
  }
  return out;
}

Completions complete(const ProgramInfo& program, const std::vector<std::string>& words,
                     const LiveWords& live) {
  if (words.empty()) return complete(program, {""}, live);
  Reader reader(program);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) reader.word(words[i]);
  const std::string& typed = words.back();
  Completer completer(program, reader, live);
  if (reader.pending()) return completer.value(*reader.pending(), typed, "");
  if (typed.starts_with("-") && !reader.line().only_arguments) {
    const std::size_t equals = typed.find('=');
    if (equals == std::string::npos) return completer.flag_names(typed);
    const FlagInfo* flag = find_flag(reader.flags(), typed.substr(0, equals));
    if (flag == nullptr || !flag->takes_value) return {};
    return completer.value(*flag, typed.substr(equals + 1), typed.substr(0, equals + 1));
  }
  return completer.argument(typed);
}

}  // namespace cli
