// The name of the program in what users are told to type.
#include "called.hpp"

#include "base/chars.hpp"
#include "base/program.hpp"
#include "checks/core/command.hpp"

namespace cli {
namespace {

std::string& name() {
  static std::string name(base::program_name);
  return name;
}

bool is_name_character(char c) {
  return base::is_alnum(c) || c == '-' || c == '_' || c == '/' || c == '.';
}

// "doctor", "COMMAND", "--help", "explain -": what may stand behind the program in a command.
bool begins_word(std::string_view text) {
  const std::string_view word = text.substr(0, text.find_first_of(" \n\t,;:)\"'"));
  if (word.starts_with("--") || word == "COMMAND") return true;
#define COMMAND(name, heading) \
  if (word == #name) return true;
#include "commands.def"
#undef COMMAND
  return word == "options";
}

}  // namespace

void set_called_as(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  if (file == "kubectl-aibrix") name() = std::string("kubectl").append(" aibrix");
}

const std::string& called() {
  return name();
}

std::string as_called(std::string_view text) {
  constexpr std::string_view own = base::program_name;
  std::string out;
  while (name() != own) {
    const std::size_t at = text.find(own);
    if (at == std::string_view::npos) break;
    const std::string_view rest = text.substr(at + own.size());
    const bool whole = (at == 0 || !is_name_character(text[at - 1])) && rest.starts_with(' ');
    out.append(text.substr(0, at)).append(whole && begins_word(rest.substr(1)) ? name() : own);
    text = rest;
  }
  return out.append(text);
}

void as_called(checks::Command& command) {
  if (command.program == base::program_name && name() != base::program_name) {
    command.program = "kubectl";
    command.words.insert(command.words.begin(), "aibrix");
  }
  for (checks::Command& more : command.next) as_called(more);
}

}  // namespace cli
