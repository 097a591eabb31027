// The patterns of the catalogue of answers.
#include "aibrix/responses/pattern.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace aibrix {
namespace {

using Names = std::map<std::string, std::string>;

// One comparison of a text with a pattern of literals, {names} and stars.
class Matcher {
 public:
  Matcher(std::string_view pattern, std::string_view text, bool cut)
      : pattern_(pattern), text_(text), low_(base::lower(text)), cut_(cut) {}

  std::optional<std::size_t> run(Names& names) {
    while (p_ < pattern_.size()) {
      if (pattern_[p_] == '*') {
        anchored_ = false;
        ++p_;
      } else if (pattern_[p_] == '{') {
        const std::size_t close = pattern_.find('}', p_);
        name_ = pattern_.substr(p_ + 1, close - p_ - 1);
        anchored_ = false;
        p_ = close + 1;
      } else if (!literal()) {
        return cut_off(names);
      }
    }
    if (!name_.empty() && at_ >= text_.size()) return cut_off(names);
    if (!name_.empty()) {
      // What ends with the text may go on where it was cut.
      if (!cut_) caught_[name_] = text_.substr(at_);
    } else if (at_ != text_.size() && !pattern_.ends_with('*')) {
      return std::nullopt;
    }
    names.insert(caught_.begin(), caught_.end());
    return seen_;
  }

 private:
  bool literal() {
    const std::size_t end = std::min(pattern_.find_first_of("*{", p_), pattern_.size());
    const std::string word = base::lower(pattern_.substr(p_, end - p_));
    p_ = end;
    std::size_t found = low_.find(word, at_ + (name_.empty() ? 0 : 1));
    if (p_ == pattern_.size() && !anchored_ && found != std::string::npos && low_.ends_with(word)) {
      found = low_.size() - word.size();
    }
    if (found == std::string::npos || (anchored_ && found != at_)) {
      const std::string_view rest = std::string_view(low_).substr(std::min(at_, low_.size()));
      fits_so_far_ = !anchored_ || word.starts_with(rest);
      if (anchored_ && fits_so_far_) seen_ += rest.size();
      return false;
    }
    if (!name_.empty()) caught_[std::exchange(name_, {})] = text_.substr(at_, found - at_);
    at_ = found + word.size();
    seen_ += word.size();
    anchored_ = true;
    return true;
  }

  // The text ended first; enough of it must have been there to tell.
  std::optional<std::size_t> cut_off(Names& names) {
    constexpr std::size_t enough = 12;
    if (!cut_ || !fits_so_far_ || seen_ < enough) return std::nullopt;
    names.insert(caught_.begin(), caught_.end());
    return seen_;
  }

  std::string_view pattern_;
  std::string_view text_;
  std::string low_;
  bool cut_;
  bool anchored_ = true;  // the next literal must begin where the last one ended
  bool fits_so_far_ = true;
  std::size_t p_ = 0;     // in the pattern
  std::size_t at_ = 0;    // in the text
  std::size_t seen_ = 0;  // literal characters matched
  std::string name_;      // waits for its text
  Names caught_;
};

}  // namespace

std::optional<std::size_t> match_pattern(std::string_view pattern, std::string_view text, bool cut,
                                         Names& names) {
  return Matcher(pattern, text, cut).run(names);
}

}  // namespace aibrix
