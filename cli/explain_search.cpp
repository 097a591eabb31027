// The search in what is known of checks and responses.
#include "explain_search.hpp"

#include <algorithm>
#include <array>

#include "aibrix/responses/responses.hpp"
#include "base/chars.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "checks/core/select.hpp"
#include "report/layout.hpp"
#include "suggest.hpp"

namespace cli {
namespace {

using aibrix::ResponsePattern;

// Words of users for what the texts may call otherwise.
struct Alike {
  std::string_view word;
  std::string_view others;  // separated by commas
};
constexpr auto alike = std::to_array<Alike>({
    {"terminating", "deleting,deletion"},
    {"stuck", "cannot finish,cannot be finalized,held up,holds up,terminating"},
    {"unready", "not ready,no ready"},
    {"pending", "no external ip,no address,not scheduled"},
    {"forbidden", "not allowed,no permission,may not"},
    {"timeout", "timed out,time to answer,deadline"},
});

// At the beginning of a word: "route" finds "routes", "port" not "support", 503 not 15030.
bool has(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    if (at == 0 || !base::is_alnum(text[at - 1])) return true;
  }
  return false;
}

bool speaks_of(const std::string& text, const std::string& word) {
  if (has(text, word)) return true;
  const auto it = std::ranges::find(alike, word, &Alike::word);
  if (it == alike.end()) return false;
  const auto others = base::split(it->others, ',');
  return std::ranges::any_of(others, [&](std::string_view other) { return has(text, other); });
}

bool speaks_of_all(const std::string& text, const std::vector<std::string>& words) {
  return std::ranges::all_of(words, [&](const std::string& w) { return speaks_of(text, w); });
}

std::string texts_of(const checks::Check& check) {
  std::string out;
  for (const std::string_view text :
       {check.title, check.explain.meaning, check.explain.causes, check.explain.fix}) {
    out.append(text).append("\n");
  }
  return base::lower(out);
}

std::string statuses_of(const ResponsePattern& row) {
  std::vector<std::string> out;
  for (const int status : row.statuses) {
    if (status != 0) out.push_back(std::to_string(status));
  }
  return base::join(out, " ");
}

std::string texts_of(const ResponsePattern& row) {
  std::string out = statuses_of(row);
  for (const std::string_view text :
       {row.id, row.message, row.log, row.flag, row.header, row.meaning}) {
    out.append("\n").append(text);
  }
  return base::lower(out);
}

std::vector<std::string> lower_words(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const std::string& given : words) {
    for (const std::string_view word : base::split(given, ' ')) {
      if (!word.empty()) out.push_back(base::lower(word));
    }
  }
  return out;
}

std::string first_sentence(std::string_view text) {
  const std::size_t end = text.find(". ");
  return std::string(end == std::string_view::npos ? text : text.substr(0, end + 1));
}

// "REF001", whether or not there is such a check.
bool shaped_as_code(const std::string& word) {
  const std::size_t letters = word.find_first_of("0123456789");
  if (letters == std::string::npos || letters < 2 || letters > 3) return false;
  const auto all = [](std::string_view text, auto is) { return std::ranges::all_of(text, is); };
  const std::string_view digits = std::string_view(word).substr(letters);
  return digits.size() >= 2 && digits.size() <= 4 && all(digits, base::is_digit) &&
         all(std::string_view(word).substr(0, letters), base::is_alnum);
}

const checks::Check& check_of(const std::string& code) {
  const std::string upper = base::upper(code);
  if (const checks::Check* check = checks::find(upper)) return *check;
  const std::string near = mistyped(upper, checks::selectable());
  throw base::Error(
      base::Fault::usage, "UnknownCheck", "unknown code \"" + base::printable(code) + '"',
      near.empty() ? "list the codes with: aibrixctl explain" : "did you mean " + near + "?");
}

SearchResult require_found(const std::vector<std::string>& words) {
  SearchResult found = search(words);
  if (!found.empty()) return found;
  const std::string near = mistyped(words.front(), checks::selectable());
  throw base::Error(
      base::Fault::usage, "NothingFound",
      "no check and no known response speaks of \"" + base::printable(base::join(words, " ")) + '"',
      near.empty() ? "list the codes with: aibrixctl explain; search a pasted "
                     "error with: aibrixctl explain -"
                   : "did you mean " + near + "?");
}

}  // namespace

SearchResult search(const std::vector<std::string>& given) {
  SearchResult out;
  const std::vector<std::string> words = lower_words(given);
  if (words.empty()) return out;
  const bool is_area = words.size() == 1 && std::ranges::any_of(checks::all(), [&](const auto* c) {
                         return checks::to_string(c->area) == words.front();
                       });
  for (const checks::Check* check : checks::all()) {
    const bool found = is_area ? checks::to_string(check->area) == words.front()
                               : speaks_of_all(texts_of(*check), words);
    if (found) out.checks.push_back(check);
  }
  if (is_area) return out;
  std::stable_partition(out.checks.begin(), out.checks.end(), [&](const checks::Check* check) {
    return speaks_of_all(base::lower(check->title), words);
  });
  for (const ResponsePattern* row : aibrix::all_responses()) {
    if (speaks_of_all(texts_of(*row), words)) out.responses.push_back(row);
  }
  return out;
}

std::vector<const checks::Check*> Asked::all() const {
  std::vector<const checks::Check*> out = checks;
  out.insert(out.end(), found.checks.begin(), found.checks.end());
  return out;
}

Asked asked_by(const std::vector<std::string>& words) {
  Asked out;
  std::vector<std::string> others;
  for (const std::string& word : words) {
    if (shaped_as_code(word)) {
      out.checks.push_back(&check_of(word));
    } else {
      others.push_back(word);
    }
  }
  if (!others.empty()) out.found = require_found(others);
  return out;
}

std::string search_text(const SearchResult& found, const report::Style& style) {
  const auto columns = static_cast<std::size_t>(std::clamp(style.width, 40, 200));
  std::string out;
  if (!found.checks.empty()) {
    out += report::paint(style, report::Colour::bold, "Checks") + '\n';
    for (const checks::Check* check : found.checks) {
      out += report::block(check->title, "  " + report::pad(check->code, 8), std::string(10, ' '),
                           columns);
    }
    out += "  Details: aibrixctl explain " + std::string(found.checks.front()->code) + '\n';
  }
  if (found.responses.empty()) return out;
  out += (out.empty() ? "" : "\n") + report::paint(style, report::Colour::bold, "Responses") + '\n';
  for (const ResponsePattern* row : found.responses) {
    const std::string status = statuses_of(*row);
    out += report::block((status.empty() ? "" : status + ' ') + std::string(row->id) + ": " +
                             first_sentence(row->meaning),
                         "  ", "      ", columns);
  }
  return out + "  Details: paste the response into: aibrixctl explain -\n";
}

std::string search_plain(const SearchResult& found) {
  std::string out;
  for (const checks::Check* check : found.checks) {
    out += "check\t" + std::string(check->code) + '\t' + std::string(check->title) + '\n';
  }
  for (const ResponsePattern* row : found.responses) {
    out += "response\t" + std::string(row->id) + '\t' + first_sentence(row->meaning) + '\n';
  }
  return out;
}

}  // namespace cli
