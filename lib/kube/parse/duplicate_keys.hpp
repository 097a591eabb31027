// The search for duplicate keys in JSON and YAML.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kube {

// A key that came twice in one mapping.
struct Duplicate {
  std::string key;
  std::uint32_t line = 0;
  std::uint32_t first = 0;  // line
};

// 'duplicate key "x", first on line 3'
std::string to_string(const Duplicate& duplicate);
// Documents of files: kubectl takes the last without a word, so that a reader who wants to go on
// must tell. "file:7: duplicate key …".
std::string to_note(const Duplicate& duplicate, const std::string& file);

// The keys of the mappings that are open while a document is read, to find duplicates. Their texts
// stand in one buffer, since there is one for each line of a file.
class DuplicateKeyFinder {
 public:
  void open() { open_.push_back({keys_.size(), text_.size(), false}); }
  // Whether a key of it came twice.
  bool close() {
    if (is_large()) large_.pop_back();
    const Mapping closed = open_.back();
    open_.pop_back();
    keys_.resize(closed.keys);
    text_.resize(closed.text);
    return closed.repeated;
  }
  bool repeated() const { return open_.back().repeated; }
  // The line where the key was seen before in this mapping, else 0. `line` is not 0.
  std::uint32_t add(std::string_view key, std::uint32_t line) {
    const std::size_t seen = is_large() ? *slot(large_.back(), key) : search(key);
    if (seen != 0) {
      open_.back().repeated = true;
      return keys_[seen - 1].line;
    }
    keys_.push_back({text_.size(), key.size(), line});
    text_ += key;
    if (is_large()) {
      note(large_.back(), keys_.size());
    } else if (keys_.size() - open_.back().keys > linear_limit) {
      large_.push_back({open_.size(), 0, {}});
      for (std::size_t i = open_.back().keys; i < keys_.size(); ++i) note(large_.back(), i + 1);
    }
    return 0;
  }

 private:
  struct Key {
    std::size_t at = 0;  // in the buffer
    std::size_t size = 0;
    std::uint32_t line = 0;
  };
  struct Mapping {
    std::size_t keys = 0;  // of the mappings around it
    std::size_t text = 0;
    bool repeated = false;
  };
  // The keys of a mapping that has many, by their hashes: numbers of keys, 0 where there is none.
  struct Large {
    std::size_t depth = 0;
    std::size_t count = 0;
    std::vector<std::size_t> slots;
  };

  bool is_large() const { return !large_.empty() && large_.back().depth == open_.size(); }
  std::string_view text_of(std::size_t number) const {
    const Key& key = keys_[number - 1];
    return std::string_view(text_).substr(key.at, key.size);
  }
  // The number of the same key in a small mapping, else 0.
  std::size_t search(std::string_view key) const {
    for (std::size_t i = open_.back().keys; i < keys_.size(); ++i) {
      if (keys_[i].size != key.size()) continue;
      if (key.empty() || (text_[keys_[i].at] == key.front() && text_of(i + 1) == key)) return i + 1;
    }
    return 0;
  }
  // Where the key's number stands, or may be put.
  std::size_t* slot(Large& large, std::string_view key) const {
    const std::size_t mask = large.slots.size() - 1;
    std::size_t i = std::hash<std::string_view>()(key) & mask;
    while (large.slots[i] != 0 && text_of(large.slots[i]) != key) i = (i + 1) & mask;
    return &large.slots[i];
  }
  void note(Large& large, std::size_t number) const {
    if (2 * ++large.count > large.slots.size()) {
      std::vector<std::size_t> old(std::max<std::size_t>(8 * linear_limit, 4 * large.slots.size()));
      old.swap(large.slots);
      for (const std::size_t one : old) {
        if (one != 0) *slot(large, text_of(one)) = one;
      }
    }
    *slot(large, text_of(number)) = number;
  }

  static constexpr std::size_t linear_limit = 32;
  std::string text_;
  std::vector<Key> keys_;
  std::vector<Mapping> open_;
  std::vector<Large> large_;
};

}  // namespace kube
