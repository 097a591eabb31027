// The text of an explained answer and of the catalogue.
#include "report/answer.hpp"

#include <algorithm>

#include "aibrix/strategy.hpp"
#include "base/text.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"

namespace report {
namespace {

using aibrix::ResponsePattern;
using checks::CauseVerdict;

std::string statuses_of(const ResponsePattern& kind) {
  std::vector<std::string> out;
  for (const int status : kind.statuses) {
    if (status != 0) out.push_back(std::to_string(status));
  }
  return base::join(out, "/");
}

// The name of a model, as pasted text has it, in a command somebody may run.
bool is_plain(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/:").find(c) != std::string_view::npos;
  });
}

class AnswerPage {
 public:
  AnswerPage(const Explained& e, const Style& style)
      : e_(e), style_(style), columns_(columns(style)) {}

  std::string render() {
    if (e_.match.kind == nullptr) return unknown();
    headline();
    line("What it means", meaning());
    facts();
    causes();
    for (auto f = e_.proofs.rbegin(); f != e_.proofs.rend(); ++f) {
      out_ += '\n' + finding_text(**f, style_);
    }
    verdict();
    return std::move(out_);
  }

 private:
  void line(std::string_view label, std::string_view text) {
    out_ += '\n' + paint(style_, Colour::bold, label) + '\n' + block(text, "  ", "  ", columns_);
  }

  std::string where() const {
    return e_.answer.line == 0 ? std::string() : " (line " + std::to_string(e_.answer.line) + ")";
  }

  void evidence() {
    for (const std::string& clue : e_.match.evidence) {
      out_ += block(base::printable(clue), "  ", "    ", columns_);
    }
  }

  std::string unknown() {
    out_ += paint(style_, Colour::warning, "not in the catalogue: ") +
            std::string(aibrix::to_string(e_.answer.form)) + where() + '\n';
    if (!e_.match.evidence.empty()) out_ += "what was seen of it:\n";
    evidence();
    return std::move(out_);
  }

  void headline() {
    const ResponsePattern& kind = *e_.match.kind;
    std::string head;
    if (e_.answer.status != 0) head = std::to_string(e_.answer.status) + ' ';
    const bool good = kind.id.starts_with("ok-");
    head += good ? "through the gateway" : "from " + std::string(aibrix::to_string(kind.source));
    out_ += paint(style_, good ? Colour::ok : Colour::error, head) + ": " + std::string(kind.id) +
            where() + '\n';
    evidence();
  }

  std::string meaning() const {
    std::string text(e_.match.kind->meaning);
    if (!e_.match.also.empty()) {
      std::vector<std::string> ids;
      for (const ResponsePattern* other : e_.match.also) ids.emplace_back(other->id);
      text += " The text does not tell whether it is this or " + base::join_and(ids) + ".";
    }
    if (e_.match.odd_status) {
      text += " The status is not the one this answer comes with (" + statuses_of(*e_.match.kind) +
              ").";
    }
    return text;
  }

  void facts() {
    std::vector<std::string> parts;
    const auto& r = e_.match;
    if (r.kind->source == aibrix::ResponseSource::plugin)
      parts.push_back("said by " + r.releases.text());
    if (const std::string model = r.model(); !model.empty())
      parts.push_back("model " + base::printable(model));
    for (const auto& [name, value] : r.names) {
      if (name != "model" && name != "ns") parts.push_back(name + ' ' + base::printable(value));
    }
    const auto strategy = r.names.find("strategy");
    if (strategy != r.names.end() && r.kind->id.starts_with("strategy-")) {
      // What every release would say of it; the installed one may know fewer.
      for (const aibrix::StrategyFault& fault : aibrix::strategy_faults(strategy->second, {})) {
        parts.push_back(base::printable(aibrix::describe(fault)) +
                        (fault.nearest.empty() ? "" : ", did you mean " + fault.nearest + "?"));
      }
    }
    if (!parts.empty()) line("What it tells", base::join(parts, "\n"));
  }

