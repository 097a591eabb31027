// The layout of plans, their kubectl commands and their results.
#include "report/plan_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "fix/withheld.hpp"
#include "kube/redact/redact.hpp"
#include "report/finding_brief.hpp"
#include "report/layout.hpp"

namespace report {
namespace {

using checks::Command;
using fix::FindingChange;
using fix::Plan;
using fix::Step;
using fix::StepResult;

constexpr std::size_t most_steps = 12;  // shown whole; -v shows all
constexpr std::size_t most_findings = 12;
constexpr std::size_t label_width = 18;

std::size_t plan_columns(const Style& style) {
  return static_cast<std::size_t>(std::clamp(style.width, 40, 100));
}

std::string shown(std::string_view text) {
  return base::printable(text);
}

class PlanPage {
 public:
  PlanPage(const Plan& plan, const Style& style) : plan_(plan), style_(style) {}

  std::string render() {
    title();
    labelled("Cause", plan_.why);
    if (!plan_.summary.empty()) line("Checked", plan_.summary);
    out_ += '\n';
    steps();
    labelled("Notes", plan_.facts);
    const bool permanent = plan_.reversibility() == fix::Reversibility::permanent;
    advice(permanent ? "Try first" : "Alternatives", plan_.alternatives);
    labelled("Left alone", plan_.left_alone);
    labelled("Skipped", plan_.skipped);
    labelled("Not checked", plan_.unread);
    labelled("Remaining issues", plan_.remaining);
    advice("Manual cleanup", plan_.manual_steps);
    findings();
    advice("Blockers", plan_.blockers);
    return std::move(out_);
  }

 private:
  void title() {
    out_ += paint(style_, Colour::bold,
                  checks::to_shell(plan_.fix == "undo" ? checks::aibrixctl("undo")
                                                       : checks::aibrixctl("fix", plan_.fix)));
    if (!plan_.asked.empty()) {
      out_ += "   " + shown(plan_.asked);
    } else if (!plan_.context.empty()) {
      out_ += "   context " + shown(plan_.context);
    }
    out_ += "\n\n";
  }

  void steps() {
    if (plan_.steps.empty()) {
      out_ += "Plan: nothing to change\n\n";
      return;
    }
    const bool permanent = plan_.reversibility() == fix::Reversibility::permanent;
    out_ += "Plan: " + base::plural(plan_.steps.size(), "step") +
            (permanent ? " (cannot be undone)" : " (can be undone)") + '\n';
    const std::size_t count =
        style_.verbose ? plan_.steps.size() : std::min(plan_.steps.size(), most_steps);
    for (std::size_t i = 0; i < count; ++i) step(plan_.steps[i]);
    if (count < plan_.steps.size()) {
      out_ += "  … and " + std::to_string(plan_.steps.size() - count) + " more; -v shows all\n";
    }
    out_ += '\n';
  }

  void step(const Step& s) {
    const std::string_view verb = s.verb == Step::Verb::create   ? "create "
                                  : s.verb == Step::Verb::remove ? "delete "
                                                                 : "";
    std::string head = "  " + paint(style_, Colour::bold, std::string(verb) + shown(s.id()));
    if (!s.uid.empty() && style_.verbose)
      head += paint(style_, Colour::dim, "  uid " + shown(s.uid));
    out_ += head + '\n' + block(shown(s.what), "    ", "    ", plan_columns(style_));
    if (!s.diff_path.empty() && !s.diff.empty()) {
      out_ += "    " + paint(style_, Colour::dim, "@@ " + shown(s.diff_path) + " @@") + '\n';
    }
    for (const fix::DiffLine& line : s.diff) {
      std::string text = "  " + std::string(1, line.mark) + ' ' + shown(line.text);
      const Colour colour = line.mark == '-'   ? Colour::error
                            : line.mark == '+' ? Colour::ok
                                               : Colour::none;
      text = "  " + paint(style_, colour, text);
      if (!line.note.empty()) text += paint(style_, Colour::dim, "   " + shown(line.note));
      out_ += text + '\n';
    }
    for (const std::string& cost : s.cost) {
      out_ += block("cost: " + shown(cost), "    ", "      ", plan_columns(style_));
    }
  }

  void line(std::string_view label, const std::string& text) {
    const std::string first =
        label.empty() ? std::string(label_width, ' ') : pad(label, label_width);
    out_ += block(shown(text), first, std::string(label_width, ' '), plan_columns(style_));
  }

  void labelled(std::string_view label, const std::vector<std::string>& texts) {
    const std::size_t count = style_.verbose ? texts.size() : std::min(texts.size(), most_steps);
    for (std::size_t i = 0; i < count; ++i) line(i == 0 ? label : "", texts[i]);
    if (count < texts.size())
      line("", "… and " + std::to_string(texts.size() - count) + " more; -v shows all");
  }

