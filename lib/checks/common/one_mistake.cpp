// What findings about manifests have in common: the field.
#include "checks/common/one_mistake.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "checks/core/check.hpp"
#include "kube/files/places.hpp"

namespace checks {
namespace {

using kube::FieldPath;

// The field itself, one in it, or the list that it is an item of. What is said of a whole item is
// not said of each of its fields.
bool is_about(const FieldPath& said, const FieldPath& field) {
  if (said.empty() || field.empty()) return false;
  const auto same = std::min(said.size(), field.size());
  if (!std::equal(said.begin(), said.begin() + static_cast<std::ptrdiff_t>(same), field.begin())) {
    return false;
  }
  if (said.size() >= field.size()) return true;
  return said.size() > 1 && std::holds_alternative<std::size_t>(field[said.size()]);
}

bool is_label(const FieldPath& path) {
  if (path.size() < 2) return false;
  const auto* map = std::get_if<std::string>(&path[path.size() - 2]);
  return map != nullptr && (*map == "labels" || *map == "matchLabels" || *map == "selector");
}

struct Known {
  FieldPath path, instead;
  bool schema = false;
};

Known known_of(const Finding& f) {
  const Check* check = find(f.code);
  return {kube::field_path(f.subject.path), kube::field_path(f.instead),
          check != nullptr && check->area == Area::manifests};
}

bool follows(const Known& from, const Known& mistake, Code from_code, Code code) {
  if (!mistake.instead.empty() && is_about(from.path, mistake.instead)) return from_code != code;
  return !from.schema && is_about(from.path, mistake.path);
}

class Tier {
 public:
  explicit Tier(std::vector<Finding>& findings) : findings_(findings) {
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      const Finding& f = findings_[i];
      if (f.subject.file.empty() || f.subject.path.empty()) continue;
      objects_[{f.subject.file, f.subject.ref}].push_back(i);
    }
  }

  void run() {
    for (const auto& [object, about] : objects_) {
      if (about.size() < 2) continue;
      std::map<std::size_t, Known> known;
      for (const std::size_t i : about) known.emplace(i, known_of(findings_[i]));
      tie_labels(known);
      tie_fields(known);
    }
  }

 private:
  void tie_fields(const std::map<std::size_t, Known>& known) {
    for (const auto& [m, mistake] : known) {
      if (!mistake.schema) continue;
      for (const auto& [i, other] : known) {
        Finding& f = findings_[i];
        const Finding& cause = findings_[m];
        if (i == m || !follows(other, mistake, f.code, cause.code)) continue;
        if (std::ranges::find(cause.causes, f.code, &Cause::code) != cause.causes.end()) continue;
        f.caused_by(cause.code, cause.subject.ref, cause.subject.path);
        // What would come of the object does not come of one that is refused.
        if (!other.schema && cause.level == Level::error) f.consequence.clear();
      }
    }
  }

  // The first in the file stands for the others.
  void tie_labels(const std::map<std::size_t, Known>& known) {
    std::map<std::pair<std::string_view, std::string>, std::vector<std::size_t>> same;
    for (const auto& [i, k] : known) {
      const auto* key = is_label(k.path) ? std::get_if<std::string>(&k.path.back()) : nullptr;
      if (key != nullptr) same[{findings_[i].code.text(), *key}].push_back(i);
    }
    for (auto& [what, places] : same) {
      std::ranges::sort(places, {}, [&](std::size_t i) {
        const Subject& s = findings_[i].subject;
        return std::tie(s.line, s.path);
      });
      const Subject& first = findings_[places.front()].subject;
      for (std::size_t i = 1; i < places.size(); ++i) {
        Finding& f = findings_[places[i]];
        if (f.subject.path != first.path) f.caused_by(f.code, first.ref, first.path);
      }
    }
  }

  std::vector<Finding>& findings_;
  // Folders hold the same object for several clusters, each in a file of its own.
  std::map<std::pair<std::string, kube::ObjectRef>, std::vector<std::size_t>> objects_;
};

}  // namespace

void tie_to_mistakes(std::vector<Finding>& findings) {
  Tier(findings).run();
}

}  // namespace checks