  void causes() {
    if (e_.match.kind->causes.empty()) return;
    out_ += '\n' + paint(style_, Colour::bold, "What brings it about, most likely first") + '\n';
    int number = 0;
    for (const aibrix::ResponseCause& cause : e_.match.kind->causes) {
      const std::string label = std::to_string(++number) + ". ";
      std::string text(cause.text);
      if (!cause.codes.empty()) text += " (" + base::join(codes(cause), ", ") + ')';
      if (e_.checked) text += state(static_cast<std::size_t>(number - 1));
      out_ += block(text, "  " + label, std::string(2 + label.size(), ' '), columns_);
    }
  }

  static std::vector<std::string> codes(const aibrix::ResponseCause& cause) {
    std::vector<std::string> out;
    for (const aibrix::Code code : cause.codes) out.emplace_back(code.text());
    return out;
  }

  std::string state(std::size_t i) const {
    const CauseVerdict& v = e_.causes[i];
    std::string text = ": " + std::string(to_string(v.state));
    if (v.state == CauseVerdict::State::holds) text = ": THIS HOLDS";
    if (!v.why.empty()) text += " (" + base::printable(v.why) + ')';
    return text;
  }

  void verdict() {
    const bool good = e_.match.kind->id.starts_with("ok-");
    if (good) return;
    if (!e_.checked) {
      const std::string model = e_.match.model();
      checks::Command doctor = checks::aibrixctl("doctor");
      if (is_plain(model)) doctor.with(model);
      checks::add_cluster_flags(doctor, e_.cluster_flags);
      out_ += "\nnext: " + paint(style_, Colour::bold, checks::to_shell(doctor)) +
              "   or explain - --doctor, to see which of these holds\n";
      return;
    }
    if (!e_.proofs.empty()) return;
    out_ +=
        '\n' + block(
                   "None of the causes that a cluster's objects can show holds now: it is one of "
                   "the others, or it was repaired meanwhile (the gateway plugin remembers a "
                   "route's state for 30 s).",
                   "", "", columns_);
  }

  const Explained& e_;
  const Style& style_;
  std::size_t columns_;
  std::string out_;
};

void section(std::string& out, std::string_view title, std::span<const ResponsePattern> rows,
             const Style& style) {
  out += (out.empty() ? "" : "\n") + paint(style, Colour::bold, title) + '\n';
  for (const ResponsePattern& row : rows) {
    const std::string status = statuses_of(row);
    std::string shown;
    const auto add = [&shown](std::string_view text) {
      if (!text.empty()) shown.append(shown.empty() ? "" : "; ").append(text);
    };
    if (!row.header.empty()) add("header " + std::string(row.header));
    if (!row.flag.empty()) add("flag " + std::string(row.flag));
    add(row.message);
    if (row.message.empty() && !row.log.empty()) add("log " + std::string(row.log));
    if (row.bare) add("no body, no header of AIBrix's");
    if (!row.releases.any()) add(row.releases.text());
    out += block(std::string(row.id), "  " + pad(status, 12), std::string(14, ' '), columns(style));
    out += block(shown, std::string(16, ' '), std::string(18, ' '), columns(style));
  }
}

}  // namespace

std::string answer_text(const Explained& explained, const Style& style) {
  return AnswerPage(explained, style).render();
}

std::string catalogue_text(const Style& style) {
  std::string out;
  section(out, "AIBrix's gateway plugin: models, pods, strategies", aibrix::plugin_responses(),
          style);
  section(out, "AIBrix's gateway plugin: HTTPRoutes", aibrix::route_responses(), style);
  section(out, "AIBrix's gateway plugin: requests, users, limits", aibrix::plugin_refusals(),
          style);
  section(out, "Envoy", aibrix::envoy_responses(), style);
  section(out, "Engines, the Kubernetes API server, clients; good answers",
          aibrix::other_responses(), style);
  return out;
}

}  // namespace report