  void advice(std::string_view label, const std::vector<fix::Advice>& list) {
    const std::size_t count = style_.verbose ? list.size() : std::min(list.size(), most_steps);
    for (std::size_t i = 0; i < count; ++i) {
      line(i == 0 ? label : "", list[i].text);
      if (!list[i].command.empty()) {
        out_ += command_lines(list[i].command, label_width, style_);
      }
    }
    if (count < list.size())
      line("", "… and " + std::to_string(list.size() - count) + " more; -v shows all");
  }

  void findings() {
    std::size_t unchanged = 0;
    std::vector<std::string> lines;
    for (const FindingChange& c : plan_.findings) {
      if (c.state == FindingChange::State::unchanged) {
        ++unchanged;
        continue;
      }
      lines.push_back((c.state == FindingChange::State::fixed ? "fixed   " : "new     ") + c.code +
                      ' ' + c.title);
    }
    if (unchanged != 0) lines.push_back(base::plural(unchanged, "other finding") + " unchanged");
    if (lines.size() > most_findings && !style_.verbose) {
      const std::size_t more = lines.size() - most_findings;
      lines.resize(most_findings);
      lines.push_back("… and " + std::to_string(more) + " more; -v shows all");
    }
    labelled("Findings", lines);
  }

  const Plan& plan_;
  const Style& style_;
  std::string out_;
};

}  // namespace

checks::Command step_command(const Step& step) {
  const std::string resource = kube::full_name(*step.resource);
  const std::string& ns = step.object.ns;
  switch (step.verb) {
    case Step::Verb::patch:
      return checks::kubectl(ns, "patch")
          .on(resource, step.object.name)
          .with("--type=json", "-p", fix::to_json(step.patch));
    case Step::Verb::create: {
      Command create = checks::kubectl("", "create", "-f", "-");
      create.input = step.body;
      return create;
    }
    case Step::Verb::remove: return checks::kubectl(ns, "delete").on(resource, step.object.name);
  }
  return {};
}

std::string plan_text(const Plan& plan, const Style& style) {
  const Plan clean = fix::without_secrets(plan);
  return PlanPage(clean, style).render();
}

std::string plan_kubectl(const Plan& plan, std::span<const checks::Word> flags) {
  std::string out;
  for (const Step& step : plan.steps) {
    out += "# " + base::printable(step.id()) + ": " +
           base::printable(kube::redact_text(step.what)) + '\n';
    if (step.verb == Step::Verb::remove)
      out += "# only while its uid is " + base::printable(step.uid) + '\n';
    const fix::SecretFields secrets = fix::secret_fields(step);
    if (!secrets.patch.empty() || !secrets.body.empty()) {
      out += "# not printed, it holds secrets (" +
             base::printable(base::join(secrets.all(), ", ")) +
             "): apply it with aibrixctl fix … --apply\n";
      continue;
    }
    Command command = step_command(step);
    checks::add_cluster_flags(command, flags);
    out += checks::to_shell(command) + '\n';
  }
  return out;
}

std::string step_line(const Step& step, const StepResult& result, const Style& style) {
  const bool good = result.good();
  const bool unsent = result.state == StepResult::State::not_sent;
  const std::string_view mark = style.ascii ? (good     ? "ok  "
                                               : unsent ? "-   "
                                                        : "FAIL")
                                            : (good     ? "✔"
                                               : unsent ? "–"
                                                        : "✖");
  const Colour colour = good ? Colour::ok : unsent ? Colour::dim : Colour::error;
  const std::string_view word = result.state == StepResult::State::done
                                    ? (step.verb == Step::Verb::create   ? "created"
                                       : step.verb == Step::Verb::remove ? "deleted"
                                                                         : "patched")
                                    : fix::to_string(result.state);
  std::string line =
      "  " + paint(style, colour, mark) + ' ' + pad(word, 10) + ' ' + shown(step.id());
  if (!result.detail.empty()) line += ": " + shown(kube::redact_text(result.detail));
  return line + '\n';
}

std::string watched_line(const fix::Watched& watched, const Style& style) {
  const bool done = watched.state == fix::Watched::State::done;
  const std::string_view mark = style.ascii ? (done ? "ok  " : "-   ") : (done ? "✔" : "–");
  return "  " + paint(style, done ? Colour::ok : Colour::warning, mark) + ' ' +
         shown(kube::to_string(watched.object)) + ": " + shown(kube::redact_text(watched.text)) +
         '\n';
}

}  // namespace report
