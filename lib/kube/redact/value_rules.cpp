// Values by the name that stands before them.
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
using base::is_lower;
using base::is_space;

using base::npos;
constexpr std::string_view value_ends = " \t\r\n\"'`;,&|)}]<";
constexpr std::string_view line_ends = "\r\n";

bool blank(char c) {
  return c == ' ' || c == '\t';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && blank(text[at])) ++at;
  return at;
}

// Nothing but blanks, dashes of a list and "export" between the line's begin and this place.
bool begins_line(std::string_view text, std::size_t at) {
  const std::size_t line = at == 0 ? npos : text.find_last_of("\r\n", at - 1);
  std::string_view before =
      text.substr(line == npos ? 0 : line + 1, at - (line == npos ? 0 : line + 1));
  before = base::trim(before);
  return before.empty() || before == "-" || before == "export" || before == "set" ||
         before == "ENV" || before == "ARG" || before == "\"" || before == "'";
}

std::string_view next_word(std::string_view text, std::size_t at) {
  at = skip_blanks(text, at);
  std::size_t end = at;
  while (end < text.size() && !is_space(text[end])) ++end;
  return text.substr(at, end - at);
}

bool plain_word(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return is_lower(c) || c == '-'; });
}

// What stands between a name and its value.
struct Separator {
  char sign = 0;  // '=', ':', ',' (of a call), ' ' (of a flag); 0: there is none
  bool quoted = false;
  bool spaced = false;    // a blank or line end follows
  std::size_t after = 0;  // where the value begins, blanks skipped
};

Separator separator_at(std::string_view text, std::size_t at) {
  Separator out;
  const std::size_t quote = quote_at(text, at);
  out.quoted = quote != 0;
  at += quote;
  if (at < text.size() && text[at] == ']') ++at;
  at = skip_blanks(text, at);
  if (at >= text.size()) return out;
  const std::string_view rest = text.substr(at);
  std::size_t size = 1;
  if (rest.starts_with("=>") || rest.starts_with(":=") || rest.starts_with("+=")) {
    size = 2;
    out.sign = '=';
  } else if (rest[0] == '=' && !rest.starts_with("==")) {
    out.sign = '=';
  } else if (rest[0] == ':' && !rest.starts_with("://") && !rest.starts_with("::")) {
    out.sign = ':';
  } else if (rest[0] == ',' && out.quoted) {
    out.sign = ',';
  } else {
    return out;
  }
  at += size;
  out.spaced = at >= text.size() || is_space(text[at]);
  out.after = skip_blanks(text, at);
  return out;
}

class Values {
 public:
  explicit Values(Marks& marks) : marks_(marks), text_(marks.text()) {}

