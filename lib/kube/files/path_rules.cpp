// The match of paths with patterns, segment by segment.
#include "kube/files/path_rules.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <span>

#include "base/text.hpp"

namespace kube {
namespace {

// More "**" than any pattern needs; each may double the work.
constexpr std::ptrdiff_t max_wildcards = 8;

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  for (const std::string_view segment : base::split(path, '/')) {
    if (!segment.empty() && segment != ".") segments.emplace_back(segment);
  }
  return segments;
}

bool fits(std::span<const std::string> pattern, std::span<const std::string> path) {
  if (pattern.empty()) return path.empty();
  if (pattern[0] == "**") {
    for (std::size_t skipped = 0; skipped <= path.size(); ++skipped) {
      // "a/**" fits what is in a, not a.
      if (pattern.size() == 1 && skipped == path.size()) return skipped > 0;
      if (fits(pattern.subspan(1), path.subspan(skipped))) return true;
    }
    return false;
  }
  return !path.empty() && ::fnmatch(pattern[0].c_str(), path[0].c_str(), 0) == 0 &&
         fits(pattern.subspan(1), path.subspan(1));
}

// What of the path is below the folder; empty when it is not.
std::string_view below(std::string_view path, std::string_view folder) {
  if (!path.starts_with(folder)) return {};
  path.remove_prefix(folder.size());
  if (!folder.empty() && folder.back() != '/' && !path.starts_with('/')) return {};
  return path;
}

}  // namespace

void PathRules::add(std::string_view pattern, const std::string& folder) {
  pattern = base::trim(pattern);
  if (pattern.empty() || pattern[0] == '#') return;
  Rule rule;
  rule.folder = folder;
  if (pattern[0] == '!') {
    rule.keeps = true;
    pattern.remove_prefix(1);
  } else if (pattern[0] == '\\') {
    pattern.remove_prefix(1);
  }
  rule.folders_only = pattern.ends_with('/');
  if (rule.folders_only) pattern.remove_suffix(1);
  const bool anywhere = pattern.find('/') == std::string_view::npos;
  rule.segments = segments_of(pattern);
  if (rule.segments.empty() || std::ranges::count(rule.segments, "**") > max_wildcards) return;
  if (anywhere) rule.segments.insert(rule.segments.begin(), "**");
  rules_.push_back(std::move(rule));
}

void PathRules::add_lines(std::string_view text, const std::string& folder) {
  for (const std::string_view line : base::split(text, '\n')) add(line, folder);
}

bool PathRules::leaves_out(std::string_view path, bool folder) const {
  bool out = false;
  for (const Rule& rule : rules_) {
    if (rule.keeps != out || (rule.folders_only && !folder)) continue;
    const std::string_view rest = below(path, rule.folder);
    if (!rest.empty() && fits(rule.segments, segments_of(rest))) out = !rule.keeps;
  }
  return out;
}

}  // namespace kube
