// URLs and addresses that carry a user and a password, whatever characters are in them.
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
using base::is_digit;

using base::npos;
// What no password in a message holds; what a URL ends at when nothing hints at a password.
constexpr std::string_view wide_end = " \t\r\n\"`";
// No URL is longer: a hostile text must not be looked through again for each of its "://".
constexpr std::size_t longest_url = 4096;
constexpr std::string_view narrow_end = " \t\r\n\"'`<>|\\^{}";

bool digits_until(std::string_view text, std::size_t from, std::string_view ends) {
  const std::size_t end = std::min(text.find_first_of(ends, from), text.size());
  return end > from && base::all_digits(text.substr(from, end - from));
}

// A host may stand here, and something that a host can be followed by.
bool host_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  bool letter = false;
  std::size_t dots = 0;
  while (end < text.size() && end - at < 256 &&
         (in_word(text[end]) || text[end] == '[' || text[end] == ']')) {
    letter = letter || base::is_lower(text[end]) || base::is_upper(text[end]) || text[end] == '[';
    dots += text[end] == '.' ? 1 : 0;
    ++end;
  }
  if (end == at || (!letter && dots != 3)) return false;
  return end == text.size() ||
         std::string_view(":/?#,;()'\"\\<>&]} \t\r\n|").find(text[end]) != npos;
}

// name@sha256:…, package@1.2, package@v1.
bool version_or_digest(std::string_view after) {
  if (after.starts_with("sha256:") || after.starts_with("sha512:")) return true;
  if (after.starts_with('v') && after.size() > 1 && is_digit(after[1])) return true;
  const std::size_t end = std::min(after.find_first_not_of("0123456789."), after.size());
  return end > 0 && std::count(after.begin(), after.begin() + static_cast<long>(end), '.') != 3;
}

// Where the user info ends ('@'), or npos. `text` is cut at the end of the URL, `at` is behind
// "//".
std::size_t user_info_end(std::string_view text, std::size_t at, std::string_view scheme) {
  const std::size_t path = std::min(text.find_first_of("/?#", at), text.size());
  const std::size_t plain = text.substr(0, path).rfind('@');
  const bool web = scheme == "http" || scheme == "https" || scheme == "oci" || scheme == "docker" ||
                   scheme == "npm" || scheme == "git";
  if (plain != npos && plain >= at && (web || text.find('@', path) == npos)) return plain;
  // A password with / ? or # in it: there is a colon before, and it is no port.
  const std::size_t colon = text.find(':', at);
  if (colon == npos || colon >= path) return npos;
  if (web && (digits_until(text, colon + 1, "/?#,") || text[at] == '[')) return npos;
  for (std::size_t sign = text.rfind('@'); sign != npos && sign > colon;
       sign = text.rfind('@', sign - 1)) {
    if (host_at(text, sign + 1) && !version_or_digest(text.substr(sign + 1))) return sign;
  }
  return plain != npos && plain >= at ? plain : npos;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        base::hex_value(text[i + 1]) >= 0 && base::hex_value(text[i + 2]) >= 0;
    out += escape
               ? static_cast<char>(base::hex_value(text[i + 1]) * 16 + base::hex_value(text[i + 2]))
               : text[i];
    if (escape) i += 2;
  }
  return out;
}

// ?t= and ?code= hold secrets when what follows looks like one.
bool secret_parameter(std::string_view name, std::string_view value) {
  const std::string plain = percent_decoded(name);
  if (secret_setting(plain)) return !harmless_value(plain, value);
  const std::string lower = base::lower(plain);
  return (lower == "t" || lower == "code" || lower == "k" || lower == "state") &&
         random_word(value);
}

void parameters(Marks& marks, std::size_t at, std::size_t end) {
  const std::string_view text = marks.text();
  std::size_t position = text.find_first_of("?#;", at);
  while (position < end) {
    const std::size_t next = std::min(text.find_first_of("?&#;", position + 1), end);
    std::size_t begin = position + 1;
    if (text.substr(begin, 4) == "amp;") begin += 4;
    const std::size_t equals = text.find('=', begin);
    if (equals < next && secret_parameter(text.substr(begin, equals - begin),
                                          text.substr(equals + 1, next - equals - 1)))
      marks.hide(equals + 1, next);
    position = next;
  }
}

