// The reader of CEL's common part: has(), comparisons, && || ! ?: in + [], size(), all(), exists(),
// exists_one(), filter(), duration() and what is asked of texts. What else there is makes a rule
// "not understood".
#include "kube/schema/rules.hpp"

#include <cctype>
#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "base/time.hpp"
#include "kube/schema/pattern.hpp"

namespace kube {
namespace {

struct NotUnderstood {};

// all() in all() over long lists takes its time: beyond this a rule is not understood.
constexpr int most_steps = 200'000;

struct Place {
  Value value;
  const SchemaNode* node = nullptr;  // nullptr: not known
  bool in_default = false;           // of a parent that is filled in by default: it may be there
};
struct Result;
using List = std::vector<Result>;
struct Result {
  // Nothing: an evaluation that is skipped or, in one that is not, an error in CEL's sense (no such
  // key).
  std::variant<std::monostate, bool, double, std::string, Place, List> is;
};

class Rule {
 public:
  Rule(std::string_view text, Place self, const SchemaSource& source)
      : text_(text), source_(source) {
    names_.push_back({"self", {self}});
  }

  // An error is a refusal too: "no such key: … evaluating rule: …".
  bool run() {
    const Result out = choice();
    skip_space();
    if (at_ != text_.size()) throw NotUnderstood();
    return !is_error(out) && truth(out);
  }

 private:
  // The branch that is not taken is read, but not judged: `off_` counts how deep.
  class Off {
   public:
    Off(int& off, bool on) : off_(off), by_(on ? 1 : 0) { off_ += by_; }
    ~Off() { off_ -= by_; }
    Off(const Off&) = delete;
    Off& operator=(const Off&) = delete;

   private:
    int& off_;
    int by_;
  };

  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool take(std::string_view word) {
    skip_space();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void need(std::string_view word) {
    if (!take(word)) throw NotUnderstood();
  }
  bool is_error(const Result& result) const {
    return off_ == 0 && std::holds_alternative<std::monostate>(result.is);
  }
  bool truth(const Result& result) const {
    if (off_ != 0) return false;
    if (const bool* is = std::get_if<bool>(&result.is)) return *is;
    if (const Place* place = std::get_if<Place>(&result.is)) {
      const Result plain = scalar(*place);
      if (const bool* is = std::get_if<bool>(&plain.is)) return *is;
    }
    throw NotUnderstood();
  }

  Result choice() {
    if (++depth_ > 60 || ++steps_ > most_steps) throw NotUnderstood();
    Result out = either();
    if (take("?")) {
      const bool first = truth(out);
      Result yes;
      Result no;
      {
        const Off off(off_, !first);
        yes = choice();
      }
      need(":");
      {
        const Off off(off_, first);
        no = choice();
      }
      out = first ? yes : no;
    }
    --depth_;
    return out;
  }
  Result either() {
    Result out = both();
    while (take("||")) out = joined(out, true, [this] { return both(); });
    return out;
  }
  Result both() {
    Result out = comparison();
    while (take("&&")) out = joined(out, false, [this] { return comparison(); });
    return out;
  }
  // `decisive` is what settles || (true) or && (false) on either side, and even beside an error.
  template <typename Next>
  Result joined(const Result& first, bool decisive, Next next) {
    const bool failed = is_error(first);
    const bool decided = !failed && truth(first) == decisive;
    const Off off(off_, decided);
    const Result second = next();
    if (decided) return {decisive};
    if (is_error(second)) return {};
    if (failed && truth(second) != decisive) return {};
    return {truth(second)};
  }
  Result comparison() {
    Result left = sum();
    skip_space();
    for (const std::string_view op : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (!take(op)) continue;
      const Result right = sum();
      if (is_error(left) || is_error(right)) return {};
      return {compared(op, left, right)};
    }
    if (text_.substr(at_).starts_with("in ") || text_.substr(at_).starts_with("in[")) {
      at_ += 2;
      const Result list = unary();
      if (off_ != 0) return {false};
      return {is_in(left, list)};
    }
    return left;
  }
  Result sum() {
    Result left = unary();
    while (take("+")) {
      const Result right = unary();
      if (off_ == 0) left = {number_of(left) + number_of(right)};
    }
    return left;
  }
  Result unary() {
    skip_space();
    if (at_ + 1 < text_.size() && text_[at_] == '!' && text_[at_ + 1] != '=') {
      ++at_;
      return {!truth(unary())};
    }
    Result out = primary();
    while (true) {
      if (take(".")) {
        out = member(out);
      } else if (at_ < text_.size() && text_[at_] == '[') {
        out = element(out);
      } else {
        return out;
      }
    }
  }
  Result element(const Result& of) {
    need("[");
    const Result index = choice();
    need("]");
    if (off_ != 0) return {};
    const std::vector<Result> all = elements(of);
    const double number = number_of(index);
    if (number < 0 || number >= static_cast<double>(all.size())) throw NotUnderstood();
    return all[static_cast<std::size_t>(number)];
  }
  Result primary() {
    skip_space();
    if (at_ == text_.size()) throw NotUnderstood();
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      Result out = choice();
      need(")");
      return out;
    }
    if (c == '\'' || c == '"') return {quoted()};
    if (c == '[') return {list()};
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) return {digits()};
    const std::string name = word();
    if (name == "true") return {true};
    if (name == "false") return {false};
    if (name == "r" && at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      return {raw()};
    }
    if (name == "has") return has();
    if (name == "size" || name == "duration") {
      need("(");
      const Result of = choice();
      need(")");
      if (name == "size") return size_of(of);
      return off_ != 0 ? Result() : Result{seconds(text_of(of))};
    }
    return named(name);
  }
  Result named(const std::string& name) const {
    for (auto one = names_.rbegin(); one != names_.rend(); ++one) {
      if (one->first == name) return one->second;
    }
    throw NotUnderstood();
  }

