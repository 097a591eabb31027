#include "kube/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory_resource>
#include <unordered_set>
#include <vector>

namespace kube {
namespace {

// Strings seen lately, so that keys and words that come again and again are kept once. It forgets: a
// string that is in nothing but one object (a name, a uid) must not make the rest slower to find.
class Recent {
 public:
  // The place of strings like this one: empty, the same string, or one that may be replaced.
  std::string_view& place(std::string_view text) {
    if (++asked_ > 8 * slots_.size() && slots_.size() < most) {
      slots_.assign(4 * slots_.size(), {});
    }
    return slots_[std::hash<std::string_view>()(text) & (slots_.size() - 1)];
  }

  // Longer strings are rarely repeated, and hashing them costs more than keeping them twice.
  static constexpr std::size_t longest = 96;

 private:
  static constexpr std::size_t most = 4096;  // 64 kB, which stay in the processor's cache
  std::vector<std::string_view> slots_{64};
  std::size_t asked_ = 0;
};

void write_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += hex[static_cast<unsigned char>(c) >> 4U];
          out += hex[static_cast<unsigned char>(c) & 15U];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write(std::string& out, const Value& value) {
  switch (value.type()) {
    case Value::Type::missing:
    case Value::Type::null: out += "null"; return;
    case Value::Type::boolean:
    case Value::Type::number: out += value.scalar(); return;
    case Value::Type::string: write_string(out, value.text()); return;
    case Value::Type::array: {
      char separator = '[';
      for (const Value& item : value.items()) {
        out += separator;
        write(out, item);
        separator = ',';
      }
      out += separator == '[' ? "[]" : "]";
      return;
    }
    case Value::Type::object: {
      char separator = '{';
      for (const Member& member : value.members()) {
        out += separator;
        write_string(out, member.key);
        out += ':';
        write(out, member.value);
        separator = ',';
      }
      out += separator == '{' ? "{}" : "}";
      return;
    }
  }
}

template <std::size_t N>
constexpr bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// From `mark` on, of members with one key the last.
void keep_last_of_each(std::vector<Member>& members, std::size_t mark) {
  std::unordered_set<std::string_view> seen;
  std::size_t kept = members.size();
  for (std::size_t i = members.size(); i-- > mark;) {
    if (seen.insert(members[i].key).second) members[--kept] = members[i];
  }
  members.erase(members.begin() + static_cast<std::ptrdiff_t>(mark),
                members.begin() + static_cast<std::ptrdiff_t>(kept));
}

}  // namespace

std::string_view Value::text(std::string_view fallback) const {
  return type() == Type::string ? std::string_view(text_, size_) : fallback;
}

std::string_view Value::scalar() const {
  switch (type()) {
    case Type::boolean:
    case Type::number:
    case Type::string: return {text_, size_};
    default: return {};
  }
}

std::optional<std::int64_t> Value::integer() const {
  if (type() != Type::number) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text_, text_ + size_, value);
  if (error == std::errc() && end == text_ + size_) return value;
  const auto real = number();
  if (!real || std::trunc(*real) != *real || std::fabs(*real) > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<double> Value::number() const {
  if (type() != Type::number) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text_, text_ + size_, value);
  if (error != std::errc() || end != text_ + size_) return std::nullopt;
  return value;
}

bool Value::is_true() const { return type() == Type::boolean && size_ == 4; }
bool Value::is_false() const { return type() == Type::boolean && size_ == 5; }

std::size_t Value::size() const { return is_array() || is_object() ? size_ : 0; }

std::span<const Value> Value::items() const {
  if (!is_array()) return {};
  return {items_, size_};
}

std::span<const Member> Value::members() const {
  if (!is_object()) return {};
  return {members_, size_};
}

Value Value::operator[](std::string_view key) const {
  for (const Member& member : members()) {
    if (member.key == key) return member.value;
  }
  return {};
}

Value Value::operator[](std::size_t index) const {
  return index < items().size() ? items()[index] : Value();
}

bool Value::same(const Value& other) const {
  if (type() != other.type() || size() != other.size()) return false;
  if (is_array()) {
    return std::equal(items().begin(), items().end(), other.items().begin(),
                      [](const Value& a, const Value& b) { return a.same(b); });
  }
  if (is_object()) {
    return std::all_of(members().begin(), members().end(),
                       [&](const Member& m) { return m.value.same(other[m.key]); });
  }
  return scalar() == other.scalar();
}

std::string to_json(const Value& value) {
  std::string out;
  write(out, value);
  return out;
}

struct Document::Store {
  // Counts what the arena takes, for the memory budget and its test.
  struct Counting : std::pmr::memory_resource {
    std::size_t bytes = 0;
    void* do_allocate(std::size_t n, std::size_t alignment) override {
      bytes += n;
      return std::pmr::new_delete_resource()->allocate(n, alignment);
    }
    void do_deallocate(void* p, std::size_t n, std::size_t alignment) override {
      bytes -= n;
      std::pmr::new_delete_resource()->deallocate(p, n, alignment);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
  };

  Counting upstream;
  std::pmr::monotonic_buffer_resource arena{4096, &upstream};
  Recent recent;

  std::string_view keep(std::string_view text) {
    if (text.empty()) return {"", 0};
    if (text.size() > Recent::longest) return copy(text);
    std::string_view& place = recent.place(text);
    if (place != text) place = copy(text);
    return place;
  }

  std::string_view copy(std::string_view text) {
    char* to = static_cast<char*>(arena.allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }
};

Document::Document() : store_(std::make_unique<Store>()) {}
Document::~Document() = default;

std::size_t Document::bytes() const { return store_->upstream.bytes; }

// Finished values wait on one stack; a closing container takes those above its mark.
struct Builder::Frames {
  struct Frame {
    std::size_t mark;
    std::uint32_t line;
    bool object;
    std::string_view key;  // the one that holds this container
  };
  std::vector<Frame> open;
  std::vector<Member> done;
  std::string_view pending_key;
  Value last;

