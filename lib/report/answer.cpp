// The text of an explained answer and of the catalogue.
#include "report/answer.hpp"

#include <algorithm>

#include "aibrix/strategy.hpp"
#include "base/text.hpp"
#include "kube/redact/redact.hpp"
#include "report/finding_brief.hpp"
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
    if (e_.follows) return follows();
    out_ += block(meaning(), "  ", "  ", columns_);
    facts();
    if (style_.verbose) found();
    causes();
    findings();
    verdict();
    return std::move(out_);
  }

 private:
  using State = CauseVerdict::State;

  void title(std::string_view text) { out_ += '\n' + paint(style_, Colour::bold, text) + '\n'; }

  std::string where() const {
    if (e_.answer.line == 0) return {};
    std::vector<std::string> lines = {std::to_string(e_.answer.line)};
    constexpr std::size_t shown = 5;
    for (const std::size_t line : e_.repeated) {
      if (lines.size() < shown) lines.push_back(std::to_string(line));
    }
    const bool more = e_.repeated.size() + 1 > shown;
    return (lines.size() == 1 ? " (line " : " (lines ") + base::join(lines, ", ") +
           (more ? ", …)" : ")");
  }

  void evidence() {
    for (const std::string& clue : e_.match.evidence) {
      out_ += block(base::printable(clue), "  ", "    ", columns_);
    }
  }

  void found() {
    if (e_.match.evidence.empty()) return;
    title("Found in the input");
    evidence();
  }

  std::string unknown() {
    out_ += paint(style_, Colour::warning, "Unrecognized response") + ": " +
            std::string(aibrix::to_string(e_.answer.form));
    if (!e_.match.sender.empty()) out_ += ", " + base::printable(e_.match.sender);
    out_ += where() + '\n';
    if (!e_.match.evidence.empty()) out_ += "Found in the input:\n";
    evidence();
    return std::move(out_);
  }

  void headline() {
    const ResponsePattern& kind = *e_.match.kind;
    std::string head;
    if (e_.answer.status != 0) head = std::to_string(e_.answer.status);
    const bool good = kind.id.starts_with("ok-");
    const bool proven = kind.source != aibrix::ResponseSource::unknown;
    if (!head.empty()) head += proven ? " " : ", ";
    head += good     ? "through the gateway"
            : proven ? "from " + base::printable(e_.match.sender)
                     : base::printable(e_.match.sender);
    out_ += paint(style_, good ? Colour::ok : Colour::error, head) + ": " + std::string(kind.id) +
            where() + '\n';
  }

  std::string follows() {
    out_ += block("This follows from the error above.", "  ", "  ", columns_);
    return std::move(out_);
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
    const bool told = r.kind->source == aibrix::ResponseSource::plugin || !r.kind->releases.any();
    if (told) parts.push_back("AIBrix " + r.releases.text());
    if (const std::string model = r.model(); !model.empty())
      parts.push_back("model " + base::printable(model));
    for (const auto& [name, value] : r.names) {
      if (name != "model" && name != "ns") parts.push_back(name + ' ' + base::printable(value));
    }
    if (const std::string* location = e_.answer.header("location"); location != nullptr) {
      parts.push_back("Location: " + base::printable(kube::redact_url(*location)));
    }
    const auto strategy = r.names.find("strategy");
    if (strategy != r.names.end() && r.kind->id.starts_with("strategy-")) {
      // What every release would say of it; the installed one may know fewer.
      for (const aibrix::StrategyFault& fault : aibrix::strategy_faults(strategy->second, {})) {
        parts.push_back(base::printable(aibrix::describe(fault)) +
                        (fault.nearest.empty() ? "" : ", did you mean " + fault.nearest + "?"));
      }
    }
    if (!parts.empty()) out_ += block(base::join(parts, "; "), "  Details: ", "    ", columns_);
  }

  // A cause that is proven leaves the others to -v; what was ruled out is only counted.
  bool is_shown(const CauseVerdict& v, bool confirmed) const {
    if (style_.verbose) return true;
    return confirmed ? v.state == State::holds : v.state != State::ruled_out;
  }

  // As they are judged; without a cluster as the catalogue has them.
  std::vector<CauseVerdict> verdicts() const {
    if (e_.checked) return e_.causes;
    std::vector<CauseVerdict> out;
    for (const aibrix::ResponseCause& cause : e_.match.kind->causes) {
      out.emplace_back();
      out.back().cause = &cause;
    }
    return out;
  }

  void causes() {
    const auto all = verdicts();
    if (all.empty()) return;
    constexpr std::size_t most = 3;
    const bool confirmed = std::any_of(
        all.begin(), all.end(), [](const CauseVerdict& v) { return v.state == State::holds; });
    title(all.size() == 1 ? "Possible cause" : "Possible causes, most likely first");
    std::size_t number = 0;
    std::size_t shown = 0;
    std::size_t out_of_it = 0;
    for (const CauseVerdict& v : all) {
      ++number;
      if (v.state == State::ruled_out && !confirmed) ++out_of_it;
      if (!is_shown(v, confirmed) || (!style_.verbose && shown == most)) continue;
      cause(number, v);
      ++shown;
    }
    const std::size_t hidden = all.size() - shown;
    if (hidden == 0) return;
    std::string text = std::to_string(hidden) + " more with -v";
    if (out_of_it != 0) text += ", " + std::to_string(out_of_it) + " of them ruled out";
    out_ += block(text, "  ", "  ", columns_);
  }

  void cause(std::size_t number, const CauseVerdict& v) {
    const std::string label = std::to_string(number) + ". ";
    std::string text;
    if (e_.checked && v.state == State::holds) text = "CONFIRMED: ";
    text += v.cause->text;
    if (!v.cause->codes.empty() && (style_.verbose || !e_.checked))
      text += " (" + base::join(codes(*v.cause), ", ") + ')';
    if (e_.checked && v.state != State::holds) text += ": " + std::string(to_string(v.state));
    if (!v.why.empty()) text += " (" + base::printable(v.why) + ')';
    out_ += block(text, "  " + label, std::string(2 + label.size(), ' '), columns_);
  }

  static std::vector<std::string> codes(const aibrix::ResponseCause& cause) {
    std::vector<std::string> out;
    for (const aibrix::Code code : cause.codes) out.emplace_back(code.text());
    return out;
  }

  void findings() {
    if (e_.proofs.empty()) return;
    if (style_.verbose) {
      for (const checks::Finding* f : e_.proofs) out_ += '\n' + finding_text(*f, style_);
      return;
    }
    out_ += '\n' + finding_brief(*e_.proofs.front(), style_);
    for (std::size_t i = 1; i < e_.proofs.size(); ++i) {
      const checks::Finding& f = *e_.proofs[i];
      out_ += block("also " + std::string(f.code.text()) + ": " + base::printable(f.title), "  ",
                    "    ", columns_);
    }
  }

  bool any_checkable() const {
    return std::any_of(e_.match.kind->causes.begin(), e_.match.kind->causes.end(),
                       [](const auto& cause) { return !cause.codes.empty() || cause.by_path; });
  }

  void verdict() {
    const bool good = e_.match.kind->id.starts_with("ok-");
    if (good || e_.match.kind->causes.empty()) return;
    if (!e_.checked) {
      if (!any_checkable()) return;
      const std::string model = e_.match.model();
      checks::Command doctor = checks::aibrixctl("doctor");
      if (is_plain(model)) doctor.with(model);
      checks::add_cluster_flags(doctor, e_.cluster_flags);
      out_ += "\nnext: " + paint(style_, Colour::bold, checks::to_shell(doctor)) +
              "   or explain - --doctor, to see which of these holds\n";
      return;
    }
    const bool confirmed = std::any_of(e_.causes.begin(), e_.causes.end(),
                                       [](const auto& v) { return v.state == State::holds; });
    if (confirmed || !any_checkable()) return;
    const bool plugin = e_.match.kind->source == aibrix::ResponseSource::plugin;
    out_ += '\n' +
            block(std::string("No cause could be confirmed; it may have been fixed since") +
                      (plugin ? " (the gateway plugin remembers a route's state for 30 s)." : "."),
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
  section(out, "AIBrix's gateway plugin: its log", aibrix::plugin_logs(), style);
  section(out, "Envoy", aibrix::envoy_responses(), style);
  section(out, "Proxies and other servers", aibrix::foreign_responses(), style);
  section(out, "Engines; good answers", aibrix::other_responses(), style);
  section(out, "The Kubernetes API server, kubectl, Helm", aibrix::api_responses(), style);
  section(out, "Logs and events of other components", aibrix::component_logs(), style);
  section(out, "Conditions of namespaces", aibrix::namespace_conditions(), style);
  section(out, "Clients that got no answer", aibrix::client_responses(), style);
  return out;
}

}  // namespace report
