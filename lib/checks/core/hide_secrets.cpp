// Findings without the secrets of the objects they speak of.
#include "checks/core/hide_secrets.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "kube/redact/redact.hpp"

namespace checks {
namespace {

using kube::redact_in_place;

// The words of a command that hold a secret. Its own expressions ("$API_KEY") hold none.
bool holds_secret(const Command& command) {
  std::vector<std::string_view> words;
  for (const Word& w : command.words) {
    if (w.kind != Word::Kind::expression) words.push_back(w.text);
  }
  const std::string_view program[] = {command.program};
  const std::vector<std::string> clean = kube::redact_arguments(words, program);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != clean[i] || kube::holds_placeholder(words[i])) return true;
  }
  return !secret_lines(command.input).empty() ||
         std::ranges::any_of(command.next, [](const Command& c) { return holds_secret(c); });
}

void hide(Remedy& remedy) {
  redact_in_place(remedy.text);
  const std::vector<std::string> lines = secret_lines(remedy.manifest);
  if (!lines.empty()) {
    remedy.text += "; its manifest is not shown because it would contain secrets (" +
                   base::join(lines, ", ") + "): edit the object directly";
    remedy.manifest.clear();
    remedy.command = {};
    remedy.confidence = Confidence::manual;
  }
  if (holds_secret(remedy.command)) {
    remedy.text += "; the command is not shown because it would contain a secret";
    remedy.command = {};
    remedy.confidence = Confidence::manual;
  }
  if (holds_secret(remedy.undo)) remedy.undo = {};
}

}  // namespace

std::vector<std::string> secret_lines(std::string_view text) {
  std::vector<std::string> out;
  if (text.empty()) return out;
  const std::string clean = kube::redact_text(text);
  if (clean == text && !kube::holds_placeholder(text)) return out;
  std::size_t number = 0;
  for (const std::string_view line : base::split(clean, '\n')) {
    ++number;
    if (!kube::holds_placeholder(line)) continue;
    const std::string_view trimmed = base::trim(line);
    const std::string_view key = trimmed.substr(0, trimmed.find_first_of(": ="));
    out.push_back((kube::holds_placeholder(key) ? std::string() : base::printable(key) + " in ") +
                  "line " + std::to_string(number));
  }
  return out;
}

void hide_secrets(Finding& f) {
  redact_in_place(f.title);
  redact_in_place(f.consequence);
  for (Evidence& e : f.evidence) {
    redact_in_place(e.key);
    redact_in_place(e.value);
    redact_in_place(e.want);
  }
  for (std::string& note : f.notes) redact_in_place(note);
  for (Symptom& symptom : f.symptoms) redact_in_place(symptom.title);
  for (Remedy& remedy : f.remedies) hide(remedy);
}

void hide_secrets(Outcomes& outcomes) {
  for (Finding& f : outcomes.findings) hide_secrets(f);
  for (CheckOutcome& o : outcomes.checks) {
    redact_in_place(o.detail);
    redact_in_place(o.measured);
  }
}

}  // namespace checks
