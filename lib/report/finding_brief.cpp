// A finding as a person needs it first.
#include "report/finding_brief.hpp"

#include <algorithm>

#include "base/shell.hpp"
#include "base/text.hpp"
#include "report/finding_text.hpp"

namespace report {
namespace {

using checks::Evidence;
using checks::Finding;
using checks::Remedy;

constexpr std::size_t most_facts = 2;
constexpr std::size_t most_fact_lines = 2;

class Brief {
 public:
  Brief(const Finding& finding, const Style& style)
      : f_(finding), style_(style), columns_(columns(style)) {}

  std::string render() {
    headline();
    if (!f_.consequence.empty()) {
      out_ += block(base::printable(as_sentence(f_.consequence)), "  ", "  ", columns_);
    }
    place();
    facts();
    remedy();
    hidden();
    return std::move(out_);
  }

 private:
  void headline() {
    const std::string tag = std::string(checks::to_string(f_.level)) + '[' + f_.code + ']';
    std::string lines = block(tag + ": " + base::printable(f_.title), "", "  ", columns_);
    // The first line carries the level's colour, the rest of the headline is bold.
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string title = lines.substr(tag.size(), end - tag.size());
    lines.replace(0, end,
                  paint(style_, colour_of(f_.level), tag) + paint(style_, Colour::bold, title));
    out_ += lines;
  }

  void place() {
    out_ += block(base::printable(kube::to_string(f_.subject.ref)), "  --> ", "      ", columns_);
    if (f_.subject.file.empty()) return;
    out_ += "      " + paint(style_, Colour::dim, base::printable(place_text(f_.subject))) + '\n';
  }

  // Those first that say what was expected.
  void facts() {
    std::vector<const Evidence*> own;
    const std::size_t count = std::min(f_.own_evidence(), f_.evidence.size());
    for (std::size_t i = 0; i < count; ++i) own.push_back(&f_.evidence[i]);
    std::stable_partition(own.begin(), own.end(),
                          [](const Evidence* e) { return !e->want.empty(); });
    if (own.size() > most_facts) own.resize(most_facts);
    shown_facts_ = own.size();
    for (const Evidence* e : own) fact(*e);
  }

  void fact(const Evidence& e) {
    std::string text = base::printable(e.key) + ": " + base::printable(e.value);
    if (!e.want.empty()) text += " (expected: " + base::printable(e.want) + ')';
    std::vector<std::string> lines = wrap(text, columns_ - std::min<std::size_t>(columns_, 8));
    if (lines.size() > most_fact_lines) {
      lines.resize(most_fact_lines);
      lines.back() += style_.ascii ? "..." : "…";
      ++cut_;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      out_ += (i == 0 ? "      " : "        ") + lines[i] + '\n';
    }
  }

  void remedy() {
    const Remedy* r = first_remedy(f_);
    if (r == nullptr) return;
    const std::string label = "fix (" + std::string(checks::to_string(r->confidence)) + "): ";
    out_ += block(base::printable(r->text), "  " + label, "      ", columns_);
    if (r->manifest.empty()) out_ += command_lines(r->command, 6, style_);
  }

  void hidden() {
    std::vector<std::string> parts;
    const auto add = [&](std::size_t n, const char* one, const char* many) {
      if (n != 0) parts.push_back(base::plural(n, one, many));
    };
    const Remedy* r = first_remedy(f_);
    add(f_.symptoms.size(), "related finding", "related findings");
    add(f_.remedies.size() - (r != nullptr ? 1 : 0), "other fix", "other fixes");
    if (r != nullptr && !r->manifest.empty()) parts.emplace_back("the manifest");
    if (parts.empty()) add(f_.evidence.size() - shown_facts_ + cut_, "more fact", "more facts");
    if (parts.empty()) return;
    out_ += block(base::join_and(parts) + " hidden (-v)", "  ", "  ", columns_);
  }

  const Finding& f_;
  const Style& style_;
  std::size_t columns_;
  std::size_t shown_facts_ = 0;
  std::size_t cut_ = 0;
  std::string out_;
};

bool pastes(const Remedy& r) {
  return !r.command.empty() && r.manifest.empty() && !r.command.irreversible() &&
         checks::to_shell(r.command).find('\n') == std::string::npos;
}

}  // namespace

std::string finding_brief(const Finding& finding, const Style& style) {
  return Brief(finding, style).render();
}

const Remedy* first_remedy(const Finding& finding) {
  return finding.remedies.empty() ? nullptr : &finding.remedies.front();
}

const checks::Command* start_command(const Finding& finding) {
  const auto r = std::ranges::find_if(finding.remedies, pastes);
  return r == finding.remedies.end() ? nullptr : &r->command;
}

const checks::Command* start_command(const std::vector<Finding>& findings) {
  for (const Finding& f : findings) {
    if (const checks::Command* command = start_command(f); command != nullptr) return command;
  }
  return nullptr;
}

std::string command_lines(const checks::Command& command, std::size_t indent, const Style& style) {
  std::string out;
  const std::string first(indent, ' ');
  const std::size_t width = columns(style);
  const std::string shell = checks::to_shell(command);
  for (const std::string_view line : base::split(shell, '\n')) {
    if (line.empty()) continue;
    std::string left = first;
    std::string text;
    for (const std::string& word : base::shell_words(line)) {
      const std::string shown = base::printable(word);
      const bool fits = left.size() + display_width(text) + display_width(shown) + 3 <= width;
      if (!text.empty() && !fits) {
        out += left + paint(style, Colour::bold, text + " \\") + '\n';
        left = first + "  ";
        text.clear();
      }
      text += (text.empty() ? "" : " ") + shown;
    }
    out += left + paint(style, Colour::bold, text) + '\n';
  }
  return out;
}

}  // namespace report
