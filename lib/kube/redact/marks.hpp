// Secrets found in a text, by where they begin and end.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kube {

// The pieces of a text that must not be shown. Rules add to it, in any order; pieces may overlap.
class Marks {
 public:
  explicit Marks(std::string_view text) : text_(text) {}

  std::string_view text() const { return text_; }
  bool empty() const { return pieces_.empty(); }
  void hide(std::size_t begin, std::size_t end);
  // The same for a part of this text, that begins there.
  void add(const Marks& part, std::size_t begin);
  // The text with what stands in place of a secret for each piece.
  std::string apply() const;

 private:
  struct Piece {
    std::size_t begin, end;
  };
  std::string_view text_;
  std::vector<Piece> pieces_;
};

}  // namespace kube
