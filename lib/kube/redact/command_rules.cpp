// Commands in a text: taken apart as a shell does, and given to the table of tools.
#include <algorithm>
#include <string>
#include <vector>

#include "base/chars.hpp"
#include "base/text.hpp"
#include "kube/redact/redact.hpp"
#include "kube/redact/rules.hpp"
#include "kube/redact/secret_names.hpp"
#include "kube/redact/tools.hpp"

namespace kube::rules {
namespace {

using base::is_space;

using base::npos;
constexpr int deepest = 3;
// Of one command: a longer text is looked at in parts.
constexpr std::size_t most_words = 256;

struct Word {
  std::size_t begin = 0, end = 0;  // without its quotes
  bool quoted = false;
};

using Words = std::vector<Word>;

class Script {
 public:
  Script(Marks& marks, std::size_t begin, std::size_t end, int depth)
      : marks_(marks), text_(marks.text()), at_(begin), end_(end), depth_(depth) {}

  void run() {
    while (at_ < end_) {
      if (text_[at_] == '\n' ? continues() : is_space(text_[at_])) {
        ++at_;
      } else if (text_[at_] == '\\' && at_ + 1 < end_ && text_[at_ + 1] == '\n') {
        at_ += 2;
      } else if (text_[at_] == '\\' && at_ + 1 < end_ && text_[at_ + 1] == 'n') {
        command(false);
        at_ += 2;
      } else if (std::string_view("\n;&|()`").find(text_[at_]) != npos) {
        command(text_[at_] == '|');
        ++at_;
      } else {
        word();
      }
      if (words_.size() >= most_words) command(false);
    }
    command(false);
  }

 private:
  // A line that begins further in with a flag belongs to the command before it.
  bool continues() const {
    const std::size_t next = text_.find_first_not_of(" \t\r\n", at_);
    return next != npos && next > at_ + 1 && next < end_ && text_[next] == '-';
  }

  void word() {
    const std::size_t quote = quote_at(text_, at_);
    if (quote != 0) {
      const Piece piece = value_at(text_, at_, " ");
      words_.push_back({piece.begin, std::min(piece.end, end_), true});
      at_ = std::min(std::max(piece.after, at_ + quote), end_);
      return;
    }
    const std::size_t begin = at_;
    bool inside = false;
    while (at_ < end_) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        // --flag="a b", -u "a:b" joined: to the closing quote.
        const std::size_t close = text_.find(c, at_ + 1);
        if (close >= end_) break;
        inside = true;
        at_ = close + 1;
        continue;
      }
      if (is_space(c) || std::string_view(";|()`").find(c) != npos) break;
      if (c == '&' && at_ + 1 < end_ && (text_[at_ + 1] == '&' || is_space(text_[at_ + 1]))) break;
      if (c == '\\' && at_ + 1 < end_ && (text_[at_ + 1] == '\n' || text_[at_ + 1] == 'n')) break;
      ++at_;
    }
    std::size_t end = at_;
    if (end == begin) {
      ++at_;
      return;
    }
    if (inside && (text_[end - 1] == '"' || text_[end - 1] == '\'')) --end;
    words_.push_back({begin, end, false});
  }

  std::vector<std::string_view> texts() const {
    std::vector<std::string_view> out;
    for (const Word& w : words_) out.push_back(text_.substr(w.begin, w.end - w.begin));
    return out;
  }

  void command(bool piped) {
    const std::vector<std::string_view> words = texts();
    if (!words.empty()) {
      secret_arguments(words, false, [&](std::size_t word, std::size_t begin, std::size_t end) {
        std::size_t from = words_[word].begin + begin;
        std::size_t to = words_[word].begin + end;
        if (to > from + 1 && quote_at(text_, from) != 0) ++from;
        marks_.hide(from, to);
      });
      if (from_pipe_ && reads_secret(words)) hide_printed();
      if (reads_secret(words)) here_string(words);
      for (const Word& w : words_) {
        const bool script = w.quoted && text_.substr(w.begin, w.end - w.begin).find(' ') != npos;
        if (script && depth_ < deepest) Script(marks_, w.begin, w.end, depth_ + 1).run();
      }
    }
    from_pipe_ = piped && !words.empty() && (words.front() == "echo" || words.front() == "printf");
    printed_ = from_pipe_ ? words_ : Words();
    words_.clear();
  }

  // echo X | passwd --stdin
  void hide_printed() {
    for (std::size_t i = 1; i < printed_.size(); ++i) {
      const Word& w = printed_[i];
      const std::string_view value = text_.substr(w.begin, w.end - w.begin);
      if (!value.starts_with('-') && !value.starts_with('%') && !harmless_value("password", value))
        marks_.hide(w.begin, w.end);
    }
  }

  void here_string(const std::vector<std::string_view>& words) {
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] == "<<<") marks_.hide(words_[i + 1].begin, words_[i + 1].end);
    }
  }

  Marks& marks_;
  std::string_view text_;
  std::size_t at_, end_;
  int depth_;
  Words words_, printed_;
  bool from_pipe_ = false;
};

}  // namespace

void commands(Marks& marks) {
  Script(marks, 0, marks.text().size(), 0).run();
}

}  // namespace kube::rules
