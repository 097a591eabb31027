// The plan of a fix: its steps, what they change, cost and leave, and what is watched.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "checks/core/finding.hpp"
#include "fix/options.hpp"
#include "fix/patch.hpp"
#include "kube/object.hpp"

namespace fix {

// Fixes name codes as checks do.
using namespace aibrix::codes;
using family = aibrix::CodeFamily;
using checks::Command;

// How an answer is asked for.
enum class Reversibility {
  undoable,   // additive, or taken back by undo: y/N, --yes
  permanent,  // cannot be taken back: the phrase is typed, --confirm=PHRASE
};
std::string_view to_string(Reversibility reversibility);

// A line of the diff of what changes: '-', '+' or ' '.
struct DiffLine {
  char mark = ' ';
  std::string text;
  std::string note;  // "kept: not AIBrix's"
};

// One request, to one object.
struct Step {
  enum class Verb { patch, create, remove };
  Verb verb = Verb::patch;
  const kube::Resource* resource = nullptr;
  std::string version;  // of the API it is sent to
  kube::ObjectRef object;
  std::string uid;   // of the object that was looked at; empty: create
  Patch patch;       // Verb::patch
  std::string body;  // Verb::create: the object, JSON
  // Steps of one wave do not depend on each other; a wave starts when the one before is through.
  int wave = 0;
  // Only once the object is marked for deletion: its parent, stripped in an earlier wave, must go
  // first.
  bool after_parent = false;
  Reversibility reversibility = Reversibility::undoable;
  std::string what;  // "remove finalizer adapter.model.aibrix.ai/finalizer"
  std::vector<DiffLine> diff;
  std::string diff_path;          // "metadata.finalizers"
  std::vector<std::string> cost;  // what it leaves behind or interrupts, one clause each
  // What takes it back, guarded by what this step sets; empty: nothing does. A created object is
  // deleted, a deleted one created again from its backup.
  Patch undo;
  std::string no_undo;  // why not, when nothing does
  // Of a plan that was read back: fields that were not written, because they hold secrets.
  std::vector<std::string> withheld;

  std::string id() const { return kube::to_string(object); }
  bool operator==(const Step& other) const;  // the same request
};

// Something that must be seen before the run counts as verified.
struct Watch {
  const kube::Resource* resource = nullptr;
  kube::ObjectRef object;
  std::string uid;
  std::vector<std::string> finalizers;  // that must be gone
  std::vector<std::string> entries;     // names of the webhooks that must let changes pass
  std::string type, external_traffic_policy, node_port;  // of a Service; empty: any
};

// Something people should know, with the command that helps, if there is one.
struct Advice {
  std::string text;
  Command command = {};
};

// A finding that the plan is about.
struct FindingChange {
  enum class State { fixed, unchanged, fresh };
  State state = State::fixed;
  std::string code;
  kube::ObjectRef object;
  std::string title;
};

std::string_view to_string(FindingChange::State state);  // "fixed", "unchanged", "new"

// What one run would do: a pure function of a snapshot and options.
struct Plan {
  std::string fix;  // "finalizers"
  Options options;
  std::string server, context;
  std::string asked;        // where flags led and as whom, for people; empty: to the context
  std::string cluster_uid;  // uid of namespace kube-system; empty when not read
  std::string undoes;       // the run that this one takes back

  std::string summary;                  // "looked at 14 objects of 5 kinds: 2 are being deleted"
  std::vector<Step> steps;              // in order
  std::vector<std::string> why;         // why things are as they are
  std::vector<Advice> alternatives;     // cheaper remedies
  std::vector<Advice> blockers;         // what keeps it from being applied at all
  std::vector<std::string> left_alone;  // what is left alone, and who is to act on it
  std::vector<std::string> skipped;     // what was not taken, and why
  std::vector<std::string> unread;      // what could not be looked at: nothing is said about it
  std::vector<std::string> remaining;   // what stays broken, or is still to do
  std::vector<Advice> manual_steps;     // what is left for people to do, each with its command
  std::vector<std::string> facts;       // before and after, one line each
  std::vector<FindingChange> findings;
  std::vector<Watch> watch;
  std::vector<std::string> namespaces;  // followed until they are gone
  std::string manifest;                 // YAML, for those who apply it by other means

  bool pending() const { return !steps.empty(); }
  Reversibility reversibility() const;  // the worst of its steps
  // What must be typed: the name of the one object, or "team-a/3 objects", "40 objects in 5
  // namespaces".
  std::string phrase() const;
};

// "modeladapter/team-a/sql-lora", "team-a/sql-lora" or "sql-lora" matches one of the globs; no
// globs: everything does.
bool selected(const Options& options, const kube::ObjectRef& ref);
bool in_namespaces(const Options& options, std::string_view ns);
// "ModelAdapter team-a/sql-lora"
std::string name_of(const kube::ObjectRef& ref);

}  // namespace fix