// Webhooks that carry their secret in the path.
void secret_path(Marks& marks, std::size_t at, std::size_t end) {
  constexpr auto paths = std::to_array<std::string_view>(
      {"/services/", "/api/webhooks/", "/webhookb2/", "/hooks/", "/webhook/", "/bot"});
  const std::string_view url = marks.text().substr(at, end - at);
  const std::size_t path = url.find('/');
  if (path == npos || url.empty()) return;
  const std::string_view host = url.substr(0, path);
  const auto in_host = [&](std::string_view part) { return host.find(part) != npos; };
  const bool hooks = host.starts_with("hooks.") || in_host("discord") || in_host("webhook") ||
                     in_host("telegram") || in_host("mattermost");
  if (!hooks) return;
  for (const std::string_view p : paths) {
    const std::size_t found = url.find(p);
    if (found == npos) continue;
    marks.hide(at + found + p.size(), at + std::min(url.find_first_of("?#", found), url.size()));
    return;
  }
}

void url(Marks& marks, std::size_t begin, std::size_t after_scheme) {
  const std::string_view text = marks.text().substr(0, after_scheme + longest_url);
  const std::string scheme = base::lower(text.substr(begin, after_scheme - 3 - begin));
  std::size_t wide = std::min(text.find_first_of(wide_end, after_scheme), text.size());
  const std::size_t another = text.find("://", after_scheme);
  if (another < wide) wide = another;
  std::size_t narrow = std::min(text.find_first_of(narrow_end, after_scheme), wide);
  // To where an '@' says that the narrow end is inside a password, and no further.
  const bool inside = text.substr(after_scheme, narrow - after_scheme).find('@') == npos;
  const std::size_t end = inside ? wide : narrow;
  const std::size_t sign = user_info_end(text.substr(0, end), after_scheme, scheme);
  if (sign != npos && text.substr(after_scheme, sign - after_scheme) != "git")
    marks.hide(after_scheme, sign);
  if (sign != npos) narrow = std::min(text.find_first_of(narrow_end, sign + 1), wide);
  parameters(marks, sign == npos ? after_scheme : sign, narrow);
  secret_path(marks, sign == npos ? after_scheme : sign + 1, narrow);
}

// user:password@host, :password@host without a scheme; root:pw@tcp(mysql:3306).
void bare_user_info(Marks& marks, std::size_t sign) {
  const std::string_view text = marks.text();
  if (!host_at(text, sign + 1) || version_or_digest(text.substr(sign + 1))) return;
  std::size_t begin = sign;
  while (begin > 0 && sign - begin < longest_url / 4 &&
         std::string_view(" \t\r\n\"'`=,<>(").find(text[begin - 1]) == npos)
    --begin;
  const std::string_view info = text.substr(begin, sign - begin);
  const std::size_t colon = info.find(':');
  if (colon == npos || colon + 1 >= info.size() || info.find("://") != npos) return;
  const std::string_view user = info.substr(0, colon);
  const std::string_view password = info.substr(colon + 1);
  const auto of_user = [](char c) { return in_word(c) || c == '+' || c == '%' || c == '@'; };
  if (!std::ranges::all_of(user, of_user) || user == "mailto" || user == "npm") return;
  if (password.starts_with('/') && user.empty()) return;
  if (info.find_first_not_of("0123456789:") == npos) return;                 // a time
  if (digits_until(password, 0, "/") && password.find('/') != npos) return;  // registry:5000/a@b
  marks.hide(begin, sign);
}

}  // namespace

void urls(Marks& marks) {
  const std::string_view text = marks.text();
  for (std::size_t at = text.find("://"); at != npos; at = text.find("://", at + 3)) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < 32 && (is_alnum(text[begin - 1]) || text[begin - 1] == '+'))
      --begin;
    if (begin < at) url(marks, begin, at + 3);
  }
  for (std::size_t at = text.find('@'); at != npos; at = text.find('@', at + 1)) {
    if (at > 0 && at + 1 < text.size()) bare_user_info(marks, at);
  }
}

}  // namespace kube::rules
