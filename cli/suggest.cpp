// Near misses, and the words that other programs use for what this one does.
#include "suggest.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace cli {
namespace {

struct Synonyms {
  std::string_view path;   // where the word is typed
  std::string_view words;  // separated by spaces
  std::string_view meant;  // the command
};
constexpr auto synonyms = std::to_array<Synonyms>({
    {"",
     "check diagnose diagnostics analyze analyse lint validate verify status health scan audit "
     "triage",
     "doctor"},
    {"", "describe why what meaning decode", "explain"},
    {"", "repair heal resolve apply patch", "fix"},
    {"", "revert rollback restore history runs", "undo"},
    {"", "dump export backup bundle save collect must-gather record", "snapshot"},
    {"", "address url gateway ip service svc", "endpoint print"},
    {"", "ping curl request call test", "endpoint test"},
    {"", "route routes follow path hops traceroute", "trace"},
    {"", "uninstall delete remove teardown", "preflight uninstall"},
    {"", "install setup bootstrap requirements prerequisites", "preflight install"},
    {"", "upgrade update migrate", "preflight upgrade"},
    {"", "role roles permissions rights access auth can-i", "rbac print"},
    {"", "flags", "options"},
    {"", "completions autocomplete", "completion"},
    {"endpoint", "get show list describe address url", "endpoint print"},
    {"endpoint", "check try ping curl send probe verify", "endpoint test"},
    {"rbac", "get show list create generate yaml", "rbac print"},
    {"preflight", "delete remove teardown cleanup", "preflight uninstall"},
    {"preflight", "setup check requirements", "preflight install"},
    {"preflight", "update migrate", "preflight upgrade"},
    {"fix", "namespace namespaces ns terminating deletion stuck finalize adapters",
     "fix finalizers"},
    {"fix", "grants grant routes references 503", "fix referencegrants"},
    {"fix", "service svc loadbalancer nodeport external-ip pending expose", "fix service-type"},
    {"fix", "admission mutating validating", "fix webhooks"},
});

// What turns a word into its opposite when it stands before it.
constexpr auto negations =
    std::to_array<std::string_view>({"un", "in", "dis", "de", "non", "no-", "no", "without-"});

bool negates(std::string_view a, std::string_view b) {
  if (a.size() >= b.size() || !b.ends_with(a)) return false;
  const std::string_view before = b.substr(0, b.size() - a.size());
  return std::ranges::find(negations, before) != negations.end();
}

bool opposite(std::string_view a, std::string_view b) {
  while (a.starts_with("-") && b.starts_with("-")) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return negates(a, b) || negates(b, a);
}

// Two neighbours changed places count as one slip.
std::size_t slips(std::string_view a, std::string_view b) {
  const std::size_t d = base::distance(a, b);
  if (d != 2 || a.size() != b.size()) return d;
  for (std::size_t i = 0; i + 1 < a.size(); ++i) {
    std::string swapped(a);
    std::swap(swapped[i], swapped[i + 1]);
    if (swapped == b) return 1;
  }
  return d;
}

std::size_t most_slips(std::string_view word) {
  const auto letters =
      static_cast<std::size_t>(std::ranges::count_if(word, [](char c) { return c != '-'; }));
  if (letters < 3) return 0;
  return letters < 5 ? 1 : letters < 10 ? 2 : 3;
}

}  // namespace

std::string mistyped(std::string_view word, std::span<const std::string> words) {
  const std::string wanted = base::lower(word);
  const std::size_t most = most_slips(wanted);
  std::string best;
  std::size_t least = most + 1;
  for (const std::string& candidate : words) {
    const std::string name = base::lower(candidate);
    if (opposite(wanted, name)) continue;
    std::size_t d = slips(wanted, name);
    // Cut off: "complet", "--require".
    if (most != 0 && name.starts_with(wanted)) d = std::min<std::size_t>(d, 1);
    if (d >= least) continue;
    least = d;
    best = candidate;
  }
  return best;
}

std::string_view command_meant(std::string_view path, std::string_view word) {
  const std::string wanted = base::lower(word);
  for (const Synonyms& s : synonyms) {
    if (s.path != path) continue;
    const auto known = base::split(s.words, ' ');
    if (std::ranges::find(known, wanted) != known.end()) return s.meant;
  }
  return {};
}

}  // namespace cli
