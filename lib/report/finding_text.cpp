// The layout of a finding's block of text.
#include "report/finding_text.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace report {
namespace {

using checks::Finding;

// A longer key stands on a line of its own, so that the values stay in one column.
constexpr std::size_t widest_key = 24;

class Block {
 public:
  Block(const Finding& finding, const Style& style)
      : f_(finding), style_(style), narrow_(is_narrow(style)), columns_(columns(style)) {}

  std::string render() {
    headline_line();
    subject();
    evidence();
    also();
    for (const std::string& note : f_.notes) field("note", base::printable(note));
    remedies();
    return std::move(out_);
  }

 private:
  void headline_line() {
    const std::string tag = std::string(checks::to_string(f_.level)) + '[' + f_.code + ']';
    const std::string title = base::printable(headline(f_));
    const std::string painted = paint(style_, colour_of(f_.level), tag);
    if (narrow_) {
      out_ += painted + '\n' + block(title, "", "", columns_);
      return;
    }
    std::string lines = block(tag + ": " + title, "", "    ", columns_);
    lines.replace(0, tag.size(), painted);
    out_ += lines;
  }

  void subject() {
    std::string where = base::printable(kube::to_string(f_.subject.ref));
    const std::string path = base::printable(f_.subject.path);
    const std::string file = base::printable(place_text(f_.subject));
    if (narrow_) {
      out_ += block(where, "  ", "    ", columns_);
      if (!path.empty()) out_ += block("field: " + path, "  ", "    ", columns_);
      if (!file.empty()) out_ += block("file: " + file, "  ", "    ", columns_);
      return;
    }
    const bool together = display_width(where) + display_width(path) + 9 <= columns_;
    if (!path.empty() && together) {
      out_ += "  --> " + where + "   " + path + '\n';
    } else {
      out_ += block(where, "  --> ", "      ", columns_);
      if (!path.empty()) out_ += block(path, "      ", "      ", columns_);
    }
    if (!file.empty()) out_ += "  in  " + paint(style_, Colour::dim, file) + '\n';
  }

  void evidence() {
    std::size_t key_width = 0;
    for (const checks::Evidence& e : f_.evidence) {
      const std::size_t width = display_width(base::printable(e.key));
      if (width <= widest_key) key_width = std::max(key_width, width);
    }
    std::size_t shown = 0;
    for (const checks::Evidence& e : f_.evidence) {
      if (++shown > long_list && !style_.verbose) {
        const std::size_t more = f_.evidence.size() - long_list;
        out_ += narrow_ ? "  " : "   |  ";
        out_ += std::to_string(more) + " more (-v shows them)\n";
        return;
      }
      evidence_line(e, key_width);
    }
  }

  void evidence_line(const checks::Evidence& e, std::size_t key_width) {
    std::string value = base::printable(e.value);
    if (!e.want.empty()) value.append(" (expected: ").append(base::printable(e.want)).append(")");
    const std::string key = base::printable(e.key);
    const std::string below = "   |  " + std::string(key_width + 2, ' ');
    if (narrow_) {
      out_ += block(key + ": " + value, "  ", "    ", columns_);
    } else if (display_width(key) > widest_key) {
      out_ += block(key, "   |  ", "   |  ", columns_) + block(value, below, below, columns_);
    } else {
      out_ += block(value, "   |  " + pad(key, key_width) + "  ", below, columns_);
    }
  }

  void also() {
    std::size_t shown = 0;
    for (const checks::Symptom& a : f_.symptoms) {
      if (++shown > long_list && !style_.verbose) {
        field("also", std::to_string(f_.symptoms.size() - long_list) + " more (-v lists them)");
        return;
      }
      field("also",
            base::printable(a.code + ' ' + kube::to_string(a.subject.ref) + ": " + a.title));
    }
  }

  void remedies() {
    bool first = true;
    for (const checks::Remedy& r : f_.remedies) {
      field(first ? "fix" : "or",
            base::printable(r.text) + " (" + std::string(checks::to_string(r.confidence)) + ")");
      first = false;
      copyable(checks::to_shell(r.command));
      copyable(r.manifest);
    }
  }

  // Commands and manifests are shown whole, however long: they are there to be copied.
  void copyable(std::string_view text) {
    text = base::trim(text);
    if (text.empty()) return;
    for (const std::string_view line : base::split(text, '\n')) {
      out_ += (narrow_ ? "    " : "       ") + paint(style_, Colour::bold, base::printable(line)) +
              '\n';
    }
  }

  void field(std::string_view label, const std::string& text) {
    const std::string head = (narrow_ ? "  " : "   = ") + std::string(label) + ": ";
    out_ += block(text, head, narrow_ ? "    " : "       ", columns_);
  }

  const Finding& f_;
  const Style& style_;
  bool narrow_;
  std::size_t columns_;
  std::string out_;
};

}  // namespace

std::string place_text(const checks::Subject& subject) {
  std::string out = subject.file;
  if (out.empty() || subject.line == 0) return out;
  out += ':' + std::to_string(subject.line);
  if (subject.column != 0) out += ':' + std::to_string(subject.column);
  return out;
}

std::size_t columns(const Style& style) {
  return static_cast<std::size_t>(std::clamp(style.width, 24, 100));
}

std::string finding_text(const Finding& finding, const Style& style) {
  return Block(finding, style).render();
}

}  // namespace report
