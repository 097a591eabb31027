// Cases that are files: reads their header, runs the check, compares.
#include "support/case.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "support/kubectl.hpp"
#include "support/snapshot.hpp"

namespace support {
namespace {

using checks::Finding;

struct Line {
  std::size_t number = 0;
  std::string word;
  std::string rest;
};

// One finding that must be there, and what must be true of it.
struct Expected {
  std::string level;
  std::string code;
  std::string object;
  std::vector<Line> details;
};

struct Header {
  std::vector<Expected> findings;
  std::vector<Line> verdicts;  // nothing, undetermined, …
  std::vector<Line> setup;     // on, without, log, answer, probed, fault
  std::vector<Line> flags;     // one flag with its value each
};

constexpr std::array levels = {"error", "warning", "info"};
constexpr std::array details = {"says",  "field",   "evidence", "remedy", "note", "model",
                                "folds", "follows", "related",  "count",  "not"};
constexpr std::array verdicts = {"nothing", "undetermined", "skipped", "inapplicable"};
constexpr std::array setups = {"on", "without", "log", "answer", "probed", "fault"};

template <typename Words>
bool is_one_of(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

[[noreturn]] void refuse(const std::string& file, std::size_t line, const std::string& why) {
  throw std::runtime_error(file + ':' + std::to_string(line) + ": " + why);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

// "error MDL006 x" is "error" and "MDL006 x"; the colon of "flags: --now" is for the eye.
std::pair<std::string, std::string> first_word(std::string_view text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  std::string word(text.substr(0, end));
  if (word.ends_with(':')) word.pop_back();
  return {word, std::string(trimmed(text.substr(end)))};
}

void add_finding(Header& header, const Line& line, const std::string& file) {
  const auto [code, after] = first_word(line.rest);
  const std::size_t colon = after.find(": ");
  Expected finding{line.word, code, after.substr(0, colon), {}};
  if (code.empty() || finding.object.find('/') == std::string::npos) {
    refuse(
        file, line.number,
        line.word + " needs a code and an object: " + line.word + " MDL006 deployment/team-a/chat");
  }
  if (colon != std::string::npos) {
    finding.details.push_back({line.number, "says", after.substr(colon + 2)});
  }
  header.findings.push_back(std::move(finding));
}

// "--whole-cluster --now T" as one line per flag.
void add_flags(Header& header, const Line& line) {
  for (std::string_view rest = line.rest; !rest.empty();) {
    const auto [word, after] = first_word(rest);
    if (word.starts_with("--") || header.flags.empty()) {
      header.flags.push_back({line.number, word, {}});
    } else {
      header.flags.back().rest = word;
    }
    rest = rest.substr(rest.size() - after.size());
  }
}

void add_line(Header& header, Line line, const std::string& file) {
  if (line.word == "why") return;
  if (line.word == "flags") return add_flags(header, line);
  if (is_one_of(levels, line.word)) return add_finding(header, line, file);
  if (is_one_of(setups, line.word)) return header.setup.push_back(std::move(line));
  if (is_one_of(verdicts, line.word)) return header.verdicts.push_back(std::move(line));
  if (!is_one_of(details, line.word)) {
    refuse(file, line.number,
           "unknown word \"" + line.word +
               "\": a header knows error, warning, info; says, field, evidence, remedy, note, "
               "model, folds, follows, related, count, not; nothing, undetermined, skipped, "
               "inapplicable; "
               "flags, on, without, log, answer, probed, fault, why");
  }
  if (header.findings.empty()) {
    refuse(file, line.number, '"' + line.word + "\" stands before the finding it is about");
  }
  if (line.rest.empty()) refuse(file, line.number, '"' + line.word + "\" of what?");
  header.findings.back().details.push_back(std::move(line));
}

Header read_header(std::string_view text, const std::string& file) {
  Header header;
  std::size_t number = 0;
  for (const std::string_view raw : base::split(text, '\n')) {
    ++number;
    if (!raw.starts_with('#')) break;
    auto [word, rest] = first_word(trimmed(raw.substr(1)));
    if (!word.empty()) add_line(header, {number, word, rest}, file);
  }
  if (header.findings.empty() && header.verdicts.empty()) {
    refuse(file, 1, "the header says neither a finding (# error CODE object) nor # nothing");
  }
  return header;
}

// "pods", "modeladapters.model.aibrix.ai".
const kube::Resource& resource_of(const Line& flag, const std::string& file) {
  for (const kube::Resource* r : aibrix::resources::all()) {
    if (flag.rest == r->plural || flag.rest == kube::full_name(*r)) return *r;
  }
  refuse(file, flag.number, flag.word + ": no check reads \"" + flag.rest + '"');
}

void apply_flag(Cluster& cluster, const Line& flag, const std::string& file,
                std::vector<std::string>& codes) {
  const auto is = [&](std::string_view word) { return flag.word == word; };
  if (is("--whole-cluster")) return void(cluster.complete());
  if (is("--live")) return void(cluster.live());
  if (is("--now")) return void(cluster.at(flag.rest));
  if (is("--model")) return void(cluster.ask_for(flag.rest));
  if (is("--with")) return codes.push_back(flag.rest);
  if (is("--complete")) return void(cluster.complete(resource_of(flag, file)));
  if (is("--forbid")) return void(cluster.forbid(resource_of(flag, file)));
  if (is("--fail")) return void(cluster.fail(resource_of(flag, file)));
  if (is("--absent")) return void(cluster.absent(resource_of(flag, file)));
  if (is("--not-recorded")) return void(cluster.not_recorded(resource_of(flag, file)));
  refuse(file, flag.number,
         "unknown flag \"" + flag.word +
             "\": there are --whole-cluster, --live, --now TIME, --model NAME, --with CODE, and "
             "--complete, --forbid, --fail, --absent, --not-recorded KIND");
}

std::string base_objects(const Line& line, const std::string& file) {
  std::ifstream in(SOURCE_DIR "/tests/cases/on/" + line.rest + ".yaml");
  if (!in) refuse(file, line.number, "there is no tests/cases/on/" + line.rest + ".yaml");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// "team-a/chat-0 engine ValueError: …": one line of that container's log.
void add_log(Cluster& cluster, const Line& line, const std::string& file) {
  const auto [pod, after] = first_word(line.rest);
  const auto [container, text] = first_word(after);
  if (text.empty()) refuse(file, line.number, "log NAMESPACE/POD CONTAINER LINE");
  cluster.log(pod, container, text);
}

// "team-a/chat-0 8000 /v1/models 200 {…}", "team-a/chat-0 8000 /health 0 connection refused".
void add_answer(Cluster& cluster, const Line& line, const std::string& file) {
  const auto [pod, after_pod] = first_word(line.rest);
  const auto [port, after_port] = first_word(after_pod);
  const auto [path, after_path] = first_word(after_port);
  const auto [status, body] = first_word(after_path);
  if (status.empty()) refuse(file, line.number, "answer NAMESPACE/POD PORT PATH STATUS BODY");
  cluster.answer(pod, std::stoi(port), path, std::stoi(status), body);
}

// The objects of a case, and those behind `# after:`, where it has that line.
std::pair<std::string_view, std::optional<std::string_view>> parts_of(std::string_view text) {
  constexpr std::string_view mark = "\n# after:";
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {text, std::nullopt};
  const std::size_t end = std::min(text.find('\n', at + 1), text.size());
  return {text.substr(0, at + 1), text.substr(end)};
}

void apply_flags(const Header& header, const std::string& file, Cluster& cluster,
                 std::vector<std::string>& codes) {
  for (const Line& flag : header.flags) apply_flag(cluster, flag, file, codes);
}

// "broken FILE 7:5 the parser's words", "nameless FILE 3:1 Pod without metadata.name"
void add_fault(Cluster& cluster, const Line& line, const std::string& file) {
  const auto [kind, after] = first_word(line.rest);
  const std::size_t end = after.find(' ');
  const std::string_view rest = std::string_view(after).substr(std::min(end, after.size()));
  const std::size_t colon = rest.find(':');
  const std::size_t words = rest.find(' ', colon);
  constexpr std::string_view kinds[] = {"broken", "nameless", "ended-rule", "idle-rule"};
  if (std::ranges::find(kinds, kind) == std::end(kinds) || words == std::string_view::npos) {
    refuse(file, line.number,
           "fault needs broken, nameless, ended-rule or idle-rule, a file, LINE:COLUMN and words");
  }
  kube::FileFault fault;
  if (kind == "nameless") fault.kind = kube::FileFault::Kind::nameless;
  if (kind == "ended-rule") fault.kind = kube::FileFault::Kind::ended_rule;
  if (kind == "idle-rule") fault.kind = kube::FileFault::Kind::idle_rule;
  fault.file = after.substr(0, end);
  fault.line = static_cast<std::uint32_t>(std::stoul(std::string(rest.substr(0, colon))));
  fault.column =
      static_cast<std::uint32_t>(std::stoul(std::string(rest.substr(colon + 1, words - colon))));
  fault.what = trimmed(rest.substr(words));
  cluster.fault(std::move(fault));
}

Cluster cluster_of(const Header& header, std::string_view text, const std::string& file) {
  Cluster cluster;
  for (const Line& line : header.setup) {
    if (line.word == "on") cluster.yaml(base_objects(line, file));
  }
  for (const Line& line : header.setup) {
    if (line.word == "log") add_log(cluster, line, file);
    if (line.word == "answer") add_answer(cluster, line, file);
    if (line.word == "probed") cluster.probed();
    if (line.word == "fault") add_fault(cluster, line, file);
    if (line.word != "without") continue;
    if (!cluster.remove(line.rest)) refuse(file, line.number, "there is no " + line.rest);
  }
  cluster.yaml(parts_of(text).first);
  return cluster;
}

checks::Outcomes run_case(const Header& header, std::string_view code, std::string_view text,
                          const std::string& file) {
  Cluster cluster = cluster_of(header, text, file);
  std::vector<std::string> codes = {std::string(code)};
  apply_flags(header, file, cluster, codes);
  return run(codes, cluster);
}

// By a command of its own, or a manifest: not one of aibrixctl's fixes, which have their own tests.
bool changes(const checks::Remedy& remedy) {
  return !remedy.manifest.empty() ||
         (remedy.command.program == "kubectl" && remedy.command.writes() &&
          std::none_of(remedy.command.words.begin(), remedy.command.words.end(),
                       [](const checks::Word& word) { return word.text == "edit"; }));
}

bool is_there(const std::vector<Finding>& findings, const Finding& wanted) {
  const auto same = [&](std::string_view code, const checks::Subject& subject) {
    return code == wanted.code && subject.ref == wanted.subject.ref;
  };
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) {
    return same(f.code, f.subject) ||
           std::any_of(f.symptoms.begin(), f.symptoms.end(),
                       [&](const auto& s) { return same(s.code, s.subject); });
  });
}

std::string told(const checks::Evidence& e) {
  return e.key + ": " + e.value + (e.want.empty() ? "" : " (want " + e.want + ')');
}

// Every text of a finding that `word` may speak of, in the finding's order.
std::vector<std::string> texts_of(const Finding& f, std::string_view word) {
  std::vector<std::string> out;
  const bool any = word == "not";
  if (any || word == "says") out.push_back(checks::headline(f));
  if (any || word == "field") out.push_back(f.subject.path);
  if (any || word == "evidence") {
    for (const auto& e : f.evidence) out.push_back(told(e));
  }
  if (any || word == "remedy") {
    for (const auto& r : f.remedies) {
      out.push_back(r.text + (r.command.empty() ? "" : ": " + checks::to_shell(r.command)));
      if (!r.manifest.empty()) out.back() += '\n' + r.manifest;
    }
  }
  if (any || word == "note") out.insert(out.end(), f.notes.begin(), f.notes.end());
  if (word == "model") out = f.models;
  if (word == "related") {
    for (const auto& r : f.related) out.push_back(kube::to_string(r.ref));
  }
  if (word == "folds") {
    for (const auto& s : f.symptoms) {
      out.push_back(s.code + ' ' + kube::to_string(s.subject.ref) + ": " + s.title);
    }
  }
  if (word == "follows") {
    for (const auto& c : f.causes) out.push_back(c.code + ' ' + kube::to_string(c.object));
    if (f.causes.empty()) out.emplace_back("nothing");
  }
  return out;
}

// "remedy 3": how many there are.
bool counts(const Line& detail, const Finding& f) {
  const auto [word, number] = first_word(detail.rest);
  const auto count = word == "follows" ? f.causes.size() : texts_of(f, word).size();
  return number == std::to_string(count);
}

// Details of one word must be met in their order, as the report shows them in that order.
std::string compare(const Expected& expected, const Finding& f) {
  std::string out;
  for (const char* word : details) {
    const std::vector<std::string> texts = texts_of(f, word);
    std::size_t from = 0;
    for (const Line& detail : expected.details) {
      if (detail.word != word) continue;
      const auto at = std::find_if(
          texts.begin() + static_cast<std::ptrdiff_t>(from), texts.end(),
          [&](const std::string& text) { return text.find(detail.rest) != std::string::npos; });
      const bool met = detail.word == "count" ? counts(detail, f) : at != texts.end();
      if (met && at != texts.end() && detail.word != "not")
        from = static_cast<std::size_t>(at - texts.begin()) + 1;
      if (met == (detail.word == "not")) {
        out += "line " + std::to_string(detail.number) + ": " + expected.code + ' ' +
               expected.object + (met ? " does say: " : " does not have " + detail.word + ": ") +
               detail.rest + '\n';
      }
    }
  }
  return out;
}

bool is_meant(const Expected& expected, const Finding& f) {
  return expected.level == checks::to_string(f.level) && expected.code == f.code &&
         expected.object == kube::to_string(f.subject.ref);
}

// One finding per line that tells of one, and none that no line tells of. Where one check says two
// things of one object, what each says tells them apart.
std::string compare_findings(const std::vector<Expected>& expected, std::vector<Finding> found) {
  std::string out;
  for (const Expected& e : expected) {
    std::string nearest;
    auto best = found.end();
    for (auto f = found.begin(); f != found.end(); ++f) {
      if (!is_meant(e, *f)) continue;
      const std::string differs = compare(e, *f);
      if (best != found.end() && differs.size() >= nearest.size()) continue;
      best = f;
      nearest = differs;
    }
    if (best == found.end()) {
      out += "not found: " + e.level + ' ' + e.code + ' ' + e.object + '\n';
    } else {
      out += nearest;
      found.erase(best);
    }
  }
  for (const Finding& f : found) {
    out += "not expected: " + std::string(checks::to_string(f.level)) + ' ' + f.code + ' ' +
           kube::to_string(f.subject.ref) + ": " + checks::headline(f) + '\n';
  }
  return out;
}

const checks::CheckOutcome& outcome_of(const checks::Outcomes& outcomes, std::string_view code) {
  return *std::find_if(outcomes.checks.begin(), outcomes.checks.end(),
                       [&](const auto& c) { return c.check->code == code; });
}

// What became of the check, in the header's words; empty where its findings say it all.
std::pair<std::string, std::string> verdict(const checks::CheckOutcome& c) {
  switch (c.outcome) {
    case checks::Outcome::ok: return {"nothing", c.measured};
    case checks::Outcome::found:
      return c.partial ? std::pair<std::string, std::string>{"undetermined", c.detail}
                       : std::pair<std::string, std::string>{};
    case checks::Outcome::skipped:
      return {c.reason == checks::Reason::not_applicable ? "inapplicable" : "skipped", c.detail};
    case checks::Outcome::undetermined: return {"undetermined", c.detail};
    case checks::Outcome::crashed: return {"crashed", c.detail};
  }
  return {};
}

std::string compare_verdict(const Header& header, const checks::CheckOutcome& c) {
  const auto [word, detail] = verdict(c);
  if (word == "crashed") return "the check threw: " + detail + '\n';
  std::string out;
  for (const Line& line : header.verdicts) {
    if (line.word == word && detail.find(line.rest) != std::string::npos) continue;
    out +=
        "line " + std::to_string(line.number) + ": not so: " + line.word + ' ' + line.rest + '\n';
  }
  return out;
}

}  // namespace

std::string as_header(std::string_view code, const checks::Outcomes& outcomes) {
  std::string out;
  for (const Finding& f : outcomes.findings) {
    out += "# " + std::string(checks::to_string(f.level)) + ' ' + f.code + ' ' +
           kube::to_string(f.subject.ref) + ": " + checks::headline(f) + '\n';
    for (const char* word : details) {
      if (is_one_of(std::array{"says", "count", "not"}, word)) continue;
      for (const std::string& text : texts_of(f, word)) {
        if (text.empty() || (std::string_view(word) == "follows" && f.causes.empty())) continue;
        out += "#   " + std::string(word) + ' ' + text.substr(0, text.find('\n')) + '\n';
      }
    }
  }
  const auto [word, detail] = verdict(outcome_of(outcomes, code));
  if (!word.empty()) out += "# " + word + (detail.empty() ? "" : ": " + detail) + '\n';
  return out;
}

std::string judge_case(std::string_view code, std::string_view text, const std::string& file) {
  const Header header = read_header(text, file);
  const checks::Outcomes outcomes = run_case(header, code, text, file);
  const std::string differs = compare_findings(header.findings, outcomes.findings) +
                              compare_verdict(header, outcome_of(outcomes, code));
  if (differs.empty()) return {};
  return file + '\n' + differs + "it found:\n" + as_header(code, outcomes);
}

std::vector<Finding> found_in_case(std::string_view code, std::string_view text,
                                   const std::string& file) {
  return run_case(read_header(text, file), code, text, file).findings;
}

namespace {

// What it does lies outside the objects: a manifest at an address, pods that are made anew.
bool acts_elsewhere(const checks::Remedy& remedy) {
  const std::string shown = checks::to_shell(remedy.command);
  return shown.find("://") != std::string::npos ||
         shown.find("rollout restart") != std::string::npos;
}

// Carries remedies of one case out.
class Prover {
 public:
  Prover(std::string_view code, std::string_view text, const std::string& file)
      : header_(read_header(text, file)),
        code_(code),
        file_(file),
        after_(parts_of(text).second.value_or("")),
        before_(cluster_of(header_, text, file)) {}

