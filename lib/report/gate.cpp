// The gate: ignored findings, and those of an earlier report, taken out of a report.
#include "report/gate.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "kube/files/json_document.hpp"

namespace report {
namespace {

using checks::Finding;
using checks::Level;
using checks::Symptom;
using Key = std::pair<std::string, kube::ObjectRef>;

base::Error bad_rule(std::string_view text) {
  return {base::Fault::usage, "BadArgument",
          "invalid rule \"" + base::printable(text) + "\" for --ignore",
          "write it like REF001=httproute/aibrix-system/chat-router; globs are allowed"};
}

bool fits(const IgnoreRule& rule, std::string_view code, const kube::ObjectRef& object) {
  return base::glob(base::lower(rule.code), base::lower(code)) &&
         base::glob(base::lower(rule.object), base::lower(kube::to_string(object)));
}

// The level that is left when some of what was folded under it is not counted.
Level level_without(const Finding& f) {
  Level level = f.level_before_fold();
  for (const Symptom& s : f.symptoms) level = std::max(level, s.level);
  return level;
}

// It went over everything it is for.
bool looked(const checks::CheckOutcome& o) {
  const bool did = o.outcome == checks::Outcome::ok || o.outcome == checks::Outcome::found;
  return did && !o.partial;
}

kube::FileFault fault_of(kube::FileFault::Kind kind, const IgnoreRule& rule) {
  return {kind, rule.file, rule.line, rule.column, to_string(rule), rule.reason};
}

class Ignorer {
 public:
  Ignorer(Report& report, const std::vector<IgnoreRule>& rules, base::Time now)
      : report_(report), rules_(rules), used_(rules.size(), false), now_(now) {}

  std::vector<kube::FileFault> run() {
    std::vector<Finding> kept;
    for (Finding& f : report_.outcomes.findings) {
      if (matches(f.code, f.subject.ref)) {
        report_.ignored.push_back(std::move(f));
        continue;
      }
      const std::size_t before = f.symptoms.size();
      std::erase_if(f.symptoms, [&](const Symptom& s) { return matches(s.code, s.subject.ref); });
      report_.ignored_symptoms += before - f.symptoms.size();
      if (before != f.symptoms.size()) f.level = level_without(f);
      kept.push_back(std::move(f));
    }
    report_.outcomes.findings = std::move(kept);
    return idle_and_ended();
  }

 private:
  bool ended(const IgnoreRule& rule) const { return rule.end && *rule.end <= now_; }

  bool matches(std::string_view code, const kube::ObjectRef& object) {
    bool out = false;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (!fits(rules_[i], code, object)) continue;
      used_[i] = true;
      out = out || !ended(rules_[i]);
    }
    return out;
  }

  // Of a part of a cluster nothing says what is not there.
  bool could_see(const IgnoreRule& rule) const {
    const auto& scope = report_.run.scope;
    if (report_.overview.asked || (!scope.empty() && scope.front() != "*")) return false;
    bool any = false;
    for (const checks::CheckOutcome& o : report_.outcomes.checks) {
      if (!base::glob(base::lower(rule.code), base::lower(o.check->code.text()))) continue;
      if (!looked(o)) return false;
      any = true;
    }
    return any;
  }

  std::vector<kube::FileFault> idle_and_ended() const {
    using Kind = kube::FileFault::Kind;
    std::vector<kube::FileFault> out;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (ended(rules_[i])) {
        out.push_back(fault_of(Kind::ended_rule, rules_[i]));
      } else if (!used_[i] && could_see(rules_[i])) {
        out.push_back(fault_of(Kind::idle_rule, rules_[i]));
      }
    }
    return out;
  }

  Report& report_;
  const std::vector<IgnoreRule>& rules_;
  std::vector<bool> used_;
  base::Time now_;
};

void add(std::vector<KnownFinding>& out, const kube::Json& entry) {
  KnownFinding known;
  known.code = entry.at("code").get<std::string>();
  const kube::Json& object = entry.at("object");
  known.object = {object.value("group", ""), object.at("kind").get<std::string>(),
                  object.value("namespace", ""), object.at("name").get<std::string>()};
  const std::string level = entry.at("level").get<std::string>();
  known.level = level == "error" ? Level::error : level == "warning" ? Level::warning : Level::info;
  known.title = entry.value("title", "");
  out.push_back(std::move(known));
}

