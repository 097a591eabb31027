// What a plan asks for before it is applied, and what it selects.
#include "fix/plan.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace fix {

std::string_view to_string(Reversibility reversibility) {
  return reversibility == Reversibility::undoable ? "undoable" : "permanent";
}

std::string_view to_string(FindingChange::State state) {
  switch (state) {
    case FindingChange::State::fixed: return "fixed";
    case FindingChange::State::unchanged: return "unchanged";
    case FindingChange::State::fresh: return "new";
  }
  return "fixed";
}

bool Step::operator==(const Step& other) const {
  return verb == other.verb && resource == other.resource && version == other.version &&
         object == other.object && uid == other.uid && patch == other.patch && body == other.body &&
         after_parent == other.after_parent;
}

Reversibility Plan::reversibility() const {
  const bool permanent = std::any_of(steps.begin(), steps.end(), [](const Step& s) {
    return s.reversibility == Reversibility::permanent;
  });
  return permanent ? Reversibility::permanent : Reversibility::undoable;
}

std::string Plan::phrase() const {
  std::set<kube::ObjectRef> objects;
  std::set<std::string> spaces;
  for (const Step& step : steps) {
    objects.insert(step.object);
    spaces.insert(step.object.ns);
  }
  if (objects.size() == 1) return objects.begin()->name;
  const std::string count = base::plural(objects.size(), "object");
  if (spaces.size() > 1) return count + " in " + base::plural(spaces.size(), "namespace");
  return spaces.empty() || spaces.begin()->empty() ? count : *spaces.begin() + '/' + count;
}

bool selected(const Options& options, const kube::ObjectRef& ref) {
  if (options.select.empty()) return true;
  const std::string full = base::lower(kube::to_string(ref));
  const std::string place = ref.ns.empty() ? ref.name : ref.ns + '/' + ref.name;
  return std::any_of(options.select.begin(), options.select.end(), [&](const std::string& glob) {
    return base::glob(base::lower(glob), full) || base::glob(glob, place) ||
           base::glob(glob, ref.name);
  });
}

bool in_namespaces(const Options& options, std::string_view ns) {
  const auto& list = options.namespaces;
  return list.empty() || ns.empty() || std::find(list.begin(), list.end(), ns) != list.end();
}

std::string name_of(const kube::ObjectRef& ref) {
  return ref.kind + ' ' + (ref.ns.empty() ? ref.name : ref.ns + '/' + ref.name);
}

}  // namespace fix
