// Which checks run, and which of their findings the user asked for.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "checks/core/check.hpp"

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

// Drops the findings outside the focus. With models: what names one of them, and what stands in the
// way of every model (install, gateway, endpoint). With namespaces: what is in them, what concerns
// a model in them, what is in AIBrix's and Envoy Gateway's own, and what has no namespace.
std::vector<Finding> in_focus(std::vector<Finding> findings, const Focus& focus,
                              const aibrix::Cluster& cluster);

}  // namespace checks