  void add(const Value& value) {
    last = value;
    done.push_back({pending_key, value});
    pending_key = {};
  }
};

Builder::Builder(Document& document, Keep keep)
    : frames_(std::make_unique<Frames>()), document_(document), keep_(keep) {}
Builder::~Builder() = default;

void Builder::null(std::uint32_t line) {
  Value value;
  value.type_ = static_cast<unsigned>(Value::Type::null) & 15U;
  value.line_ = line & 0xFFFFFFFU;
  frames_->add(value);
}

void Builder::boolean(bool truth, std::uint32_t line) {
  Value value;
  value.text_ = truth ? "true" : "false";
  value.size_ = truth ? 4 : 5;
  value.type_ = static_cast<unsigned>(Value::Type::boolean) & 15U;
  value.line_ = line & 0xFFFFFFFU;
  frames_->add(value);
}

void Builder::number(std::string_view text, std::uint32_t line) {
  string(text, line);
  frames_->done.back().value.type_ = static_cast<unsigned>(Value::Type::number) & 15U;
  frames_->last = frames_->done.back().value;
}

void Builder::string(std::string_view text, std::uint32_t line) {
  const std::string_view kept = document_.store_->keep(text);
  Value value;
  value.text_ = kept.data();
  value.size_ = static_cast<std::uint32_t>(kept.size());
  value.type_ = static_cast<unsigned>(Value::Type::string) & 15U;
  value.line_ = line & 0xFFFFFFFU;
  frames_->add(value);
}

void Builder::begin_object(std::uint32_t line) {
  frames_->open.push_back({frames_->done.size(), line, true, frames_->pending_key});
  frames_->pending_key = {};
}

bool Builder::key(std::string_view text) {
  if (keep_ == Keep::useful && is_dead_weight(frames_->open.back().key, text)) return false;
  frames_->pending_key = document_.store_->keep(text);
  return true;
}

void Builder::end_object(Repeated repeated) {
  const Frames::Frame frame = frames_->open.back();
  frames_->open.pop_back();
  auto& done = frames_->done;
  if (repeated == Repeated::yes) keep_last_of_each(done, frame.mark);
  const std::size_t count = done.size() - frame.mark;
  Value value;
  if (count != 0) {
    auto* members = static_cast<Member*>(
        document_.store_->arena.allocate(count * sizeof(Member), alignof(Member)));
    std::uninitialized_copy_n(done.data() + frame.mark, count, members);
    value.members_ = members;
  }
  value.size_ = static_cast<std::uint32_t>(count);
  value.type_ = static_cast<unsigned>(Value::Type::object) & 15U;
  value.line_ = frame.line & 0xFFFFFFFU;
  done.resize(frame.mark);
  frames_->pending_key = frame.key;
  frames_->add(value);
}

void Builder::begin_array(std::uint32_t line) {
  frames_->open.push_back({frames_->done.size(), line, false, frames_->pending_key});
  frames_->pending_key = {};
}

void Builder::end_array() {
  const Frames::Frame frame = frames_->open.back();
  frames_->open.pop_back();
  auto& done = frames_->done;
  const std::size_t count = done.size() - frame.mark;
  Value value;
  if (count != 0) {
    auto* items = static_cast<Value*>(
        document_.store_->arena.allocate(count * sizeof(Value), alignof(Value)));
    for (std::size_t i = 0; i < count; ++i) {
      std::construct_at(items + i, done[frame.mark + i].value);
    }
    value.items_ = items;
  }
  value.size_ = static_cast<std::uint32_t>(count);
  value.type_ = static_cast<unsigned>(Value::Type::array) & 15U;
  value.line_ = frame.line & 0xFFFFFFFU;
  done.resize(frame.mark);
  frames_->pending_key = frame.key;
  frames_->add(value);
}

void Builder::copy(const Value& value) { frames_->add(value); }

Value Builder::finish() {
  const Value value = frames_->done.empty() ? Value() : frames_->done.back().value;
  frames_->done.clear();
  frames_->open.clear();
  frames_->pending_key = {};
  return value;
}

Value Builder::last() const { return frames_->last; }

std::size_t Builder::depth() const { return frames_->open.size(); }

bool is_dead_weight(std::string_view parent, std::string_view key) {
  constexpr std::array<std::string_view, 9> free_form = {
      "labels",   "annotations",  "data", "matchLabels", "nodeSelector",
      "selector", "binaryData", "additionalConfig", "stringData"};
  constexpr std::array<std::string_view, 27> dead = {"managedFields",
                                                     "volumeMounts",
                                                     "volumeDevices",
                                                     "tolerations",
                                                     "securityContext",
                                                     "terminationMessagePath",
                                                     "terminationMessagePolicy",
                                                     "imagePullPolicy",
                                                     "dnsPolicy",
                                                     "affinity",
                                                     "enableServiceLinks",
                                                     "preemptionPolicy",
                                                     "qosClass",
                                                     "hostIPs",
                                                     "openAPIV3Schema",
                                                     "additionalPrinterColumns",
                                                     "selfLink",
                                                     "allocatedResources",
                                                     "containerID",
                                                     "imageID",
                                                     "images",
                                                     "topologySpreadConstraints",
                                                     "volumesInUse",
                                                     "volumeClaimTemplates",
                                                     "projected",
                                                     "emptyDir",
                                                     "hostPath"};
  if (contains(free_form, parent)) {
    return parent == "annotations" && key == "kubectl.kubernetes.io/last-applied-configuration";
  }
  return contains(dead, key);
}

}  // namespace kube
