// What a fix is made of: options, needs, write rights, planner and verifier.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/core/check.hpp"
#include "fix/plan.hpp"
#include "kube/read/rights.hpp"

namespace fix {

// A right that applying a fix takes, beyond reading what its plan reads.
struct WriteRight {
  const kube::Resource* resource = nullptr;
  std::string_view verb;                       // "patch", "create", "delete"
  kube::Scope scope = kube::Scope::workloads;  // where: for `rbac print fix`
  // What a patch sets, as JSON Pointers: "*" is one step, "**" all that follow. A plan or a journal
  // that comes from a file is held against it.
  std::span<const std::string_view> fields = {};
};

// How far what was applied has come to show.
struct Watched {
  enum class State {
    done,
    waiting,  // look again
    others,   // ours is done; somebody else has to act
  };
  State state = State::waiting;
  kube::ObjectRef object;
  std::string text;  // "gone", "waits for finalizer example.com/backup"
};

// A fix is data, as a check is: its options, what it reads, what it may write, and two pure
// functions. One file of its name, and a line in fixes.def.
struct Fix {
  std::string_view name;     // "finalizers"
  std::string_view summary;  // one line for help
  std::span<const OptionSpec* const> options;
  bool needs_place = false;  // applied only where -n, -A or --select says where
  // The checks whose lists it reads and whose findings it takes away.
  std::span<const aibrix::CodePattern> codes;
  std::span<const kube::Need> more_needs = {};  // what it reads beyond them
  std::span<const WriteRight> rights;
  Plan (*plan)(const checks::Context&, const Options&);
  // One entry per watch and namespace of the plan.
  std::vector<Watched> (*verify)(const Plan&, const checks::Context&);
};

// Every fix, in the order of fixes.def.
std::span<const Fix* const> all();
const Fix* find(std::string_view name);

// The lists a fix reads.
std::vector<kube::Need> needs_of(const Fix& fix);
// What a user needs for this fix: to read what it plans by, to change what it may change, and to
// read each of those objects once more.
std::vector<kube::Right> rights_of(const Fix& fix, const kube::Namespaces& namespaces);
// The plan with all that does not depend on which fix it is: the cluster it was made for, the
// options, the order of its steps.
Plan make_plan(const Fix& fix, const checks::Context& context, const Options& options);

}  // namespace fix
