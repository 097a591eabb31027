// The search for the continue token at the beginning of a list.
#include "kube/read/continue_token.hpp"

#include <optional>

namespace kube {
namespace {

using ScanState = TokenScan::State;

// Walks over JSON of which the end may be missing. Whatever is not as expected ends the walk: the
// real parser sees the whole page anyhow.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  bool ended() const { return at_ >= text_.size(); }
  void skip_space() {
    while (!ended() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  // The next character after white space; '\0' at the end.
  char peek() {
    skip_space();
    return ended() ? '\0' : text_[at_];
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  // A string without escapes; nothing when it is another thing or not all here.
  std::optional<std::string_view> string() {
    if (!take('"')) return std::nullopt;
    const std::size_t end = text_.find_first_of("\"\\", at_);
    if (end == std::string_view::npos) {
      at_ = text_.size();
      return std::nullopt;
    }
    if (text_[end] == '\\') return std::nullopt;
    const std::string_view value = text_.substr(at_, end - at_);
    at_ = end + 1;
    return value;
  }
  // A string, number or word; nested values are not skipped.
  bool skip_scalar() {
    const char c = peek();
    if (c == '"') return string().has_value();
    if (c == '{' || c == '[' || c == '\0') return false;
    const std::size_t end = text_.find_first_of(",}] \t\r\n", at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
    return !ended();
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// Why the walk stopped: the text ends, or it is not of the expected form.
TokenScan stopped(const Walker& walker) {
  return {walker.ended() ? ScanState::need_more : ScanState::none};
}

TokenScan in_metadata(Walker& walker) {
  if (!walker.take('{')) return stopped(walker);
  while (walker.peek() == '"') {
    const auto key = walker.string();
    if (!key || !walker.take(':')) return stopped(walker);
    if (*key == "continue") {
      const auto token = walker.string();
      if (!token) return stopped(walker);
      if (token->empty()) return {ScanState::none};
      return {ScanState::found, std::string(*token)};
    }
    if (!walker.skip_scalar()) return stopped(walker);
    if (!walker.take(',')) return stopped(walker);
  }
  return stopped(walker);
}

TokenScan scan(std::string_view text) {
  Walker walker(text);
  if (!walker.take('{')) return stopped(walker);
  while (walker.peek() == '"') {
    const auto key = walker.string();
    if (!key || !walker.take(':')) return stopped(walker);
    if (*key == "metadata") return in_metadata(walker);
    if (!walker.skip_scalar()) return stopped(walker);  // `items` is an array
    if (!walker.take(',')) return stopped(walker);
  }
  return stopped(walker);
}

}  // namespace

TokenScan scan_continue_token(std::string_view body_so_far) {
  TokenScan result = scan(body_so_far.substr(0, token_scan_limit));
  if (result.state == ScanState::need_more && body_so_far.size() >= token_scan_limit) {
    result.state = ScanState::none;
  }
  return result;
}

}  // namespace kube
