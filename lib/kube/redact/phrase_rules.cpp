// Secrets that no "name=" announces: shapes, calls, sentences, keys in blocks, XML, YAML below a
// name.
#include <algorithm>
#include <array>
#include <string>

#include "base/chars.hpp"
#include "base/text.hpp"
#include "kube/redact/redact.hpp"
#include "kube/redact/rules.hpp"
#include "kube/redact/secret_names.hpp"
#include "kube/redact/tokens.hpp"

namespace kube::rules {
namespace {

using base::is_alnum;
using base::is_space;

using base::npos;
// Between two tags: a hostile text must not be looked through again for each of them.
constexpr std::size_t longest_value = std::size_t{64} << 10U;

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

bool of_base64(char c) {
  return is_alnum(c) || c == '+' || c == '/' || c == '=';
}

// Every quoted text from here to the closing bracket, from the `first` on.
void hide_texts(Marks& marks, std::size_t at, std::size_t first) {
  const std::string_view text = marks.text();
  for (std::size_t seen = 0; at < text.size() && text[at] != ')';) {
    if (quote_at(text, at) == 0) {
      ++at;
      continue;
    }
    const Piece piece = value_at(text, at, ")");
    const std::string_view value = text.substr(piece.begin, piece.end - piece.begin);
    if (seen++ >= first && !harmless_value("password", value)) marks.hide(piece.begin, piece.end);
    at = std::max(piece.after, at + 1);
  }
}

struct Call {
  std::string_view name;
  std::size_t first;  // the first of its texts that is secret
};
constexpr auto secret_calls = std::to_array<Call>({
    {"login", 0},
    {"set_token", 0},
    {"set_api_key", 0},
    {"set_password", 0},
    {"save_token", 0},
    {"set_key", 0},
    {"authenticate", 0},
    {"requirepass", 0},
    {"Bearer", 0},
    {"HTTPBasicAuth", 1},
    {"BasicAuth", 1},
    {"HTTPDigestAuth", 1},
    {"basic_auth", 1},
    {"AzureKeyCredential", 0},
    {"ApiKey", 0},
    {"SecretStr", 0},
    {"create_user", 1},
});

void pem(Marks& marks) {
  const std::string_view text = marks.text();
  const std::string upper = base::upper(text);
  for (const std::string_view what : {"PRIVATE KEY", "PUTTY-USER-KEY-FILE"}) {
    std::size_t at = upper.find(what);
    while (at != npos) {
      const std::size_t begin = what[1] == 'R' ? upper.rfind("-----BEGIN", at) : at;
      if (begin == npos || upper.find('\n', begin) < at) {
        at = upper.find(what, at + 1);
        continue;
      }
      const std::size_t end_line = upper.find("-----END", at);
      std::size_t end = end_line == npos ? text.size() : upper.find("-----", end_line + 8);
      end = end == npos || end_line == npos ? text.size() : end + 5;
      marks.hide(begin, end);
      at = upper.find(what, end);
    }
  }
}

// <password>X</password>, <wsse:Password Type="…">X</wsse:Password>, <![CDATA[…]]>.
void xml(Marks& marks) {
  const std::string_view text = marks.text();
  std::string_view pair_name;
  for (std::size_t at = text.find('<'); at != npos; at = text.find('<', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && (in_word(text[end]) || text[end] == ':')) ++end;
    if (end == at + 1) continue;
    std::string_view name = text.substr(at + 1, end - at - 1);
    name.remove_prefix(name.rfind(':') == npos ? 0 : name.rfind(':') + 1);
    const std::size_t open = text.find('>', end);
    if (open == npos) return;
    if (text[open - 1] == '/') continue;
    const std::size_t close = text.substr(0, open + longest_value).find("</", open);
    if (close == npos) continue;
    const std::string_view value = text.substr(open + 1, close - open - 1);
    if (value.find('<') != npos && value.find("<![CDATA[") == npos) continue;
    if (name == "name" || name == "key" || name == "Key" || name == "Name") {
      pair_name = secret_setting(value) ? value : std::string_view();
      continue;
    }
    const bool paired = (name == "value" || name == "Value") && !pair_name.empty();
    if ((paired || secret_setting(name)) && !harmless_value(name, base::trim(value)))
      marks.hide(open + 1, close);
  }
}

std::size_t indent_of(std::string_view line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at == npos ? npos : at;
}

// Below "password: |", "api_keys:": the lines that are further in, or the list that begins there.
class Below {
 public:
  explicit Below(Marks& marks) : marks_(marks), text_(marks.text()) {}

