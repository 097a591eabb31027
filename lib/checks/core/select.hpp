// Which checks run, and which of their findings the user asked for.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "checks/core/check.hpp"
#include "checks/core/fold.hpp"

namespace aibrix {
class Cluster;
}

namespace checks {

// --only and --skip: codes (GW003), globs ("GW*") and areas ("gateway", "deletion"), any case.
// Throws base::Error (usage) for a word that selects nothing, with the nearest code or area.
std::vector<const Check*> select(std::span<const std::string> only,
                                 std::span<const std::string> skip);

// The checks of a table, in the order of checks.def.
std::vector<const Check*> select(std::span<const aibrix::CodePattern> patterns);

// Every word that select() takes: codes and areas. For completion and near misses.
std::vector<std::string> selectable();

// What the user limited the run to.
struct Focus {
  std::vector<std::string> models;      // doctor MODEL…; empty: all
  std::vector<std::string> namespaces;  // -n; empty: all
};

// Whom a finding concerns, before anything is folded into it. In focus: with models, what names one
// of them; with namespaces, they themselves, what is in them and what names a model in them.
// Everybody's: what names no model and is of the install, the gateway or the endpoint, or stands in
// AIBrix's or Envoy Gateway's namespace or in none; with models only where it is of the areas on
// which requests depend.
Concern concern(const Finding& finding, const Focus& focus, const aibrix::Cluster& cluster);

}  // namespace checks
