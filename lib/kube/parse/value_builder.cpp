// Document and Builder: where values live, and how they come there.
#include "kube/parse/value_builder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory_resource>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "kube/parse/known_keys.hpp"

namespace kube {
namespace {

// Strings seen lately, so that keys and words that come again and again are kept once. It forgets:
// a string that is in nothing but one object (a name, a uid) must not make the rest slower to find.
template <typename Slot>
class Recent {
 public:
  // The place of strings like this one: empty, the same string, or one that may be replaced.
  Slot& place(std::string_view text) {
    if (++asked_ > 8 * slots_.size() && slots_.size() < most) {
      slots_.assign(4 * slots_.size(), {});
    }
    return slots_[std::hash<std::string_view>()(text) & (slots_.size() - 1)];
  }

  // Longer strings are rarely repeated, and hashing them costs more than keeping them twice.
  static constexpr std::size_t longest = 96;

 private:
  static constexpr std::size_t most = 4096;          // 64 kB, which stay in the processor's cache
  std::vector<Slot> slots_ = std::vector<Slot>(16);  // a small file of many costs no more
  std::size_t asked_ = 0;
};

struct Key {
  std::string_view text;
  enum class Weight : std::uint8_t { unknown, live, dead };
  Weight weight = Weight::unknown;  // where its object does not take any key
};

template <std::size_t N>
constexpr bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Keys of objects whose own keys are of the user's choice.
bool is_free_form(std::string_view parent) {
  constexpr std::array<std::string_view, 9> free_form = {
      "labels",     "annotations",      "data",      "matchLabels", "nodeSelector", "selector",
      "binaryData", "additionalConfig", "stringData"};
  return contains(free_form, parent);
}

bool is_dead_key(std::string_view key) {
  constexpr std::array<std::string_view, 25> dead = {"managedFields",
                                                     "volumeMounts",
                                                     "volumeDevices",
                                                     "securityContext",
                                                     "terminationMessagePath",
                                                     "terminationMessagePolicy",
                                                     "imagePullPolicy",
                                                     "dnsPolicy",
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
  return contains(dead, key);
}

bool is_dead_word(std::string_view parent, std::string_view key) {
  return parent == "annotations" && key == "kubectl.kubernetes.io/last-applied-configuration";
}

bool is_dead(std::string_view parent, bool free_form, Key& key) {
  if (free_form) return is_dead_word(parent, key.text);
  if (key.weight == Key::Weight::unknown) {
    key.weight = is_dead_key(key.text) ? Key::Weight::dead : Key::Weight::live;
  }
  return key.weight == Key::Weight::dead;
}

bool holds_secrets(std::string_view key) {
  return key == "data" || key == "stringData";
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
    bool do_is_equal(const memory_resource& other) const noexcept override {
      return this == &other;
    }
  };

  // What is handed out, and paid for in steps. The arena itself sets aside up to half as much
  // again, but memory that was not written to is not there yet.
  static constexpr std::size_t step = std::size_t{64} << 10;
  std::size_t used = 0;
  std::size_t paid = std::numeric_limits<std::size_t>::max();  // without a budget: for all
  std::shared_ptr<base::MemoryBudget> budget;
  std::optional<base::MemoryShare> share;

  bool shares_values = false;  // aliases: one value in several places

  Counting upstream;
  std::pmr::monotonic_buffer_resource arena{1024, &upstream};
  Recent<std::string_view> strings;
  Recent<Key> keys;

  std::string_view keep(std::string_view text) {
    if (text.empty()) return "";
    if (text.size() > strings.longest) return copy(text);
    std::string_view& place = strings.place(text);
    if (place != text) place = copy(text);
    return place;
  }

  Key& key(std::string_view text) {
    Key& place = keys.place(text);
    if (place.text != text || text.empty()) {
      const std::string_view known = known_key(text);
      place = {known.empty() ? copy(text) : known, Key::Weight::unknown};
    }
    return place;
  }

  void count(std::size_t bytes) {
    used += bytes;
    if (used <= paid) return;
    share->set(used + step);
    paid = used + step;
  }

  void* allocate(std::size_t bytes, std::size_t alignment) {
    count(bytes);
    return arena.allocate(bytes, alignment);
  }

  std::string_view copy(std::string_view text) {
    char* to = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }
};

Document::Document() : store_(std::make_unique<Store>()) {}
Document::~Document() = default;

std::size_t Document::bytes() const {
  return store_->upstream.bytes;
}

// ProcessResult values wait on one stack; a closing container takes those above its mark.
struct Builder::Frames {
  struct Frame {
    std::size_t mark;
    std::uint32_t line;
    bool free_form;        // an object with keys of the user's choice
    bool own_texts;        // its texts are not shared with others: Builder::blank
    std::string_view key;  // the one that holds this container
  };
  std::vector<Frame> open;
  std::vector<Member> done;
  std::string_view pending_key;
  Value last;
  base::MemoryShare share;

  explicit Frames(base::MemoryBudget* budget) : share(budget) {}

