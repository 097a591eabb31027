// The dictionary from words of a cluster to their stand-ins.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace kube {

// Words in place of others, made with a key: letters for letters, digits for digits. A word is a
// run of letters and digits. Capitals do not count for which word it is, so that a name made of
// another in lower case still is.
class StandIns {
 public:
  explicit StandIns(std::string key) : key_(std::move(key)) {}

  // Whether this word is replaced: no common one, no number, no generated ending.
  bool replaces(std::string_view word) const;
  void keep(std::string_view word);
  // Words that no stand-in may be called.
  void avoid(std::string_view word);
  // From now on this word is replaced by that one: hashes of names.
  void set(const std::string& word, std::string_view by) { words_[word] = by; }
  // Has a stand-in made, if it has none.
  void learn(std::string_view word);
  bool knows(std::string_view word) const;
  // The word itself when it was not learned.
  std::string of(std::string_view word) const;

  // An address, uid or account number that begins there: its length, else 0; `out` gets its
  // stand-in.
  std::size_t known_shape(std::string_view text, std::size_t at, std::string& out) const;

 private:
  std::string random(std::string_view word, std::string_view use, bool hex) const;
  std::size_t turn(std::string_view prefix, std::size_t size) const;
  std::string octets(std::string_view text, char separator) const;
  std::string groups(std::string_view text) const;

  std::string key_;
  std::unordered_map<std::string, std::string> words_;
  std::unordered_set<std::string> used_, kept_, avoided_;
};

}  // namespace kube
