#include "kube/files/redact.hpp"

#include <algorithm>
#include <cstddef>

#include "base/chars.hpp"
#include "base/text.hpp"
#include "kube/files/secret_names.hpp"

namespace kube {
namespace {

using base::is_alnum;
using base::is_space;

constexpr std::size_t npos = std::string_view::npos;

bool in_word(char c) {
  return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != npos;
}

constexpr std::string_view value_end = " \t\r\n\"';,&|)}]";
constexpr std::string_view url_end = " \t\r\n\"'`<>|\\^{}";

// A value that tells nothing, or is redacted already.
bool harmless(std::string_view value) {
  return value.empty() || value == redacted || value == "true" || value == "false" ||
         value == "null" || value.starts_with("$(") || value.starts_with("${");
}

// Names that mean a secret even in a sentence, where "token: expired" does not.
bool strong_name(std::string_view name) {
  const std::string lower = base::lower(name);
  return has(lower, "passw") || has(lower, "authorization") || lower.find_first_of("_-") != npos ||
         has(lower, "apikey") || lower.size() != name.size();
}

// Copies a text from left to right, replacing what is secret.
class TextRedactor {
 public:
  explicit TextRedactor(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (in_word(text_[at_])) {
        word();
      } else {
        out_ += text_[at_++];
      }
    }
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void copy(std::size_t count) {
    count = std::min(count, text_.size() - at_);
    out_ += text_.substr(at_, count);
    at_ += count;
  }
  void copy_spaces() {
    while (peek() == ' ' || peek() == '\t') copy(1);
  }

  void word() {
    const std::size_t start = at_;
    std::size_t end = at_;
    while (end < text_.size() && in_word(text_[end])) ++end;
    const std::string_view name = text_.substr(start, end - start);
    if (known_token(name)) {
      out_ += redacted;
      at_ = end;
      return;
    }
    copy(name.size());
    if (text_.substr(at_).starts_with("://")) {
      url(start);
    } else if (name == "Bearer" || name == "bearer" || name == "Basic") {
      if (is_space(peek()) && is_alnum(peek(1))) {
        copy(1);
        value(" \t\r\n\"'\\,;");
      }
    } else if (could_name_value(name) && secret_like(name)) {
      named_value(name);
    }
  }

  // Cheaper than secret_like, and false for most words.
  bool could_name_value(std::string_view name) const {
    const char next = peek();
    if (is_space(next)) return name[0] == '-' || peek(1) == '=' || peek(1) == ':';
    return next == '=' || next == ':' || next == '"' || next == '\'' || next == '\\';
  }

  void url(std::size_t start) {
    const std::size_t end = std::min(text_.find_first_of(url_end, at_), text_.size());
    out_.resize(out_.size() - (at_ - start));
    out_ += redact_url(text_.substr(start, end - start));
    at_ = end;
  }

  // Behind a name: =value, :value, "value", or a space and a value after a flag.
  void named_value(std::string_view name) {
    const bool quoted = peek() == '"' || peek() == '\'' || (peek() == '\\' && peek(1) == '"');
    const std::size_t quote = quoted ? (peek() == '\\' ? 2 : 1) : 0;
    std::size_t after = quote;
    while (peek(after) == ' ') ++after;
    const char separator = peek(after);
    if (separator == '=' ||
        (separator == ':' && (quoted || strong_name(name) || !is_space(peek(after + 1))))) {
      copy(after + 1);
      if (separator == ':' || after > 0) copy_spaces();
      value(value_end);
    } else if (name[0] == '-' && is_space(peek()) && peek(1) != '-') {
      copy_spaces();
      value(value_end);
    }
  }

  // Replaces what follows: to the closing quote when there is one, else to one of `ends`.
  void value(std::string_view ends) {
    const std::string_view rest = text_.substr(at_);
    std::size_t open = 0;
    if (rest.starts_with("\\\"")) {
      open = 2;
    } else if (rest.starts_with("\"") || rest.starts_with("'")) {
      open = 1;
    }
    const std::string_view quote = rest.substr(0, open);
    std::size_t end = std::min(rest.find_first_of(ends), rest.size());
    if (open > 0) {
      end = std::min(rest.find(quote, open), rest.size());
    } else if (rest.starts_with("Bearer ") || rest.starts_with("Basic ")) {
      end = std::min(rest.find_first_of(ends, rest.find(' ') + 1), rest.size());
    }
    const std::string_view secret = rest.substr(open, end - open);
    if (harmless(secret)) {
      copy(end);
      return;
    }
    out_.append(quote).append(redacted);
    at_ += end;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string redact_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == npos) return std::string(url);
  const std::size_t host = scheme + 3;
  const std::size_t path = std::min(url.find_first_of("/?#", host), url.size());
  const std::size_t at = url.substr(0, path).rfind('@');
  std::string out(url.substr(0, host));
  if (at != npos && at >= host) {
    out.append(redacted).append(url.substr(at, path - at));
  } else {
    out += url.substr(host, path - host);
  }
  // Each parameter ends at the next '&', the query at '#'.
  std::size_t position = path;
  while (position < url.size()) {
    const std::size_t next = std::min(url.find_first_of("?&#;", position + 1), url.size());
    const std::string_view part = url.substr(position, next - position);
    const std::size_t equals = part.find('=');
    if (equals != npos && secret_like(part.substr(0, equals)) &&
        !harmless(part.substr(equals + 1))) {
      out.append(part.substr(0, equals + 1)).append(redacted);
    } else {
      out += part;
    }
    position = next;
  }
  return out;
}

std::string redact_text(std::string_view text) {
  if (has(text, "PRIVATE KEY-----")) return std::string(redacted);
  return TextRedactor(text).run();
}

std::string redact_argument(std::string_view argument, std::string_view previous) {
  const bool value_of_flag = previous.starts_with("-") && !has(previous, "=") &&
                             !has(previous, " ") && !argument.starts_with("--");
  if (value_of_flag && secret_like(previous) && !harmless(argument)) return std::string(redacted);
  const std::size_t equals = std::min(argument.find('='), argument.size());
  const std::string_view name = argument.substr(0, equals);
  if (equals < argument.size() && std::ranges::all_of(name, in_word) && secret_like(name) &&
      !harmless(argument.substr(equals + 1))) {
    return std::string(name).append("=").append(redacted);
  }
  return redact_text(argument);
}

std::string redact_named(std::string_view name, std::string_view value) {
  if (secret_like(name) && !harmless(value)) return std::string(redacted);
  return redact_text(value);
}

}  // namespace kube