  static double seconds(const std::string& text) {
    const auto time = base::parse_duration(text);
    if (!time) throw NotUnderstood();
    return std::chrono::duration<double>(*time).count();
  }

  std::string word() {
    std::string out;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
      out += text_[at_++];
    }
    if (out.empty()) throw NotUnderstood();
    if (out == "__namespace__") return "namespace";
    return out;
  }
  std::string quoted() {
    const char end = text_[at_++];
    std::string out;
    while (at_ < text_.size() && text_[at_] != end) {
      if (text_[at_] == '\\') {
        if (++at_ == text_.size()) throw NotUnderstood();
        if (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0) throw NotUnderstood();
      }
      out += text_[at_++];
    }
    if (at_++ >= text_.size()) throw NotUnderstood();
    return out;
  }
  // r"..." and r"""...""", in which a backslash is itself.
  std::string raw() {
    const bool three = text_.substr(at_).starts_with(R"(""")");
    const std::string_view end = three ? text_.substr(at_, 3) : text_.substr(at_, 1);
    const std::size_t from = at_ + end.size();
    const std::size_t to = text_.find(end, from);
    if (to == std::string_view::npos) throw NotUnderstood();
    at_ = to + end.size();
    return std::string(text_.substr(from, to - from));
  }
  double digits() {
    double out = 0;
    while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      out = out * 10 + (text_[at_++] - '0');
    }
    return out;
  }
  List list() {
    need("[");
    List out;
    while (!take("]")) {
      out.push_back(choice());
      take(",");
    }
    return out;
  }

  // has(a.b.c): a.b must be there, as CEL asks too.
  Result has() {
    need("(");
    Result at = named_or_off(word());
    bool there = true;
    while (true) {
      if (take("[")) {
        --at_;
        at = element(at);
        continue;
      }
      if (!take(".")) break;
      if (!there && off_ == 0) throw NotUnderstood();
      const std::string name = word();
      if (off_ != 0) continue;
      const Place* from = std::get_if<Place>(&at.is);
      if (from == nullptr) throw NotUnderstood();
      const Place place = step(*from, name);
      there = (place.value.exists() && !place.value.is_null()) ||
              (place.node != nullptr && place.node->has_default);
      at = {place};
    }
    need(")");
    return {there};
  }
  Result named_or_off(const std::string& name) const { return off_ != 0 ? Result() : named(name); }

  Place step(const Place& place, const std::string& name) const {
    const bool filled = place.node != nullptr && place.node->has_default && !place.value.exists();
    Place out{place.value[name], nullptr, place.in_default || filled};
    if (place.node != nullptr) {
      if (const auto id = place.node->field(name)) out.node = &source_.node(*id);
    }
    return out;
  }

  Result member(const Result& of) {
    const std::string name = word();
    if (take("(")) return call(of, name);
    if (off_ != 0) return {};
    const Place* place = std::get_if<Place>(&of.is);
    if (place == nullptr) throw NotUnderstood();
    return {step(*place, name)};
  }
  Result call(const Result& of, const std::string& name) {
    if (name == "size") {
      need(")");
      return size_of(of);
    }
    if (name == "lowerAscii") {
      need(")");
      return off_ != 0 ? Result() : Result{base::lower(text_of(of))};
    }
    if (name == "all" || name == "exists" || name == "exists_one" || name == "filter") {
      return over(of, name);
    }
    const Result argument = choice();
    need(")");
    if (off_ != 0) return {false};
    const std::string text = text_of(of);
    if (name == "startsWith") return {text.starts_with(text_of(argument))};
    if (name == "endsWith") return {text.ends_with(text_of(argument))};
    if (name == "contains") return {text.find(text_of(argument)) != std::string::npos};
    if (name == "matches") {
      const auto fit = fits(text_of(argument), text);
      if (fit) return {*fit};
    }
    throw NotUnderstood();
  }

  // The elements as results of their own.
  List elements(const Result& of) const {
    if (const List* list = std::get_if<List>(&of.is)) return *list;
    const Place* place = std::get_if<Place>(&of.is);
    if (place == nullptr) throw NotUnderstood();
    List out;
    if (place->value.is_object()) {
      for (const Member& member : place->value.members()) out.push_back({std::string(member.key)});
      return out;
    }
    if (!place->value.is_array()) throw NotUnderstood();
    const SchemaNode* node =
        place->node != nullptr && place->node->items ? &source_.node(*place->node->items) : nullptr;
    for (const Value& item : place->value.items()) out.push_back({Place{item, node}});
    return out;
  }

  // all(x, …) and its like: what is behind the comma is read once for each element.
  Result over(const Result& of, const std::string& name) {
    const std::string variable = word();
    need(",");
    const std::size_t start = at_;
    const List all = off_ != 0 ? List() : elements(of);
    List kept;
    for (const Result& one : all) {
      at_ = start;
      names_.emplace_back(variable, one);
      if (truth(choice())) kept.push_back(one);
      names_.pop_back();
    }
    if (all.empty()) {
      const Off off(off_, true);
      names_.emplace_back(variable, Result());
      choice();
      names_.pop_back();
    }
    need(")");
    if (name == "all") return {kept.size() == all.size()};
    if (name == "exists") return {!kept.empty()};
    if (name == "exists_one") return {kept.size() == 1};
    return {kept};
  }

  double number_of(const Result& result) const {
    const Result is = plain(result);
    if (const double* number = std::get_if<double>(&is.is)) return *number;
    throw NotUnderstood();
  }
  Result scalar(const Place& place) const {
    const Value& value = place.value;
    if (value.is_string()) return {std::string(value.text())};
    if (value.type() == Value::Type::boolean) return {value.is_true()};
    if (const auto number = value.number()) return {*number};
    if (!value.exists() && place.node != nullptr && !place.node->default_json.empty()) {
      const std::string_view json = place.node->default_json;
      if (json.front() == '"' && json.find('\\') == std::string_view::npos) {
        return {std::string(json.substr(1, json.size() - 2))};
      }
      if (json == "true" || json == "false") return {json == "true"};
    }
    throw NotUnderstood();
  }
  Result plain(const Result& result) const {
    const Place* place = std::get_if<Place>(&result.is);
    return place == nullptr ? result : scalar(*place);
  }
  std::string text_of(const Result& result) const {
    const Result is = plain(result);
    if (const std::string* text = std::get_if<std::string>(&is.is)) return *text;
    throw NotUnderstood();
  }
  Result size_of(const Result& result) const {
    if (off_ != 0) return {0.0};
    if (const List* list = std::get_if<List>(&result.is)) {
      return {static_cast<double>(list->size())};
    }
    if (const Place* place = std::get_if<Place>(&result.is)) {
      if (place->value.is_array() || place->value.is_object()) {
        return {static_cast<double>(place->value.size())};
      }
      const bool known = place->node != nullptr && !place->node->has_default && !place->in_default;
      if (known && !place->value.exists()) return {};
    }
    return {static_cast<double>(text_of(result).size())};
  }
  bool compared(std::string_view op, const Result& left, const Result& right) const {
    if (off_ != 0) return false;
    const Result a = plain(left);
    const Result b = plain(right);
    if (a.is.index() != b.is.index()) throw NotUnderstood();
    const double* x = std::get_if<double>(&a.is);
    const double* y = std::get_if<double>(&b.is);
    if (op == "==" || op == "!=") return same(a, b) == (op == "==");
    if (x == nullptr || y == nullptr) throw NotUnderstood();
    if (op == "<=") return *x <= *y;
    if (op == ">=") return *x >= *y;
    return op == "<" ? *x < *y : *x > *y;
  }
  static bool same(const Result& a, const Result& b) {
    if (const auto* text = std::get_if<std::string>(&a.is)) {
      return *text == *std::get_if<std::string>(&b.is);
    }
    if (const auto* truth = std::get_if<bool>(&a.is)) return *truth == *std::get_if<bool>(&b.is);
    if (const auto* number = std::get_if<double>(&a.is)) {
      const double difference = *number - *std::get_if<double>(&b.is);
      return difference > -1e-9 && difference < 1e-9;
    }
    throw NotUnderstood();
  }
  bool is_in(const Result& item, const Result& list) const {
    const Result wanted = plain(item);
    for (const Result& one : elements(list)) {
      const Result other = plain(one);
      if (other.is.index() == wanted.is.index() && same(other, wanted)) return true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  const SchemaSource& source_;
  std::vector<std::pair<std::string, Result>> names_;
  int off_ = 0;
  int depth_ = 0;
  int steps_ = 0;
};

}  // namespace

std::optional<bool> rule_holds(std::string_view rule, const Value& self, const SchemaNode& node,
                               const SchemaSource& source) {
  try {
    return Rule(rule, {self, &node}, source).run();
  } catch (const NotUnderstood&) {
    return std::nullopt;
  }
}

}  // namespace kube