  // Empty: `finding` is gone after it.
  std::string carry_out(const Finding& finding, const checks::Remedy& remedy) const {
    Objects objects(before_.snapshot());
    const std::string why =
        remedy.manifest.empty() ? objects.run(remedy.command) : objects.apply(remedy.manifest);
    if (!why.empty()) return why;
    if (stays(finding, std::move(objects))) return "the finding is still there";
    if (!acts_elsewhere(remedy) && !stays(finding, Objects(before_.snapshot()))) {
      return "what stands behind # after: takes the finding away alone";
    }
    return {};
  }

 private:
  bool stays(const Finding& finding, Objects objects) const {
    objects.follow(after_);
    Cluster cluster;
    cluster.yaml(objects.text());
    std::vector<std::string> codes = {code_};
    apply_flags(header_, file_, cluster, codes);
    return is_there(support::run(codes, cluster).findings, finding);
  }

  Header header_;
  std::string code_;
  const std::string& file_;
  std::string after_;
  Cluster before_;
};

}  // namespace

RemedyProof prove_remedies(std::string_view code, std::string_view text, const std::string& file) {
  RemedyProof proof;
  proof.asked = parts_of(text).second.has_value();
  const Prover prover(code, text, file);
  for (const Finding& f : found_in_case(code, text, file)) {
    if (f.code != code) continue;
    for (const checks::Remedy& remedy : f.remedies) {
      if (!changes(remedy)) continue;
      ++proof.changes;
      const std::string why = proof.asked ? prover.carry_out(f, remedy) : std::string();
      if (!why.empty()) proof.failures += file + ": " + remedy.text + ": " + why + '\n';
    }
  }
  return proof;
}

bool expects_finding(std::string_view code, std::string_view text, const std::string& file) {
  for (const Expected& e : read_header(text, file).findings) {
    if (e.code == code) return true;
    for (const Line& detail : e.details) {
      if (detail.word == "folds" && detail.rest.starts_with(code)) return true;
    }
  }
  return false;
}

}  // namespace support
