#include "kube/files/secret_names.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/chars.hpp"
#include "base/text.hpp"

namespace kube {
namespace {

using base::is_alnum;
using base::is_lower;
using base::is_upper;

constexpr std::size_t npos = std::string_view::npos;

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != npos;
}

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "apiKey-HF_TOKEN" is api, key, hf, token.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool hump = i > 0 && is_upper(name[i]) && is_lower(name[i - 1]);
    if ((hump || !is_alnum(name[i])) && !words.back().empty()) words.emplace_back();
    if (is_alnum(name[i])) words.back() += name[i];
  }
  for (std::string& word : words) word = base::lower(word);
  return words;
}

// Tokens of text, as language models count them.
bool counts_tokens(const std::vector<std::string>& words) {
  constexpr auto counting = std::to_array<std::string_view>(
      {"max",    "min",         "num",    "number",     "batched", "total",   "prompt",
       "input",  "output",      "new",    "completion", "per",     "context", "special",
       "draft",  "speculative", "cached", "limit",      "budget",  "count",   "prefill",
       "decode", "length",      "rate",   "used",       "tokens"});
  return std::ranges::any_of(words, [&](const std::string& w) { return one_of(counting, w); });
}

bool secret_word(const std::string& word) {
  constexpr auto whole =
      std::to_array<std::string_view>({"key", "keys", "auth", "pwd", "pass", "cookie", "jwt", "pat",
                                       "sas", "dsn", "signature", "sig", "otp"});
  constexpr auto inside = std::to_array<std::string_view>(
      {"password", "passwd", "passphrase", "secret", "credential", "bearer", "apikey", "accesskey",
       "privatekey", "oauth", "authoriz", "authentic"});
  if (one_of(whole, word)) return true;
  if (std::ranges::any_of(inside, [&](std::string_view s) { return has(word, s); })) return true;
  if (has(word, "token") && !has(word, "tokeniz") && !has(word, "tokens")) return true;
  if (word.starts_with("auth") && !word.starts_with("author")) return true;
  if (word.ends_with("key") && word != "hotkey") return true;
  return word.ends_with("pwd") || (word.ends_with("pass") && word != "bypass");
}

std::string_view dashes_off(std::string_view flag) {
  return flag.substr(std::min(flag.find_first_not_of('-'), flag.size()));
}

}  // namespace

bool secret_like(std::string_view name) {
  const std::vector<std::string> words = words_of(dashes_off(name));
  if (std::ranges::any_of(words, secret_word)) return true;
  const bool tokens =
      std::ranges::any_of(words, [](const std::string& word) { return word.ends_with("tokens"); });
  return tokens && words.size() > 1 && !counts_tokens({words.begin(), words.end() - 1});
}

bool known_token(std::string_view word) {
  constexpr auto prefixes =
      std::to_array<std::string_view>({"hf_", "sk-", "AKIA", "ASIA", "ghp_", "gho_", "ghs_",
                                       "github_pat_", "glpat-", "xoxb-", "xoxp-", "AIza", "eyJ"});
  constexpr std::size_t shortest = 20;
  if (word.size() < shortest) return false;
  const bool looks = std::ranges::any_of(
      prefixes, [&](std::string_view prefix) { return word.starts_with(prefix); });
  // Names of pods have no capitals.
  return looks && std::ranges::any_of(word, is_upper);
}

}  // namespace kube
