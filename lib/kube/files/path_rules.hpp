// Which files of a folder are left out: patterns as .gitignore has them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace kube {

// The last pattern that fits decides; "!pattern" takes a file in again. "*", "?" and "[…]" stop at
// slashes, "**" does not; a pattern with a slash in it counts from the folder that it was given
// for, one without fits at any depth; one that ends with a slash fits folders alone. Empty lines
// and those that begin with "#" say nothing.
class PathRules {
 public:
  // `folder`: where the patterns count from, as the paths that are asked for begin.
  void add(std::string_view pattern, const std::string& folder);
  void add_lines(std::string_view text, const std::string& folder);

  bool leaves_out(std::string_view path, bool folder) const;

 private:
  struct Rule {
    std::string folder;
    std::vector<std::string> segments;
    bool keeps = false;
    bool folders_only = false;
  };
  std::vector<Rule> rules_;
};

}  // namespace kube
