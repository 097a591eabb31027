// The one entry for texts: every rule looks at the text, and what they marked is replaced.
#include "kube/redact/redact.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/base64.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"
#include "kube/redact/redact_inner.hpp"
#include "kube/redact/redact_object.hpp"
#include "kube/redact/rules.hpp"
#include "kube/redact/secret_names.hpp"
#include "kube/redact/tokens.hpp"
#include "kube/redact/tools.hpp"

namespace kube {
namespace {

using base::npos;

// No rule finds anything in a text this short, or in one word of lower-case letters and figures.
bool surely_harmless(std::string_view text) {
  constexpr std::size_t shortest = 6;
  if (text.size() < shortest) return true;
  if (text.size() >= 16) return false;
  return std::ranges::all_of(
      text, [](char c) { return base::is_lower(c) || base::is_digit(c) || c == '-' || c == '.'; });
}

// An argument that is a flag with its value: "--api-key=x", "HF_TOKEN=x".
bool named_argument(std::string_view argument, std::size_t& value) {
  const std::size_t equals = argument.find('=');
  if (equals == npos || equals == 0) return false;
  const std::string_view name = argument.substr(0, equals);
  if (!std::ranges::all_of(name, rules::in_word) || !secret_setting(name)) return false;
  value = equals + 1;
  return !harmless_value(name, argument.substr(value));
}

// Values that are nothing but random are hidden but where they name a version of something.
bool names_version(std::string_view name) {
  const std::string lower = base::lower(name);
  return std::ranges::any_of(
      std::to_array<std::string_view>({"commit", "sha", "hash", "digest", "revision", "version",
                                       "checksum", "uid", "build", "fingerprint", "image", "id"}),
      [&](std::string_view part) { return lower.find(part) != npos; });
}

bool takes_several(std::string_view flag) {
  const std::string lower = base::lower(flag);
  return lower.find("api-key") != npos || lower.find("api_key") != npos ||
         lower.ends_with("keys") || lower.ends_with("tokens");
}

// What is on one line, more or less.
void mark_part(Marks& marks) {
  const std::string_view text = marks.text();
  const bool spaces = text.find_first_of(" \n\t") != npos;
  if (text.find('@') != npos || text.find("://") != npos) rules::urls(marks);
  if (spaces || text.find_first_of("=:") != npos) {
    rules::named_values(marks);
    rules::headers(marks);
  }
  if (text.find('(') != npos) rules::calls(marks);
  rules::phrases(marks);
  if (spaces) rules::commands(marks);
}

// Rules may look at the rest of a text for each thing they find: longer ones are taken in parts,
// cut between lines or words.
std::size_t part_end(std::string_view text, std::size_t begin) {
  constexpr std::size_t longest = std::size_t{8} << 10U;
  if (text.size() - begin <= longest) return text.size();
  const std::string_view part = text.substr(begin, longest);
  for (const std::string_view cut : {"\n", " ", ",", "/"}) {
    const std::size_t at = part.rfind(cut);
    if (at != npos && at > longest / 2) return begin + at + 1;
  }
  return begin + longest;
}

std::string by_rules(std::string_view text, int depth) {
  Marks marks(text);
  rules::tokens(marks);
  rules::blocks(marks);
  rules::encoded(marks, depth);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = part_end(text, begin);
    Marks part(text.substr(begin, end - begin));
    mark_part(part);
    marks.add(part, begin);
    begin = end;
  }
  return marks.apply();
}

// What was hidden may bring together what stood on both its sides: until nothing more is found, so
// that a snapshot of a snapshot is the same. Nearly always the second round is the last; a text
// that never comes to rest is hidden as a whole.
template <typename Round>
std::string at_rest(std::string_view text, Round round) {
  constexpr int most_rounds = 16;
  std::string clean = round(text);
  if (clean == text) return clean;
  for (int i = 1; i < most_rounds; ++i) {
    std::string again = round(clean);
    if (again == clean) return clean;
    clean = std::move(again);
  }
  return std::string(redacted);
}

}  // namespace

bool holds_placeholder(std::string_view text) {
  return text.find(redacted) != npos;
}

std::string redact_inner(std::string_view text, int depth) {
  if (surely_harmless(text)) return std::string(text);
  // What the rules find is taken out of the text as it is written; what only its structure tells,
  // after that.
  std::string clean = by_rules(text, depth);
  if (depth >= max_depth || (text[0] != '{' && text[0] != '[')) return clean;
  return redact_json(clean, depth).value_or(clean);
}

std::string redact_url(std::string_view url) {
  return at_rest(url, [](std::string_view text) {
    Marks marks(text);
    rules::urls(marks);
    return marks.apply();
  });
}
void redact_in_place(std::string& text) {
  if (!text.empty()) text = redact_text(text);
}

std::string redact_text(std::string_view text) {
  return at_rest(text, [](std::string_view part) { return redact_inner(part, 0); });
}

std::string redact_argument(std::string_view argument, std::string_view previous) {
  const std::string_view words[] = {previous, argument};
  if (previous.empty()) return redact_arguments(std::span(words).subspan(1)).front();
  return redact_arguments(words).back();
}

std::vector<std::string> redact_arguments(std::span<const std::string_view> arguments,
                                          std::span<const std::string_view> command) {
  std::vector<std::string_view> words(command.begin(), command.end());
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<Marks> marks;
  marks.reserve(words.size());
  for (const std::string_view word : words) marks.emplace_back(word);
  secret_arguments(words, true, [&](std::size_t word, std::size_t begin, std::size_t end) {
    marks[word].hide(begin, end);
  });
  std::string_view flag;   // whose values follow
  std::size_t values = 0;  // that it has had
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    std::size_t value = 0;
    if (word.starts_with('-') && word.size() > 1 && !base::is_digit(word[1])) {
      flag = word.find_first_of("= \n") == npos ? word : std::string_view();
      values = 0;
      if (named_argument(word, value)) marks[i].hide(value, word.size());
      continue;
    }
    if (named_argument(word, value)) marks[i].hide(value, word.size());
    if (flag.empty()) continue;
    ++values;
    const bool theirs = values == 1 || (takes_several(flag) && word.find_first_of("/:= ") == npos);
    if (theirs && secret_setting(flag) && !is_switch(flag) && !harmless_value(flag, word))
      marks[i].hide(0, word.size());
    if (random_value(word) && !names_version(flag)) marks[i].hide(0, word.size());
    if (!takes_several(flag)) flag = {};
  }
  std::vector<std::string> out;
  for (std::size_t i = command.size(); i < words.size(); ++i) {
    out.push_back(marks[i].empty() ? redact_text(words[i]) : redact_text(marks[i].apply()));
  }
  return out;
}

std::string redact_named(std::string_view name, std::string_view value) {
  if (secret_setting(name) && !harmless_value(name, value)) {
    // An address is read by checks: what is secret in it goes, the rest stays.
    if (value.find("://") != npos && !strong_name(name)) return redact_text(value);
    return std::string(redacted);
  }
  if (random_value(value) && !names_version(name)) return std::string(redacted);
  return redact_text(value);
}

std::string without_values(std::string_view text, std::span<const std::string> values) {
  constexpr std::size_t shortest = 4;
  std::string out(text);
  for (const std::string& value : values) {
    if (value.size() < shortest) continue;
    for (const std::string& form :
         {value, base::percent_encode(value, ""), base::encode_base64(value)}) {
      for (std::size_t at = out.find(form); at != npos; at = out.find(form, at + redacted.size()))
        out.replace(at, form.size(), redacted);
    }
  }
  return out;
}

}  // namespace kube
