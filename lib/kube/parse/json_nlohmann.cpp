// The JSON parser by nlohmann, which tells the line of a fault.
#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "kube/parse/duplicate_keys.hpp"
#include "kube/parse/json_backend.hpp"
#include "kube/parse/json_reader.hpp"

namespace kube::json {
namespace {

// How far the lexer has read. It looks at most one character ahead, so that the line of the last
// character it took is the line of the token it reports.
struct Progress {
  std::size_t read = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;  // of what was read last
  bool ended_line = false;
};

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator() = default;
  CountingIterator(const char* position, Progress* progress)
      : position_(position), progress_(progress) {}
  reference operator*() const { return *position_; }
  CountingIterator& operator++() {
    ++progress_->read;
    if (progress_->ended_line) {
      ++progress_->line;
      progress_->column = 0;
    }
    if (!base::continues_utf8(*position_)) ++progress_->column;
    progress_->ended_line = *position_ == '\n';
    ++position_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return position_ == other.position_; }
  bool operator!=(const CountingIterator& other) const { return position_ != other.position_; }

 private:
  const char* position_ = nullptr;
  Progress* progress_ = nullptr;
};

// What nlohmann's parser can say that it expected.
constexpr std::string_view expected_tokens[] = {
    "end of input", "string literal", "':'", "']'", "'}'", "'[', '{', or a literal"};

// nlohmann's text without its prefix, its position and what it "last read".
std::string without_content(std::string_view what) {
  if (const auto at = what.find(": "); what.substr(0, 1) == "[" && at != std::string_view::npos) {
    what.remove_prefix(at + 2);
  }
  if (const auto at = what.find(" - "); at != std::string_view::npos) what.remove_prefix(at + 3);
  std::string text(what.substr(0, what.find("; last read")));
  for (const std::string_view token : expected_tokens) {
    // At the very end: what was last read, which stands before it in quotes, can hold anything.
    const std::string suffix = "; expected " + std::string(token);
    if (what.ends_with(suffix) && !text.ends_with(suffix)) return text + suffix;
  }
  return text;
}

class Sax : public nlohmann::json_sax<nlohmann::json> {
 public:
  Sax(const Input& input, Document& document, const Progress& progress)
      : builder_(document, input.keep),
        duplicates_(input.duplicates),
        progress_(progress),
        lines_(input.first_line != 0) {}

  Value finish() { return builder_.finish(); }

  bool null() override {
    return scalar([&] { builder_.null(line()); });
  }
  bool boolean(bool truth) override {
    return scalar([&] { builder_.boolean(truth, line()); });
  }
  bool number_integer(number_integer_t n) override {
    return scalar([&] { builder_.number(n == 0 ? "-0" : std::to_string(n), line()); });
  }
  bool number_unsigned(number_unsigned_t n) override {
    return scalar([&] { builder_.number(std::to_string(n), line()); });
  }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return scalar([&] { builder_.number(text, line()); });
  }
  bool string(string_t& text) override {
    return scalar([&] { builder_.string(text, line()); });
  }
  bool binary(binary_t& /*bytes*/) override { return false; }

  bool start_object(std::size_t /*size*/) override {
    if (!open()) return true;
    builder_.begin_object(line());
    if (lines_) keys_.open();
    return true;
  }
  bool key(string_t& text) override {
    if (skipping_) return true;
    if (lines_) check_duplicate(text);
    skipping_ = !builder_.key(text);
    return true;
  }
  bool end_object() override {
    if (!close()) return true;
    const bool repeated = lines_ && keys_.close();
    builder_.end_object(repeated ? Builder::Repeated::yes : Builder::Repeated::no);
    return true;
  }
  bool start_array(std::size_t /*size*/) override {
    if (open()) builder_.begin_array(line());
    return true;
  }
  bool end_array() override {
    if (close()) builder_.end_array();
    return true;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::json::exception& e) override {
    throw SyntaxError{without_content(e.what()), line(), lines_ ? progress_.column : 0};
  }

 private:
  std::uint32_t line() const { return lines_ ? progress_.line : 0; }

  void check_duplicate(const std::string& key) {
    const std::uint32_t first = keys_.add(key, progress_.line);
    if (first == 0) return;
    Duplicate duplicate{key, progress_.line, first};
    if (duplicates_ == nullptr) throw SyntaxError{to_string(duplicate), progress_.line};
    duplicates_->push_back(std::move(duplicate));
  }

  // Skipped: the value of a key that is dead weight, and all below it.
  template <typename Report>
  bool scalar(const Report& report) {
    if (!skipping_) {
      report();
    } else if (skipped_depth_ == 0) {
      skipping_ = false;
    }
    return true;
  }
  bool open() {
    if (skipping_) {
      ++skipped_depth_;
      return false;
    }
    if (builder_.depth() >= max_json_depth) {
      throw SyntaxError{"nested deeper than " + std::to_string(max_json_depth) + " levels", line()};
    }
    return true;
  }
  bool close() {
    if (!skipping_) return true;
    if (--skipped_depth_ == 0) skipping_ = false;
    return false;
  }

  Builder builder_;
  DuplicateKeyFinder keys_;
  std::vector<Duplicate>* duplicates_;
  const Progress& progress_;
  const bool lines_;
  bool skipping_ = false;
  std::size_t skipped_depth_ = 0;
};

}  // namespace

Parsed parse_nlohmann(const Input& input, Document& document) {
  Progress progress;
  progress.line = input.first_line;
  Sax sax(input, document, progress);
  const char* const begin = input.text.data();
  const CountingIterator first(begin, &progress);
  const CountingIterator last(begin + input.text.size(), &progress);
  if (!nlohmann::json::sax_parse(first, last, &sax, nlohmann::json::input_format_t::json, false)) {
    throw SyntaxError{"not valid JSON", progress.line};
  }
  Parsed parsed;
  parsed.value = sax.finish();
  parsed.end = progress.read;
  return parsed;
}

}  // namespace kube::json
