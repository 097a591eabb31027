// The search for duplicate keys in JSON and YAML.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
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

// The keys of the mappings that are open while a document is read, to find duplicates.
class DuplicateKeyFinder {
 public:
  void open() {
    marks_.push_back(keys_.size());
    repeated_.push_back(false);
  }
  // Whether a key of it came twice.
  bool close() {
    if (!large_.empty() && large_.back().depth == marks_.size()) large_.pop_back();
    keys_.resize(marks_.back());
    marks_.pop_back();
    const bool repeated = repeated_.back();
    repeated_.pop_back();
    return repeated;
  }
  bool repeated() const { return repeated_.back(); }
  // The line where the key was seen before in this mapping, else 0. `line` is not 0.
  std::uint32_t add(std::string_view key, std::uint32_t line) {
    const std::size_t mark = marks_.back();
    if (!large_.empty() && large_.back().depth == marks_.size()) {
      const auto [it, added] = large_.back().lines.emplace(key, line);
      return added ? 0 : repeat(it->second);
    }
    for (std::size_t i = mark; i < keys_.size(); ++i) {
      if (keys_[i].first == key) return repeat(keys_[i].second);
    }
    keys_.emplace_back(key, line);
    if (keys_.size() - mark > linear_limit) {
      Large& large = large_.emplace_back();
      large.depth = marks_.size();
      large.lines.insert(keys_.begin() + static_cast<std::ptrdiff_t>(mark), keys_.end());
    }
    return 0;
  }

 private:
  std::uint32_t repeat(std::uint32_t first) {
    repeated_.back() = true;
    return first;
  }

  static constexpr std::size_t linear_limit = 32;
  struct Large {
    std::size_t depth = 0;
    std::unordered_map<std::string, std::uint32_t> lines;
  };
  std::vector<std::pair<std::string, std::uint32_t>> keys_;
  std::vector<std::size_t> marks_;
  std::vector<bool> repeated_;
  std::vector<Large> large_;
};

}  // namespace kube