  void run() {
    std::size_t at = 0;
    while (at < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      line(at, end);
      at = end + 1;
    }
  }

 private:
  void line(std::size_t begin, std::size_t end) {
    const std::string_view whole = text_.substr(begin, end - begin);
    const std::size_t indent = indent_of(whole);
    if (indent == npos) return;
    if (open_ && (indent > indent_ || (indent == indent_ && whole[indent] == '-' && !block_))) {
      item(begin + indent, whole.substr(indent));
      return;
    }
    open_ = false;
    begins(whole, indent);
  }

  void item(std::size_t begin, std::string_view text) {
    if (text.starts_with("- ")) {
      begin += 2;
      text.remove_prefix(2);
    }
    const std::string_view value = base::trim(text);
    // Maps below it have names of their own.
    if (!block_ && value.find(": ") != npos) return;
    if (value.ends_with(':') || value.starts_with('#')) return;
    if (!harmless_value("token", value)) marks_.hide(begin, begin + value.size());
  }

  void begins(std::string_view whole, std::size_t indent) {
    std::string_view line = whole.substr(indent);
    std::size_t in = indent;
    while (line.starts_with("- ")) {
      line.remove_prefix(2);
      in += 2;
    }
    const std::size_t colon = line.find(':');
    if (colon == npos || colon == 0) return;
    std::string_view name = line.substr(0, colon);
    if (name.size() > 2 && (name[0] == '"' || name[0] == '\''))
      name = name.substr(1, name.size() - 2);
    if (!std::ranges::all_of(name, in_word) || (!secret_like(name) && name != "tokens")) return;
    const std::string_view rest = base::trim(line.substr(colon + 1));
    if (!rest.empty() && rest[0] != '|' && rest[0] != '>') return;
    open_ = true;
    block_ = !rest.empty();
    indent_ = in;
  }

  Marks& marks_;
  std::string_view text_;
  bool open_ = false;
  bool block_ = false;
  std::size_t indent_ = 0;
};

// "password is X", "token X" (of letters and figures mixed), "login u password X".
void sentences(Marks& marks, const std::string& lower) {
  constexpr auto nouns = std::to_array<std::string_view>(
      {"password", "passwd", "passphrase", "passcode", "token", "secret", "api key", "apikey",
       "credential", "credentials", "key"});
  constexpr auto links = std::to_array<std::string_view>(
      {"is ", "was ", "are ", "set to ", "equals ", "of ", "changed to ", "reset to "});
  const std::string_view text = marks.text();
  for (const std::string_view noun : nouns) {
    for (std::size_t at = lower.find(noun); at != npos; at = lower.find(noun, at + 1)) {
      std::size_t after = at + noun.size();
      if ((at > 0 && is_alnum(text[at - 1])) || after >= text.size() || text[after] != ' ')
        continue;
      after = skip_spaces(text, after);
      bool linked = false;
      for (const std::string_view link : links) {
        if (!linked && std::string_view(lower).substr(after).starts_with(link)) {
          linked = true;
          after = skip_spaces(text, after + link.size());
        }
      }
      const Piece piece = value_at(text, after, " \t\r\n\"'`;,)}]<");
      const std::string_view value = text.substr(piece.begin, piece.end - piece.begin);
      constexpr std::size_t near = 80;
      const std::size_t line = at < near ? 0 : at - near;
      const bool netrc =
          noun[0] == 'p' && std::string_view(lower).substr(line, at - line).find("login ") != npos;
      const bool mixed =
          std::ranges::any_of(value, base::is_digit) &&
          std::ranges::any_of(value, [](char c) { return is_alnum(c) && !base::is_digit(c); });
      const bool looks = linked ? (piece.quoted || mixed) && noun != "key" : random_word(value);
      if ((looks || netrc) && !harmless_value(noun, value) && !status_word(value) &&
          (netrc || value.find('/') == npos))
        marks.hide(piece.begin, piece.end);
    }
  }
}

// ${API_KEY:-X}
void defaults(Marks& marks) {
  const std::string_view text = marks.text();
  for (std::size_t at = text.find("${"); at != npos; at = text.find("${", at + 2)) {
    std::size_t end = at + 2;
    while (end < text.size() && (is_alnum(text[end]) || text[end] == '_')) ++end;
    if (end >= text.size() || !secret_setting(text.substr(at + 2, end - at - 2))) continue;
    if (text[end] == ':') ++end;
    if (end >= text.size() || std::string_view("-=+").find(text[end]) == npos) continue;
    const std::size_t close = std::min(text.find('}', end), text.size());
    const std::string_view value = text.substr(end + 1, close - end - 1);
    if (!harmless_value("token", value)) marks.hide(end + 1, close);
  }
}

// $2y$10$…, $apr1$…, $6$…, $argon2id$…: what a password was made into.
void hashes(Marks& marks) {
  constexpr auto kinds =
      std::to_array<std::string_view>({"$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$apr1$", "$y$",
                                       "$argon2", "{SHA}", "{SSHA}", "$pbkdf2", "SCRAM-SHA-256$"});
  const std::string_view text = marks.text();
  for (const std::string_view kind : kinds) {
    for (std::size_t at = text.find(kind); at != npos; at = text.find(kind, at + 1)) {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n\"':,", at), text.size());
      if (end - at > kind.size() + 12) marks.hide(at, end);
    }
  }
}

