// `explain WORD…`: checks and known responses that speak of something.
#pragma once
#include <string>
#include <vector>

#include "checks/core/check.hpp"

namespace aibrix {
struct ResponsePattern;
}
namespace report {
struct Style;
}

namespace cli {

struct SearchResult {
  std::vector<const checks::Check*> checks;  // those whose title speaks of it first
  std::vector<const aibrix::ResponsePattern*> responses;
  bool empty() const { return checks.empty() && responses.empty(); }
};

// An area's name gives its checks; else all words must be in the texts of a check or a response, or
// in its status.
SearchResult search(const std::vector<std::string>& words);
std::string search_text(const SearchResult& found, const report::Style& style);
std::string search_plain(const SearchResult& found);

}  // namespace cli