  void add(const Value& value) {
    last = value;
    // While it grows, the old one is there as well.
    if (done.size() == done.capacity()) share.set(3 * done.size() * sizeof(Member));
    done.push_back({pending_key, value});
    pending_key = {};
  }
};

Builder::Builder(Document& document, Keep keep)
    : frames_(std::make_unique<Frames>(document.store_->budget.get())),
      document_(document),
      keep_(keep) {}
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
  const bool own = !frames_->open.empty() && frames_->open.back().own_texts && !text.empty();
  const std::string_view kept = own ? document_.store_->copy(text) : document_.store_->keep(text);
  Value value;
  value.text_ = kept.data();
  value.size_ = static_cast<std::uint32_t>(kept.size());
  value.type_ = static_cast<unsigned>(Value::Type::string) & 15U;
  value.line_ = line & 0xFFFFFFFU;
  frames_->add(value);
}

void Builder::begin_object(std::uint32_t line) {
  const std::string_view key = frames_->pending_key;
  const bool free_form = is_free_form(key);
  const bool own_texts = free_form && holds_secrets(key);
  frames_->open.push_back({frames_->done.size(), line, free_form, own_texts, key});
  frames_->pending_key = {};
}

bool Builder::key(std::string_view text) {
  const Frames::Frame& frame = frames_->open.back();
  Key& known = document_.store_->key(text);
  if (keep_ == Keep::pruned && is_dead(frame.key, frame.free_form, known)) return false;
  frames_->pending_key = known.text;
  return true;
}

void Builder::static_key(std::string_view text) {
  frames_->pending_key = text;
}

void Builder::end_object(Repeated repeated) {
  const Frames::Frame frame = frames_->open.back();
  frames_->open.pop_back();
  auto& done = frames_->done;
  if (repeated == Repeated::yes) keep_last_of_each(done, frame.mark);
  const std::size_t count = done.size() - frame.mark;
  Value value;
  if (count != 0) {
#ifdef NDEBUG
    constexpr std::size_t in_front = 0;
#else
    // What Value::operator[] must know to tell a key that was left out from one that was not there.
    constexpr std::size_t in_front = 1;
    Value left_out;
    left_out.type_ = static_cast<unsigned>(Value::Type::boolean) & 15U;
    left_out.size_ = keep_ == Keep::pruned ? 4 : 5;  // is_true(), is_false()
#endif
    auto* members = static_cast<Member*>(
        document_.store_->allocate((count + in_front) * sizeof(Member), alignof(Member)));
#ifndef NDEBUG
    std::construct_at(members++, Member{frame.key, left_out});
#endif
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
  frames_->open.push_back({frames_->done.size(), line, false, false, frames_->pending_key});
  frames_->pending_key = {};
}

void Builder::end_array() {
  const Frames::Frame frame = frames_->open.back();
  frames_->open.pop_back();
  auto& done = frames_->done;
  const std::size_t count = done.size() - frame.mark;
  Value value;
  if (count != 0) {
    auto* items =
        static_cast<Value*>(document_.store_->allocate(count * sizeof(Value), alignof(Value)));
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

void Builder::copy(const Value& value) {
  document_.store_->shares_values = true;
  frames_->add(value);
}

void Builder::count_memory(Document& document, std::shared_ptr<base::MemoryBudget> budget) {
  Document::Store& store = *document.store_;
  if (budget == nullptr) return;
  store.budget = std::move(budget);
  store.share.emplace(store.budget.get());
  store.paid = 0;
}

void Builder::count_beside(Document& document, std::size_t bytes) {
  document.store_->count(bytes);
}

Value Builder::finish() {
  const Value value = frames_->done.empty() ? Value() : frames_->done.back().value;
  frames_->done.clear();
  frames_->open.clear();
  frames_->pending_key = {};
  return value;
}

Value Builder::last() const {
  return frames_->last;
}

std::size_t Builder::depth() const {
  return frames_->open.size();
}

bool Builder::blank(Document& document, const Value& object) {
  const auto is_container = [](const Member& member) {
    return member.value.is_array() || member.value.is_object();
  };
  if (document.store_->shares_values) return false;
  if (std::ranges::any_of(object.members(), is_container)) return false;
  for (const Member& member : object.members()) {
    // In the document's own memory, which is not const.
    Value& value = const_cast<Value&>(member.value);
    const bool text = value.type() == Value::Type::string || value.type() == Value::Type::number;
    if (text && value.size_ != 0) std::memset(const_cast<char*>(value.text_), 0, value.size_);
    value.text_ = "";
    value.size_ = 0;
    value.type_ = static_cast<unsigned>(Value::Type::string) & 15U;
  }
  return true;
}

bool is_pruned(std::string_view parent, std::string_view key) {
  return is_free_form(parent) ? is_dead_word(parent, key) : is_dead_key(key);
}

Builder::Keep keep_of(std::string_view text) {
  constexpr std::string_view uid = "uid";
  const char* const end = text.data() + text.size();
  // Found much faster than by std::string_view::find, for which "u" is too frequent.
  for (const char* at = text.data();; at += uid.size()) {
    const auto left = static_cast<std::size_t>(end - at);
    at = left == 0 ? nullptr : static_cast<const char*>(::memmem(at, left, uid.data(), uid.size()));
    if (at == nullptr) return Builder::Keep::everything;
    const char* const behind = at + uid.size();
    const bool quoted = at != text.data() && at[-1] == '"';
    if (behind != end && (*behind == ':' || (quoted && *behind == '"'))) {
      return Builder::Keep::pruned;
    }
  }
}

}  // namespace kube
