// The reader of whole pastes: lines that were broken, and of several errors the one that says why.
#include <algorithm>

#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/score.hpp"

namespace aibrix {
namespace {

std::vector<Recognised> recognised_in(std::string_view text) {
  std::vector<Recognised> out;
  for (ResponseText& answer : read_responses(text)) {
    Recognised one;
    one.match = match_response(answer);
    one.answer = std::move(answer);
    out.push_back(std::move(one));
  }
  return out;
}

bool is_known(const Recognised& one) {
  return one.match.kind != nullptr;
}

// The most special row that was recognised in a reading; nullptr: none was.
const ResponsePattern* most_special(const std::vector<Recognised>& all) {
  const ResponsePattern* best = nullptr;
  for (const Recognised& one : all) {
    if (!is_known(one)) continue;
    if (best == nullptr) best = one.match.kind;
    const int rank = precedence(one.match.kind->id);
    const int other = precedence(best->id);
    if (rank >= 0 && (other < 0 || rank < other)) best = one.match.kind;
  }
  return best;
}

// Pieces of a known form that nobody knows: halves of what was broken.
std::ptrdiff_t count_unknown(const std::vector<Recognised>& all) {
  return std::count_if(all.begin(), all.end(), [](const Recognised& one) {
    return !is_known(one) && one.answer.form != ResponseText::Form::text;
  });
}

// Whether one reading of the text says more than another: it knows something where the other knows
// nothing, or a more special thing.
bool says_more(const std::vector<Recognised>& a, const std::vector<Recognised>& b) {
  const ResponsePattern* mine = most_special(a);
  const ResponsePattern* others = most_special(b);
  if (mine == nullptr || others == nullptr) return mine != nullptr;
  const int rank = precedence(mine->id);
  const int other = precedence(others->id);
  if (mine == others) return count_unknown(a) < count_unknown(b);
  return rank >= 0 && other >= 0 && rank < other;
}

}  // namespace

std::vector<Recognised> recognise(std::string_view text) {
  std::vector<Recognised> out = recognised_in(text);
  for (const bool words : {false, true}) {
    const std::string joined = unwrapped(text, words);
    std::vector<Recognised> other = recognised_in(joined);
    if (says_more(other, out)) out = std::move(other);
  }
  for (Recognised& one : out) {
    one.follows = is_known(one) && std::any_of(out.begin(), out.end(), [&](const Recognised& o) {
                    return is_known(o) && explains(o.match.kind->id, one.match.kind->id);
                  });
  }
  const auto place = [](const Recognised& one) { return !is_known(one) ? 2 : one.follows ? 1 : 0; };
  std::stable_sort(out.begin(), out.end(),
                   [&](const Recognised& a, const Recognised& b) { return place(a) < place(b); });
  return out;
}

}  // namespace aibrix
