// The finding: what is wrong with which object, its evidence, causes and remedies.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "aibrix/codes.hpp"
#include "base/time.hpp"
#include "checks/core/command.hpp"
#include "kube/object.hpp"

namespace checks {

// because(INS005, …): codes are named without ado on this floor.
using aibrix::Code;
using aibrix::CodeList;
namespace codes = aibrix::codes;
using namespace aibrix::codes;

enum class Level { info, warning, error };
std::string_view to_string(Level level);

// How sure we are that a remedy is right to run as it is.
enum class Confidence {
  safe,    // additive, or undone by one command
  review,  // changes behaviour: read what it does first
  manual,  // a person must decide or act
};
std::string_view to_string(Confidence confidence);

// An object a finding speaks of, and where in it.
struct Subject {
  kube::ObjectRef ref;
  std::string version;  // API version it was read at; empty when unknown
  std::string uid;
  std::string path;  // "spec.rules[0].backendRefs[0]"; empty: the object as a whole
  std::string file;  // from files only
  std::uint32_t line = 0;
  std::uint32_t column = 0;  // of the field `path`, or of the object; 0: not known
  // Where a file holds it; borrows from the snapshot, for find_places() alone.
  const kube::Origin* origin = nullptr;

  Subject() = default;
  Subject(kube::ObjectRef r) : ref(std::move(r)) {}  // NOLINT: an object that is missing
  Subject(const kube::Object& object);               // NOLINT: an object that was read
};

struct Evidence {
  std::string key;    // short: "replicas", "grant default/team-grant"
  std::string value;  // what was measured
  std::string want;   // what it should be; empty when the value speaks for itself
};

struct Remedy {
  Confidence confidence = Confidence::manual;
  std::string text;            // what it does, in one clause
  Command command;             // may be empty
  std::string manifest;        // YAML to apply; may be empty
  Command undo;                // takes it back; may be empty
  bool repairs_cause = false;  // also repairs what the finding follows from: comes first there too
};

// Names another finding: the one this follows from.
struct Cause {
  Code code;
  kube::ObjectRef object;
  std::string path = {};  // of several about that object the one of this field; empty: all
};

// A finding that follows from another, as listed under it.
struct Symptom {
  Code code;
  Level level = Level::warning;
  std::string title;
  Subject subject;
  std::vector<std::string> models{};  // as in Finding
};

// One thing that is wrong. `title` says the cause alone, without a remedy, lower case, no full
// stop: "aibrix-controller-manager is scaled to 0 replicas". `consequence` is one sentence on the
// effect, and stands on its own: "Namespace team-a is stuck in Terminating." Where findings fold
// into one cause, the consequence of the farthest symptom is shown.
struct Finding {
  Code code;
  Level level = Level::warning;
  std::string title;
  std::string consequence;
  Subject subject;
  std::vector<Subject> related;
  std::vector<Evidence> evidence;
  std::vector<std::string> notes;
  std::vector<Remedy> remedies;     // first the one to try first
  std::vector<Cause> causes;        // what this follows from, when known and itself a finding
  std::vector<Symptom> symptoms;    // filled by fold()
  std::vector<std::string> models;  // model names it concerns; empty: not about single models
  std::optional<base::Time> since;
  std::string instead;  // the field that was meant, where `subject.path` is one nobody knows
  // No request gets through at all: what findings of the same cause say of single requests is then
  // not so, and fold() leaves it out.
  bool stops_requests = false;
  // It is true of the whole install and the reason of nothing that was seen: told after others of
  // its level.
  bool background = false;

  // What it said alone, where fold() has added to it.
  struct BeforeFold {
    Level level;
    std::vector<std::string> models;
    std::size_t evidence;  // how many entries were its own: they come first
  };
  std::optional<BeforeFold> before_fold;
  Level level_before_fold() const { return before_fold ? before_fold->level : level; }
  const std::vector<std::string>& models_before_fold() const {
    return before_fold ? before_fold->models : models;
  }
  std::size_t own_evidence() const { return before_fold ? before_fold->evidence : evidence.size(); }

  // For checks, in the order people read them.
  Finding& at_field(std::string path) { return subject.path = std::move(path), *this; }
  Finding& with_consequence(std::string what) { return consequence = std::move(what), *this; }
  Finding& with_evidence(std::string key, std::string value, std::string want = {});
  Finding& note(std::string text) { return notes.push_back(std::move(text)), *this; }
  Finding& with_related(Subject other) { return related.push_back(std::move(other)), *this; }
  Finding& caused_by(Code cause, kube::ObjectRef object, std::string path = {});
  Finding& remedy(Confidence confidence, std::string text, Command command = {});
  Finding& model(std::string name) { return models.push_back(std::move(name)), *this; }
};

// "title. Consequence.", or the title alone.
std::string headline(const Finding& finding);
// Gives the findings about files the line and column of their field, or of the object. Reads the
// files again.
void find_places(std::vector<Finding>& findings);
// Stable across runs and clusters: hash of code, object (without uid) and path.
std::string fingerprint(const Finding& finding);

}  // namespace checks
