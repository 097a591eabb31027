// The check: its code, its needs, its function, and what it is given and may say.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/memo.hpp"
#include "checks/core/finding.hpp"
#include "kube/read/need.hpp"
#include "kube/snapshot.hpp"

namespace aibrix {
class Cluster;
}

namespace checks {

// The parts of the product, and the order in which to repair: what comes first can be the cause of
// what comes later.
enum class Area {
  files,
  manifests,
  install,
  webhooks,
  gateway,
  endpoint,
  grants,
  routing,
  models,
  lora,
  scaling,
  deletion
};
std::string_view to_string(Area area);

// What a check gets: the snapshot and the typed views on it, both immutable.
struct Context {
  const kube::Snapshot& snapshot;
  const aibrix::Cluster& cluster;
  // The models the user asked about (doctor MODEL…); empty: all.
  std::span<const std::string> models;
  // Of this snapshot, for all checks; copies of the context share it.
  std::shared_ptr<base::Memo> memo = std::make_shared<base::Memo>();
};

// Where a check puts what it has seen.
class Reporter {
 public:
  explicit Reporter(Code code) : code_(code) {}

  // The reference is valid until the next finding is added.
  Finding& error(Subject subject, std::string title);
  Finding& warning(Subject subject, std::string title);
  Finding& info(Subject subject, std::string title);
  // Something could not be judged ("no Lease was recorded"). Each distinct reason is kept once.
  void undetermined(std::string why);
  // There is nothing here to judge ("no GatewayClass uses parametersRef"). Only for what is known
  // not to exist: never for what was not looked at.
  void not_applicable(std::string why);
  // The same for what could be looked at with a right that the user has not asked for (see
  // kube::ExtraRight): "whether Secret a/b exists".
  void not_asked(const std::string& what, const kube::ExtraRight& right);
  // What was measured, shown with -v when the check passes: "3 of 3 replicas ready".
  void measured(std::string what) { measured_ = std::move(what); }

 private:
  friend class Runner;
  Finding& add(Level level, Subject subject, std::string title);
  Code code_;
  std::vector<Finding> findings_;
  std::vector<std::string> undetermined_;
  std::vector<std::string> not_applicable_;
  bool not_asked_ = false;
  std::string measured_;
};

// What `explain CODE` prints. Plain sentences; lines are wrapped by the report.
struct Explain {
  std::string_view meaning;  // what is wrong and what users see of it
  std::string_view causes;   // possible causes
  std::string_view fix;      // how to fix it, cheapest first
  std::string_view since;    // releases it applies to: "every release", "v0.3.0 to v0.4.1"
};

// A check is data: a constant in the file of its subject, and a line in checks.def.
struct Check {
  Code code;
  Area area;
  std::string_view
      title;  // what it looks for, as its findings say it: "Redis has no ready endpoint"
  std::span<const kube::Need> needs;
  void (*run)(const Context&, Reporter&);  // pure
  Explain explain;
};

// The constants, each defined in the file of its subject: constinit const Check
// registry::INS005{codes::INS005, …}.
namespace registry {
#define CODE(code) extern const Check code;
#include "checks/checks.def"
}  // namespace registry

// Every check, in the order of checks.def.
std::span<const Check* const> all();
const Check* find(std::string_view code);

}  // namespace checks
