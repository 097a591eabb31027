// Pieces of a text, and the text without them.
#include "kube/redact/marks.hpp"

#include <algorithm>

#include "kube/redact/redact.hpp"

namespace kube {

void Marks::hide(std::size_t begin, std::size_t end) {
  end = std::min(end, text_.size());
  if (begin >= end || text_.substr(begin, end - begin) == redacted) return;
  pieces_.push_back({begin, end});
}

void Marks::add(const Marks& part, std::size_t begin) {
  for (const Piece& p : part.pieces_) pieces_.push_back({begin + p.begin, begin + p.end});
}

std::string Marks::apply() const {
  if (pieces_.empty()) return std::string(text_);
  std::vector<Piece> sorted = pieces_;
  std::ranges::sort(sorted, {}, &Piece::begin);
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    Piece whole = sorted[i];
    for (++i; i < sorted.size() && sorted[i].begin <= whole.end; ++i)
      whole.end = std::max(whole.end, sorted[i].end);
    out.append(text_.substr(at, whole.begin - at)).append(redacted);
    at = whole.end;
  }
  return out.append(text_.substr(at));
}

}  // namespace kube