  void run() {
    std::size_t at = 0;
    while (at < text_.size()) {
      if (!in_word(text_[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < text_.size() && in_word(text_[end])) ++end;
      word(at, end);
      at = end;
    }
  }

 private:
  void word(std::size_t begin, std::size_t end) {
    if (end >= text_.size()) return;
    // Cheaper than secret_like, and false for most words.
    const char next = text_[end];
    const bool flag = text_[begin] == '-';
    const bool may = next == '=' || next == ':' || next == '"' || next == '\'' || next == '\\' ||
                     next == ']' || next == '+' || (is_space(next) && (flag || separated(end)));
    if (!may) return;
    const std::string_view name = text_.substr(begin, end - begin);
    const Separator separator = separator_at(text_, end);
    if (separator.sign == 0 && (!flag || !is_space(next))) return;
    if (flag && is_switch(name)) return;
    remember(name, separator);
    if (name == "value" || name == "Value" || name == "defaultValue" || name == "default") {
      if (end - pair_ < 300 && separator.sign != 0 && !pair_name_.empty())
        hide_value(pair_name_, separator, begin, true);
      return;
    }
    // Envoy's data sources, of anything.
    if (name.starts_with("inline")) {
      const Piece piece = value_at(text_, separator.after, value_ends);
      if (random_word(text_.substr(piece.begin, piece.end - piece.begin)))
        marks_.hide(piece.begin, piece.end);
      return;
    }
    if (separator.sign == ':' && !separator.quoted && is_header(name)) return;
    const bool setting = separator.sign == '=' || flag || separator.quoted || upper(name);
    if (!(setting ? secret_setting(name) : secret_like(name))) return;
    if (separator.sign == 0) {
      flag_value(name, end);
    } else if (separator.sign == ',') {
      if (begin > 1 && in_call(begin)) hide_value(name, separator, begin, true);
    } else {
      hide_value(name, separator, begin, false);
    }
  }

  // Those that headers() looks at.
  static bool is_header(std::string_view name) {
    const std::string lower = base::lower(name);
    return lower.ends_with("authorization") || lower.ends_with("cookie");
  }

  bool separated(std::size_t end) const {
    const std::size_t at = skip_blanks(text_, end);
    return at < text_.size() && (text_[at] == '=' || text_[at] == ':' || text_[at] == '+');
  }

  static bool upper(std::string_view name) {
    return name.find('_') != npos && std::ranges::none_of(name, is_lower);
  }

  // ("NAME", "X"): the quote is behind the bracket of a call.
  bool in_call(std::size_t name) const {
    std::size_t at = name;
    while (at > 0 && (text_[at - 1] == '"' || text_[at - 1] == '\'' || text_[at - 1] == '\\')) --at;
    while (at > 0 && is_space(text_[at - 1])) --at;
    return at < name && at > 0 && text_[at - 1] == '(';
  }

  // {name: HF_TOKEN, value: X}: the value is asked for later.
  void remember(std::string_view name, const Separator& separator) {
    if (separator.sign != '=' && separator.sign != ':') return;
    if (name != "name" && name != "key" && name != "Name" && name != "Key" && name != "id") return;
    const Piece piece = value_at(text_, separator.after, value_ends);
    const std::string_view value = text_.substr(piece.begin, piece.end - piece.begin);
    pair_name_ = secret_setting(value) ? value : std::string_view();
    pair_ = piece.end;
  }

  bool is_message(std::string_view name, const Separator& s, std::size_t begin,
                  const Piece& piece) const {
    if (s.sign != ':' || !s.spaced || piece.quoted) return false;
    const std::string_view word = text_.substr(piece.begin, piece.end - piece.begin);
    if (status_word(word)) return true;
    if (strong_name(name) || s.quoted) return false;
    const bool more = !next_word(text_, piece.end).empty() &&
                      std::min(text_.find_first_of(line_ends, piece.end), text_.size()) >
                          skip_blanks(text_, piece.end);
    if (begins_line(text_, begin)) return more && plain_word(word);
    return !random_word(word);
  }

  void hide_value(std::string_view name, const Separator& separator, std::size_t begin,
                  bool surely) {
    std::size_t at = separator.after;
    // Python's f"", r"", b"".
    if (at + 1 < text_.size() && is_lower(text_[at]) && quote_at(text_, at + 1) == 1 &&
        std::string_view("frbu").find(text_[at]) != npos)
      ++at;
    if (at < text_.size() && (text_[at] == '[' || text_[at] == '(') && list(name, at)) return;
    Piece piece = value_at(text_, at, value_ends);
    if (piece.end <= piece.begin) return;
    if (!surely && is_message(name, separator, begin, piece)) return;
    const bool line = !piece.quoted && separator.spaced && begins_line(text_, begin);
    if (line) piece.end = line_end(piece.begin);
    const std::string_view value = text_.substr(piece.begin, piece.end - piece.begin);
    if (harmless_value(name, value) || opens_block(value)) return;
    if (!piece.quoted && value.find("://") != npos && !strong_name(name) && !surely) return;
    if (!piece.quoted && separator.sign == ':' && !separator.spaced && value.starts_with('/') &&
        value.starts_with("//"))
      return;
    marks_.hide(piece.begin, piece.end);
  }

  // Without a comment at its end.
  std::size_t line_end(std::size_t at) const {
    std::size_t end = std::min(text_.find_first_of(line_ends, at), text_.size());
    const std::size_t escaped = text_.find("\\n", at);
    if (escaped < end) end = escaped;
    const std::size_t comment = text_.find(" #", at);
    if (comment < end) end = comment;
    while (end > at && is_space(text_[end - 1])) --end;
    return end;
  }

  // YAML: the value is in the lines below.
  static bool opens_block(std::string_view value) {
    return value[0] == '|' || value[0] == '>' || value[0] == '&' || value[0] == '{';
  }

  // ["X", "Y"], ("user", "X"): every text in it.
  bool list(std::string_view name, std::size_t at) {
    const char close = text_[at] == '[' ? ']' : ')';
    const std::size_t end = text_.find(close, at);
    if (end == npos) return false;
    bool any = false;
    for (++at; at < end;) {
      const std::size_t quote = quote_at(text_, at);
      if (quote == 0) {
        ++at;
        continue;
      }
      const Piece piece = value_at(text_, at, value_ends);
      if (!harmless_value(name, text_.substr(piece.begin, piece.end - piece.begin)))
        marks_.hide(piece.begin, piece.end);
      any = true;
      at = std::max(piece.after, at + quote);
    }
    return any;
  }

  // --name X, over a line end too where the next line is indented. vLLM's --api-key takes several.
  void flag_value(std::string_view name, std::size_t end) {
    const std::string lower = base::lower(name);
    const bool several =
        lower.find("api-key") != npos || lower.ends_with("keys") || lower.ends_with("tokens");
    for (std::size_t count = 0; count < 16; ++count) {
      const std::size_t at = next_argument(end);
      if (at >= text_.size() || text_[at] == '-' || text_[at] == '|' || text_[at] == '&' ||
          text_[at] == ';')
        return;
      const Piece piece = value_at(text_, at, " \t\r\n\"'`;,&|)}]");
      const std::string_view value = text_.substr(piece.begin, piece.end - piece.begin);
      if (value.empty()) return;
      if (count > 0 && (value.find_first_of("/:=") != npos || piece.quoted || status_word(value)))
        return;
      // "flag needs an argument: --token to be set"
      if (count == 0 && !piece.quoted && status_word(value)) return;
      if (!harmless_value(name, value)) marks_.hide(piece.begin, piece.end);
      if (!several) return;
      end = std::max(piece.after, piece.end);
    }
  }

  std::size_t next_argument(std::size_t at) const {
    bool line = false;
    while (at < text_.size()) {
      if (blank(text_[at]) || text_[at] == '\r') {
        ++at;
      } else if (text_[at] == '\\' && at + 1 < text_.size() && text_[at + 1] == '\n') {
        at += 2;
      } else if (text_[at] == '\n') {
        line = true;
        ++at;
      } else {
        break;
      }
    }
    const bool indented = at > 0 && blank(text_[at - 1]);
    return line && !indented ? text_.size() : at;
  }

  Marks& marks_;
  std::string_view text_;
  std::string_view pair_name_;
  std::size_t pair_ = 0;
};

// Where the words of an Authorization end: with the quote it stands in, or the line, or, in a
// message, behind the credentials.
std::size_t header_end(std::string_view text, std::size_t name, std::size_t at) {
  if (name > 0) {
    std::size_t before = name - 1;
    const char quote = text[before];
    if (quote == '"' || quote == '\'') {
      while (before > 0 && text[before - 1] == '\\') --before;
      const std::string_view close = text.substr(before, name - before);
      const std::size_t end = text.find(close, at);
      if (end != npos) return end;
    }
  }
  // A line of its own, also of curl -v.
  if (begins_line(text, name) || (name > 1 && (text[name - 2] == '>' || text[name - 2] == '<')))
    return std::min(text.find_first_of(line_ends, at), text.size());
  const std::size_t line = std::min(text.find_first_of("\r\n\"'`", at), text.size());
  std::size_t end = std::min(text.find_first_of(value_ends, at), text.size());
  const std::string first = base::lower(text.substr(at, end - at));
  constexpr auto schemes = std::to_array<std::string_view>(
      {"bearer", "basic", "token", "digest", "negotiate", "apikey", "api-key", "key", "ntlm",
       "aws4-hmac-sha256", "hmac", "splunk"});
  if (std::ranges::find(schemes, first) != schemes.end() && end < line && blank(text[end]))
    end = std::min(text.find_first_of(value_ends, skip_blanks(text, end)), text.size());
  return end;
}

}  // namespace

std::size_t quote_at(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  while (at < text.size() && text[at] == '\\') ++at;
  return at < text.size() && (text[at] == '"' || text[at] == '\'') ? at + 1 - begin : 0;
}

Piece value_at(std::string_view text, std::size_t at, std::string_view ends) {
  Piece out;
  const std::size_t quote = quote_at(text, at);
  if (quote == 0) {
    out.begin = at;
    // $(NAME), ${NAME:-X} are looked at as a whole.
    const std::string_view rest = text.substr(at);
    const bool expansion = rest.starts_with("$(") || rest.starts_with("${");
    const std::size_t close = expansion ? text.find(rest[1] == '(' ? ')' : '}', at) : npos;
    out.end = std::min(text.find_first_of(ends, close == npos ? at : close + 1), text.size());
    if (text.substr(at).starts_with(redacted)) out.end = std::max(out.end, at + redacted.size());
    for (std::size_t i = at; i + 1 < out.end + 1 && i + 1 < text.size(); ++i) {
      const char next = text[i + 1];
      if (text[i] == '\\' && (next == 'n' || next == 'r' || next == 't' || next == '"')) {
        out.end = std::min(out.end, i);
        break;
      }
    }
    out.after = out.end;
    return out;
  }
  out.quoted = true;
  out.begin = at + quote;
  const std::string_view mark = text.substr(at, quote);
  std::size_t end = text.find(mark, out.begin);
  // A quote behind more backslashes belongs to the value.
  while (end != npos && end > out.begin && text[end - 1] == '\\')
    end = text.find(mark, end + quote);
  out.end = std::min(end, text.size());
  out.after = std::min(out.end + quote, text.size());
  return out;
}

void named_values(Marks& marks) {
  Values(marks).run();
}

void headers(Marks& marks) {
  const std::string_view text = marks.text();
  const std::string lower = base::lower(text);
  for (const std::string_view name : {"authorization", "cookie"}) {
    for (std::size_t at = lower.find(name); at != npos; at = lower.find(name, at + 1)) {
      std::size_t begin = at;
      while (begin > 0 && in_word(text[begin - 1])) --begin;
      const Separator separator = separator_at(text, at + name.size());
      if (separator.sign != ':' || separator.quoted) continue;
      const std::size_t end = header_end(text, begin, separator.after);
      const std::string_view value = text.substr(separator.after, end - separator.after);
      const std::string_view first = value.substr(0, value.find_first_of(" \t;,"));
      const bool message = status_word(first) && base::lower(first) != "token";
      // "Bearer $API_KEY"
      const std::string_view last =
          value.substr(std::min(value.find_last_of(" \t") + 1, value.size()));
      if (!message && !harmless_value(name, base::trim(value)) && !harmless_value(name, last))
        marks.hide(separator.after, end);
    }
  }
  for (const std::string_view scheme : {"bearer", "basic"}) {
    for (std::size_t at = lower.find(scheme); at != npos; at = lower.find(scheme, at + 1)) {
      const std::size_t after = at + scheme.size();
      if ((at > 0 && in_word(text[at - 1])) || after >= text.size() || !blank(text[after]))
        continue;
      const std::size_t begin = skip_blanks(text, after);
      const Piece piece = value_at(text, begin, " \t\r\n\"'`,;)}]<");
      if (piece.quoted) continue;
      const std::string_view value = text.substr(piece.begin, piece.end - piece.begin);
      const std::size_t equals = value.find('=');
      const bool parameter = equals != npos && equals + 1 < value.size() &&
                             value.find_first_not_of('=', equals) != npos;  // realm="x"
      const bool named = equals != npos && piece.end < text.size() && text[piece.end] == '"';
      if (value.empty() || !is_alnum(value[0]) || parameter || named || status_word(value))
        continue;
      if (scheme == "basic" && plain_word(value)) continue;
      if (text[at] != 'B' && plain_word(value) && value.size() < 8) continue;
      marks.hide(piece.begin, piece.end);
    }
  }
}

}  // namespace kube::rules
