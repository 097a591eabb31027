// The splitter of shell scripts into words: quotes, comments, variables.
#include "aibrix/engine/shell_words.hpp"

#include <algorithm>

#include "base/chars.hpp"

namespace aibrix {
namespace {

class Script {
 public:
  Script(std::string_view text, const VariableLookup& lookup) : text_(text), lookup_(lookup) {}

  std::vector<Word> run() {
    for (; at_ < text_.size(); ++at_) step(text_[at_]);
    end_word();
    return std::move(words_);
  }

 private:
  char peek() const { return at_ + 1 < text_.size() ? text_[at_ + 1] : '\0'; }

  void step(char c) {
    if (quote_ == '\'') {
      if (c == quote_) {
        quote_ = '\0';
      } else {
        add(c);
      }
    } else if (c == '\\') {
      escape();
    } else if (quote_ == '"') {
      if (c == '"') {
        quote_ = '\0';
      } else {
        substitute_or_add(c);
      }
    } else if (c == '\'' || c == '"') {
      quote_ = c;
      open_ = true;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end_word();
    } else if (c == '\n' || c == ';' || c == '&' || c == '|') {
      separate();
    } else if (c == '#' && !open_) {
      while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
    } else {
      substitute_or_add(c);
    }
  }

  void escape() {
    if (peek() == '\0') return;
    ++at_;
    if (text_[at_] == '\n') return;  // a continued line
    if (quote_ == '"' && std::string_view("\"\\$`").find(text_[at_]) == std::string_view::npos) {
      add('\\');
    }
    add(text_[at_]);
  }

  void substitute_or_add(char c) {
    if (c == '`') {
      const std::size_t end = text_.find('`', at_ + 1);
      at_ = end == std::string_view::npos ? text_.size() : end;
      return add(unknown_text);
    }
    if (c != '$') return add(c);
    if (peek() == '(') return skip_to(')', '(');
    if (peek() == '{') {
      const std::size_t end = text_.find('}', at_);
      const std::string_view inside =
          end == std::string_view::npos ? "" : text_.substr(at_ + 2, end - at_ - 2);
      if (!inside.empty() && std::all_of(inside.begin(), inside.end(), in_variable_name)) {
        at_ = end;
        return variable(inside);
      }
      return skip_to('}', '{');
    }
    std::size_t end = at_ + 1;
    while (end < text_.size() && in_variable_name(text_[end])) ++end;
    if (end == at_ + 1) return add(c);
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end - 1;
    variable(name);
  }

  void variable(std::string_view name) {
    const std::optional<std::string> value = lookup_(name);
    // A script that sets the variable itself may have changed it.
    const bool assigned = text_.find(std::string(name) + '=') != std::string_view::npos;
    open_ = true;
    if (value && !assigned) {
      word_ += *value;
    } else {
      add(unknown_text);
    }
  }

  void skip_to(char close, char opening) {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == opening) ++depth;
      if (text_[at_] == close && --depth == 0) break;
    }
    add(unknown_text);
  }

  void add(char c) {
    word_ += c;
    open_ = true;
  }

  void end_word() {
    if (open_) words_.push_back(make_word(std::move(word_)));
    word_.clear();
    open_ = false;
  }

  void separate() {
    end_word();
    if (!words_.empty() && words_.back().separator) return;
    Word word;
    word.separator = true;
    words_.push_back(word);
  }

  std::string_view text_;
  const VariableLookup& lookup_;
  std::size_t at_ = 0;
  char quote_ = '\0';
  bool open_ = false;  // a word has begun, be it empty ("")
  std::string word_;
  std::vector<Word> words_;
};

}  // namespace

Word make_word(std::string text) {
  Word word;
  word.certain = text.find(unknown_text) == std::string::npos;
  word.text = std::move(text);
  return word;
}

bool in_variable_name(char c) {
  return base::is_alnum(c) || c == '_';
}

std::vector<Word> shell_words(std::string_view script, const VariableLookup& lookup) {
  return Script(script, lookup).run();
}

}  // namespace aibrix