std::vector<KnownFinding> known_in(const kube::Json& document) {
  std::vector<KnownFinding> out;
  for (const kube::Json& f : document.at("findings")) {
    add(out, f);
    if (!f.contains("also")) continue;
    for (const kube::Json& s : f.at("also")) add(out, s);
  }
  return out;
}

fix::FindingChange change(fix::FindingChange::State state, const KnownFinding& f) {
  return {state, f.code, f.object, f.title};
}

}  // namespace

std::string to_string(const IgnoreRule& rule) {
  return rule.object == "*" ? rule.code : rule.code + '=' + rule.object;
}

IgnoreRule parse_ignore(std::string_view text) {
  const std::size_t equals = text.find('=');
  IgnoreRule rule;
  rule.code = std::string(text.substr(0, equals));
  if (equals != std::string_view::npos) rule.object = std::string(text.substr(equals + 1));
  const bool plain = std::ranges::all_of(rule.code, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '*' || c == '?';
  });
  if (rule.code.empty() || rule.object.empty() || !plain) throw bad_rule(text);
  return rule;
}

std::vector<kube::FileFault> ignore(Report& report, const std::vector<IgnoreRule>& rules,
                                    base::Time now) {
  return Ignorer(report, rules, now).run();
}

std::vector<KnownFinding> read_baseline(const std::string& text, const std::string& file) {
  try {
    const kube::Json document = kube::Json::parse(text);
    if (document.value("kind", "") == "DoctorReport") return known_in(document);
  } catch (const kube::Json::exception&) {
    // Told below: how it is malformed does not matter to who named the wrong file.
  }
  throw base::Error(base::Fault::usage, "BadBaseline",
                    base::printable(file) + " is not a report of doctor",
                    "write one with: aibrixctl doctor -o json > FILE");
}

std::vector<KnownFinding> known_of(const std::vector<Finding>& findings) {
  std::vector<KnownFinding> out;
  for (const Finding& f : findings) {
    out.push_back({std::string(f.code.text()), f.subject.ref, f.level_before_fold(), f.title});
    for (const Symptom& s : f.symptoms) {
      out.push_back({std::string(s.code.text()), s.subject.ref, s.level, s.title});
    }
  }
  return out;
}

void keep_what_is_new(Report& report, const std::vector<KnownFinding>& known) {
  using State = fix::FindingChange::State;
  std::map<Key, Level> before;
  for (const KnownFinding& k : known) {
    Level& level = before.try_emplace({k.code, k.object}, k.level).first->second;
    level = std::max(level, k.level);
  }
  const auto is_new = [&](std::string_view code, const kube::ObjectRef& object, Level level) {
    const auto it = before.find({std::string(code), object});
    return it == before.end() || level > it->second;
  };
  report.changes.clear();
  std::map<Key, bool> now;
  for (const KnownFinding& f : known_of(report.outcomes.findings)) {
    now[{f.code, f.object}] = true;
    const bool fresh = is_new(f.code, f.object, f.level);
    report.changes.push_back(change(fresh ? State::fresh : State::unchanged, f));
  }
  // What is ignored now is there all the same.
  for (const KnownFinding& f : known_of(report.ignored)) now[{f.code, f.object}] = true;
  const auto looked = [&](const std::string& code) {
    return std::ranges::any_of(report.outcomes.checks, [&](const checks::CheckOutcome& o) {
      return o.check->code.text() == code && !unchecked(o) && !o.partial;
    });
  };
  for (const KnownFinding& k : known) {
    if (looked(k.code) && now.emplace(Key{k.code, k.object}, true).second) {
      report.changes.push_back(change(State::fixed, k));
    }
  }
  const std::size_t all = report.outcomes.findings.size();
  std::erase_if(report.outcomes.findings, [&](Finding& f) {
    const bool fresh = is_new(f.code.text(), f.subject.ref, f.level_before_fold());
    std::erase_if(f.symptoms,
                  [&](const Symptom& s) { return !is_new(s.code.text(), s.subject.ref, s.level); });
    if (!fresh && f.symptoms.empty()) return true;
    // Only what is new counts, not what it was folded with.
    f.level = fresh ? f.level_before_fold() : Level::info;
    for (const Symptom& s : f.symptoms) f.level = std::max(f.level, s.level);
    if (!fresh) f.notes.insert(f.notes.begin(), "known before: what follows from it is new");
    return false;
  });
  report.known = all - report.outcomes.findings.size();
}

}  // namespace report
