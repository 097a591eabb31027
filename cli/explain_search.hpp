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

// What words of `explain` ask for: the checks of codes, then what the other words are found in.
// Throws base::Error(usage) for a code that no check has, and where nothing is found.
struct Asked {
  std::vector<const checks::Check*> checks;
  SearchResult found;
  // Both, for documents.
  std::vector<const checks::Check*> all() const;
};
Asked asked_by(const std::vector<std::string>& words);

// An area's name gives its checks; else all words must be in the texts of a check or a response, or
// in its status.
SearchResult search(const std::vector<std::string>& words);
std::string search_text(const SearchResult& found, const report::Style& style);
std::string search_plain(const SearchResult& found);

}  // namespace cli