// host:5432:database:user:password
void pgpass(Marks& marks) {
  const std::string_view text = marks.text();
  if (text.find("pgpass") == npos) return;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\"'", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (std::count(word.begin(), word.end(), ':') == 4) marks.hide(at + word.rfind(':') + 1, end);
    at = end + 1;
  }
}

}  // namespace

void tokens(Marks& marks) {
  const std::string_view text = marks.text();
  for (std::size_t at = 0; at < text.size();) {
    if (!in_word(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && in_word(text[end])) ++end;
    std::size_t begin = at;
    while (begin < end && (text[begin] == '-' || text[begin] == '.')) ++begin;
    // \nhf_…: the letter of an escape is not the word's.
    if (begin > 0 && text[begin - 1] == '\\' && end - begin > 1) ++begin;
    std::string_view word = text.substr(begin, end - begin);
    // A figure before a colon and more behind it: Telegram.
    if (end < text.size() && text[end] == ':' && base::all_digits(word)) {
      std::size_t whole = end + 1;
      while (whole < text.size() && in_word(text[whole])) ++whole;
      if (known_token(text.substr(begin, whole - begin))) marks.hide(begin, whole);
    }
    if (known_token(word)) {
      while (end < text.size() && (of_base64(text[end]) || in_word(text[end]))) ++end;
      marks.hide(begin, end);
    } else if (word.starts_with("MI") && word.size() >= 16) {
      std::size_t whole = end;
      while (whole < text.size() && (of_base64(text[whole]) || text[whole] == '\n')) ++whole;
      if (bare_private_key(text.substr(begin, whole - begin))) marks.hide(begin, whole);
    }
    at = std::max(end, at + 1);
  }
}

void calls(Marks& marks) {
  const std::string_view text = marks.text();
  for (std::size_t at = text.find('('); at != npos; at = text.find('(', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < 32 && (is_alnum(text[begin - 1]) || text[begin - 1] == '_'))
      --begin;
    const std::string_view name = text.substr(begin, at - begin);
    for (const Call& call : secret_calls) {
      if (call.name != name) continue;
      // login(token="X") is a named value; here only what has no name.
      const std::size_t first = skip_spaces(text, at + 1);
      if (quote_at(text, first) != 0) hide_texts(marks, first, call.first);
    }
  }
}

void phrases(Marks& marks) {
  const std::string_view text = marks.text();
  if (text.find(' ') != npos) sentences(marks, base::lower(text));
  if (text.find('$') != npos || text.find('{') != npos) {
    defaults(marks);
    hashes(marks);
  }
  if (text.find(':') != npos) pgpass(marks);
}

void blocks(Marks& marks) {
  const std::string_view text = marks.text();
  if (text.find('-') != npos) pem(marks);
  if (text.find("</") != npos) xml(marks);
  if (text.find('\n') != npos && text.find(':') != npos) Below(marks).run();
}

}  // namespace kube::rules
