// The reader of the namespace controller's messages.
#include "kube/namespace_status.hpp"

#include <algorithm>
#include <charconv>

#include "base/chars.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"

namespace kube {
namespace {

std::int64_t leading_number(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The part behind the introduction: "Some resources are remaining: <this>".
std::string_view entries_of(std::string_view message) {
  const std::size_t colon = message.find(": ");
  return colon == std::string_view::npos ? std::string_view() : message.substr(colon + 2);
}

void read_kinds(std::string_view message, std::vector<RemainingKind>& out) {
  for (std::string_view entry : base::split(entries_of(message), ',')) {
    entry = base::trim(entry);
    const std::size_t has = entry.find(" has ");
    if (has == std::string_view::npos) continue;
    const std::string_view resource = entry.substr(0, has);
    const std::size_t dot = resource.find('.');
    RemainingKind kind;
    kind.plural = resource.substr(0, dot);
    if (dot != std::string_view::npos) kind.group = resource.substr(dot + 1);
    kind.count = leading_number(entry.substr(has + 5));
    out.push_back(kind);
  }
}

void read_finalizers(std::string_view message, std::vector<RemainingFinalizer>& out) {
  for (std::string_view entry : base::split(entries_of(message), ',')) {
    entry = base::trim(entry);
    const std::size_t in = entry.rfind(" in ");
    if (in == std::string_view::npos) continue;
    out.push_back({entry.substr(0, in), leading_number(entry.substr(in + 4))});
  }
}

bool is_group_version(std::string_view word) {
  const std::size_t slash = word.find('/');
  if (slash == std::string_view::npos || slash == 0 || word.find('/', slash + 1) != word.npos) {
    return false;
  }
  const std::string_view version = word.substr(slash + 1);
  return version.size() > 1 && version[0] == 'v' && base::is_digit(version[1]);
}

void read_groups(std::string_view message, std::vector<std::string>& out) {
  std::string text(message);
  std::replace(text.begin(), text.end(), ',', ' ');
  for (std::string_view word : base::split(text, ' ')) {
    while (!word.empty() && (word.back() == ':' || word.back() == '"')) word.remove_suffix(1);
    while (!word.empty() && word.front() == '"') word.remove_prefix(1);
    if (!is_group_version(word)) continue;
    base::add_once(out, word);
  }
}

}  // namespace

NamespaceStatus namespace_status(const Object& ns) {
  NamespaceStatus out;
  const auto take = [&](std::string_view type, Condition& into) {
    const Condition condition = ns.condition(type);
    if (!condition.exists()) return;
    out.begun = true;
    if (condition.is_true()) into = condition;
  };
  take("NamespaceDeletionDiscoveryFailure", out.discovery);
  take("NamespaceDeletionGroupVersionParsingFailure", out.parsing);
  take("NamespaceDeletionContentFailure", out.content);
  take("NamespaceContentRemaining", out.remaining);
  take("NamespaceFinalizersRemaining", out.finalizers);
  read_kinds(out.remaining.message(), out.kinds);
  read_finalizers(out.finalizers.message(), out.finalizer_counts);
  read_groups(out.discovery.message(), out.failed_groups);
  read_groups(out.parsing.message(), out.failed_groups);
  return out;
}

}  // namespace kube
