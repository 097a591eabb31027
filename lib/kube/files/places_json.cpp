// Places in JSON: a walk over the text to the fields asked for.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "kube/files/places_inner.hpp"

namespace kube::places {
namespace {

struct NotJson {};

// A place in a text that was read before: of faults it need only notice that it is no JSON.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  void go(std::size_t at) { at_ = at; }
  char peek() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    return at_ == text_.size() ? '\0' : text_[at_];
  }
  void take(char wanted) {
    if (peek() != wanted) throw NotJson{};
    ++at_;
  }
  // Brackets are counted, so that depth costs no stack.
  void skip() {
    std::size_t depth = 0;
    do {
      const char c = peek();
      if (c == '\0') throw NotJson{};
      if (c == '"') {
        skip_string();
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        if (depth == 0) throw NotJson{};
        --depth;
        ++at_;
      } else if (c == ',' || c == ':') {
        ++at_;
      } else {
        const std::size_t end = text_.find_first_of(" \t\r\n,:]}[{\"", at_);
        const std::string_view word = text_.substr(at_, end - at_);
        const bool number = word[0] == '-' || (word[0] >= '0' && word[0] <= '9');
        if (!number && word != "true" && word != "false" && word != "null") throw NotJson{};
        at_ = std::min(end, text_.size());
      }
    } while (depth > 0);
  }
  std::string key() {
    if (peek() != '"') throw NotJson{};
    const std::size_t start = at_;
    skip_string();
    const std::string_view raw = text_.substr(start, at_ - start);
    if (raw.find('\\') == std::string_view::npos) return std::string(raw.substr(1, raw.size() - 2));
    const auto text = nlohmann::json::parse(raw, nullptr, false);
    if (!text.is_string()) throw NotJson{};
    return text.get<std::string>();
  }
  // Counted from the last place that was asked for, as places mostly are in order.
  Spot spot(std::size_t at) {
    if (at < counted_) {
      counted_ = 0;
      spot_ = {1, 1};
    }
    for (; counted_ < at; ++counted_) {
      if (text_[counted_] == '\n') {
        spot_ = {spot_.line + 1, 1};
      } else if (!base::continues_utf8(text_[counted_])) {
        ++spot_.column;
      }
    }
    return spot_;
  }

 private:
  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) throw NotJson{};
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;
  Spot spot_{1, 1};
};

struct Member {
  std::size_t key = 0;
  std::size_t value = 0;
};

// Of a key that comes twice the last one counts.
std::optional<Member> member(Walk& walk, std::string_view wanted) {
  if (walk.peek() != '{') return std::nullopt;
  walk.take('{');
  std::optional<Member> found;
  while (walk.peek() != '}') {
    Member one{walk.at(), 0};
    const bool is_it = walk.key() == wanted;
    walk.take(':');
    walk.peek();
    one.value = walk.at();
    walk.skip();
    if (is_it) found = one;
    if (walk.peek() != '}') walk.take(',');
  }
  return found;
}

std::optional<std::size_t> item(Walk& walk, std::size_t index) {
  if (walk.peek() != '[') return std::nullopt;
  walk.take('[');
  while (walk.peek() != ']') {
    if (index-- == 0) return walk.at();
    walk.skip();
    if (walk.peek() != ']') walk.take(',');
  }
  return std::nullopt;
}

void find_field(Walk& walk, Wanted& wanted) {
  if (walk.peek() != '{') return;
  const std::size_t start = walk.at();
  std::size_t found = start;
  wanted.object = walk.spot(start);
  for (const PathStep& step : wanted.field->path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      const auto next = member(walk, *key);
      if (!next) break;
      found = next->key;
      walk.go(next->value);
    } else {
      const auto next = item(walk, std::get<std::size_t>(step));
      if (!next) break;
      found = *next;
      walk.go(found);
    }
  }
  wanted.found = walk.spot(found);
  walk.go(start);
}

// The fields of the object at this place, and of those that further items lead to.
void find_fields(Walk& walk, Wants wants, std::size_t level) {
  for (Wanted* one : take_own(wants, level)) find_field(walk, *one);
  if (wants.empty()) return;
  if (walk.peek() == '{') {
    const auto items = member(walk, "items");
    if (!items) return;
    walk.go(items->value);
  }
  if (walk.peek() != '[') return;
  walk.take('[');
  for (std::uint32_t index = 0; !wants.empty() && walk.peek() != ']'; ++index) {
    const std::size_t start = walk.at();
    if (const Wants inside = take_item(wants, level, index); !inside.empty()) {
      find_fields(walk, inside, level + 1);
      walk.go(start);
    }
    walk.skip();
    if (walk.peek() != ']') walk.take(',');
  }
}

}  // namespace

bool find_in_json(std::string_view text, Wants wanted) {
  try {
    Walk walk(text);
    for (std::uint32_t document = 0; walk.peek() != '\0'; ++document) {
      const std::size_t start = walk.at();
      find_fields(walk, take_document(wanted, document), 0);
      walk.go(start);
      walk.skip();
    }
    return true;
  } catch (const NotJson&) {
    return false;
  }
}

}  // namespace kube::places
