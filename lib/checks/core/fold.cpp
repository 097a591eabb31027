// The folding of findings under their causes, and their order.
#include "checks/core/fold.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "base/lists.hpp"
#include "checks/core/check.hpp"

namespace checks {
namespace {

using Key = std::pair<Code, kube::ObjectRef>;

Key key_of(const Finding& finding) {
  return {finding.code, finding.subject.ref};
}

class Folder {
 public:
  Folder(std::vector<Finding> findings, const std::function<Concern(const Finding&)>& concern)
      : findings_(std::move(findings)) {
    for (const Finding& f : findings_) concerns_.push_back(concern(f));
    for (std::size_t i = 0; i < findings_.size(); ++i) index_[key_of(findings_[i])].push_back(i);
  }

  Folded run() {
    roots_.resize(findings_.size());
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      std::set<std::size_t> path;
      climb(i, path, roots_[i], 0);
    }
    std::vector<std::vector<std::pair<int, std::size_t>>> under(findings_.size());
    std::vector<bool> folded(findings_.size(), false);
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      std::map<std::size_t, int> targets;  // and how far away each is
      for (const std::size_t root : roots_[i]) {
        int& distance = targets[out_of_cycle(root)];
        distance = std::max(distance, distance_[{i, root}]);
      }
      for (const auto& [target, distance] : targets) {
        if (target == i) continue;
        folded[i] = true;
        under[target].push_back({distance, i});
      }
    }
    Folded out;
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      if (!folded[i]) put(i, under[i], out);
    }
    return out;
  }

 private:
  using Symptoms = std::vector<std::pair<int, std::size_t>>;  // how far away, and which

  // The root with what of it concerns more than others; what does not is counted.
  void put(std::size_t root, Symptoms& symptoms, Folded& out) {
    Level all = findings_[root].level;
    for (const auto& [distance, i] : symptoms) all = std::max(all, findings_[i].level);
    std::erase_if(symptoms, [&](const auto& s) { return concerns_[s.second] == Concern::others; });
    if (symptoms.empty() && concerns_[root] == Concern::others) return out.elsewhere.add(all);
    Finding kept = with_symptoms(root, symptoms);
    // What can be taken back is tried first.
    std::stable_partition(kept.remedies.begin(), kept.remedies.end(),
                          [](const Remedy& r) { return !r.command.irreversible(); });
    if (all > kept.level) out.elsewhere.add(all);
    out.findings.push_back(std::move(kept));
  }

  // Of a cause that is one field: folders hold the same object several times.
  static bool is_the_field(const Cause& cause, const Finding& of, const Finding& parent) {
    return cause.path == parent.subject.path && of.subject.file == parent.subject.file;
  }

  // Every finding that `i` follows from and that follows from nothing itself.
  void climb(std::size_t i, std::set<std::size_t>& path, std::set<std::size_t>& roots, int depth) {
    if (depth == 0) start_ = i;
    if (!path.insert(i).second) return;
    bool has_cause = false;
    for (const Cause& cause : findings_[i].causes) {
      const auto it = index_.find({cause.code, cause.object});
      if (it == index_.end()) continue;
      for (const std::size_t parent : it->second) {
        if (path.count(parent) != 0) continue;  // two findings that name each other
        if (!cause.path.empty() && !is_the_field(cause, findings_[i], findings_[parent])) continue;
        has_cause = true;
        climb(parent, path, roots, depth + 1);
      }
    }
    path.erase(i);
    if (has_cause) return;
    roots.insert(i);
    int& d = distance_[{start_, i}];
    d = std::max(d, depth);
  }

  // Findings that name each other have no root of their own: the first of them stands for all.
  std::size_t out_of_cycle(std::size_t root) const {
    while (roots_[root].count(root) == 0 && *roots_[root].begin() < root) {
      root = *roots_[root].begin();
    }
    return root;
  }

  // The finding of a group after which no request gets through.
  const Finding* outage(std::size_t root, const Symptoms& symptoms) const {
    if (findings_[root].stops_requests) return &findings_[root];
    const auto it = std::ranges::find_if(
        symptoms, [&](const auto& s) { return findings_[s.second].stops_requests; });
    return it == symptoms.end() ? nullptr : &findings_[it->second];
  }

  // Beside an outage: what it says of answers and of ways around is no longer so, and to change
  // what it is about would not help.
  static void silence(Finding& symptom) {
    const Check* check = find(symptom.code);
    const bool about_requests =
        check != nullptr && (check->area == Area::gateway || check->area == Area::grants ||
                             check->area == Area::routing || check->area == Area::models);
    if (!about_requests) return;
    symptom.consequence.clear();
    symptom.notes.clear();
    std::erase_if(symptom.remedies,
                  [](const Remedy& r) { return r.command.writes() && !r.repairs_cause; });
  }

  Finding with_symptoms(std::size_t root, Symptoms& symptoms) {
    const Finding* stop = outage(root, symptoms);
    for (const auto& [distance, i] : symptoms) {
      if (stop != nullptr && stop != &findings_[i]) silence(findings_[i]);
    }
    Finding out = findings_[root];
    if (!symptoms.empty()) {
      out.before_fold = Finding::BeforeFold{out.level, out.models, out.evidence.size()};
    }
    // The cause is others'; what it does here decides.
    if (concerns_[root] == Concern::others) out.level = Level::info;
    std::stable_sort(symptoms.begin(), symptoms.end(), [&](const auto& a, const auto& b) {
      const Finding& x = findings_[a.second];
      const Finding& y = findings_[b.second];
      return std::tuple(-static_cast<int>(x.level), -a.first) <
             std::tuple(-static_cast<int>(y.level), -b.first);
    });
    const Finding* farthest = nullptr;  // one that weighs less than the root itself says no more
    std::size_t same_code = 0;
    for (const auto& [distance, i] : symptoms) {
      const Finding& symptom = findings_[i];
      out.level = std::max(out.level, symptom.level);
      out.symptoms.push_back(
          {symptom.code, symptom.level, headline(symptom), symptom.subject, symptom.models});
      const bool weighs =
          concerns_[root] == Concern::others || symptom.level >= findings_[root].level;
      if (farthest == nullptr && weighs && !symptom.consequence.empty()) farthest = &symptom;
      if (farthest != nullptr && symptom.code == farthest->code) ++same_code;
      for (const std::string& model : symptom.models) base::add_once(out.models, model);
      for (const Subject& s : symptom.related) out.related.push_back(s);
    }
    // What is nearest to the cause is what to look at, and to repair, next.
    std::stable_sort(symptoms.begin(), symptoms.end(), [&](const auto& a, const auto& b) {
      return std::tuple(-static_cast<int>(findings_[a.second].level), a.first) <
             std::tuple(-static_cast<int>(findings_[b.second].level), b.first);
    });
    for (const auto& [distance, i] : symptoms) inherit(out, findings_[i]);
    if (farthest != nullptr) {
      out.consequence = farthest->consequence;
      if (same_code > 1) {
        if (out.consequence.ends_with('.')) out.consequence.pop_back();
        out.consequence += " (and " + std::to_string(same_code - 1) + " more).";
      }
    }
    return out;
  }

  // What only the symptom knows: its notes, and remedies that act on the symptom itself. They come
  // after the root's own, since the root's repair may make them needless; but for one that does
  // that repair itself.
  static void inherit(Finding& out, const Finding& symptom) {
    for (const std::string& note : symptom.notes) base::add_once(out.notes, note);
    for (const Remedy& r : symptom.remedies) {
      const bool known =
          std::any_of(out.remedies.begin(), out.remedies.end(), [&](const Remedy& k) {
            return k.text == r.text || (!r.command.empty() && k.command == r.command);
          });
      if (known) continue;
      const auto first = std::find_if(out.remedies.begin(), out.remedies.end(),
                                      [](const Remedy& k) { return !k.repairs_cause; });
      out.remedies.insert(r.repairs_cause ? first : out.remedies.end(), r);
    }
    for (const Evidence& e : symptom.evidence) {
      const bool known =
          std::any_of(out.evidence.begin(), out.evidence.end(),
                      [&](const Evidence& k) { return k.key == e.key && k.value == e.value; });
      if (!known) out.evidence.push_back(e);
    }
  }

  std::vector<Finding> findings_;
  std::vector<Concern> concerns_;
  std::map<Key, std::vector<std::size_t>> index_;
  std::vector<std::set<std::size_t>> roots_;
  std::map<std::pair<std::size_t, std::size_t>, int> distance_;
  std::size_t start_ = 0;
};

int repair_rank(const Finding& finding) {
  const Check* check = find(finding.code);
  return check == nullptr ? 99 : static_cast<int>(check->area);
}

}  // namespace

void Elsewhere::add(Level level) {
  switch (level) {
    case Level::info: ++info; return;
    case Level::warning: ++warning; return;
    case Level::error: ++error; return;
  }
}

std::vector<Finding> fold(std::vector<Finding> findings) {
  return fold(std::move(findings), [](const Finding&) { return Concern::focus; }).findings;
}

Folded fold(std::vector<Finding> findings, const std::function<Concern(const Finding&)>& concern) {
  Folded out = Folder(std::move(findings), concern).run();
  const auto order = [](const Finding& f) {
    return std::tuple(-static_cast<int>(f.level), f.background, repair_rank(f));
  };
  std::ranges::stable_sort(out.findings, [&](const Finding& a, const Finding& b) {
    if (order(a) != order(b)) return order(a) < order(b);
    return std::tie(a.code, a.subject.ref, a.subject.path) <
           std::tie(b.code, b.subject.ref, b.subject.path);
  });
  return out;
}

}  // namespace checks
