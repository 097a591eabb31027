// A trace as text.
#include "report/trace.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/finding_brief.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"

namespace report {
namespace {

using checks::Hop;
using checks::RequestPath;
using checks::Trace;
using State = checks::Hop::State;

std::string_view mark(State state, const Style& style) {
  switch (state) {
    case State::holds: return style.ascii ? "ok  " : "✔";
    case State::limited: return style.ascii ? "warn" : "!";
    case State::broken: return style.ascii ? "FAIL" : "✖";
    case State::unknown: return style.ascii ? "????" : "○";
  }
  return "";
}

Colour colour(State state) {
  switch (state) {
    case State::holds: return Colour::ok;
    case State::limited: return Colour::warning;
    case State::broken: return Colour::error;
    case State::unknown: return Colour::dim;
  }
  return Colour::none;
}

std::string object_of(const Hop& hop) {
  return hop.object.kind.empty() || hop.object.name.empty() ? std::string()
                                                            : kube::to_string(hop.object);
}

class TracePage {
 public:
  TracePage(const Trace& trace, const Style& style)
      : t_(trace), style_(style), columns_(columns(style)) {
    for (const Hop& hop : t_.hops) width_ = std::max(width_, display_width(hop.name));
  }

  std::string render() {
    out_ += paint(style_, Colour::bold, "trace " + base::printable(t_.model));
    if (!t_.served_by.empty()) out_ += "   " + base::printable(base::join(t_.served_by, ", "));
    out_ += "\n\n";
    const auto engine = t_.hops.empty() ? t_.hops.end() : t_.hops.end() - 1;
    section("every request", RequestPath::every, t_.hops.begin(), engine);
    section("with a routing strategy, via the gateway plugin" + marker(RequestPath::strategy),
            RequestPath::strategy, t_.hops.begin(), engine);
    section("without a routing strategy, via HTTPRoute" + marker(RequestPath::route),
            RequestPath::route, t_.hops.begin(), engine);
    section("both paths", RequestPath::every, engine, t_.hops.end());
    verdict(RequestPath::strategy);
    verdict(RequestPath::route);
    next();
    return std::move(out_);
  }

 private:
  using Iterator = std::vector<Hop>::const_iterator;

  std::string marker(RequestPath way) const {
    if (t_.plain != way) return "";
    if (!t_.plain_known && way == RequestPath::route) return "";
    return way == RequestPath::strategy
               ? " (all requests: the default is " + base::printable(t_.strategy) + ")"
               : " (default)";
  }

  void section(const std::string& title, RequestPath way, Iterator from, Iterator to) {
    out_ += "  " + title + '\n';
    for (; from != to; ++from) {
      if (from->way == way) line(*from);
    }
    out_ += '\n';
  }

  void line(const Hop& hop) {
    const std::string_view sign = mark(hop.state, style_);
    std::string text = object_of(hop);
    if (!hop.detail.empty()) text += (text.empty() ? "" : ", ") + hop.detail;
    const std::string head = "  " + std::string(sign) + ' ' + pad(hop.name, width_) + "  ";
    const std::string rest(4 + display_width(sign) + width_ + 1, ' ');
    std::string lines = block(base::printable(text), head, rest, columns_);
    lines.replace(2, sign.size(), paint(style_, colour(hop.state), sign));
    out_ += lines;
    if (hop.state == State::holds) return;
    if (!hop.reason.empty()) out_ += block(base::printable(hop.reason), rest, rest, columns_);
    if (hop.finding != nullptr) {
      out_ += rest + paint(style_, Colour::bold, hop.finding->code);
      if (style_.verbose)
        out_ += ' ' + paint(style_, Colour::dim, checks::fingerprint(*hop.finding));
      out_ += '\n';
    }
    for (const checks::Finding* f : hop.more) {
      if (f->level == checks::Level::info || !style_.verbose) continue;
      out_ += block("also " + f->code + ' ' + base::printable(headline(*f)), rest, rest, columns_);
    }
  }

  void verdict(RequestPath way) {
    const Hop* broken = t_.broken(way);
    std::string text = std::string(to_string(way)) + ": ";
    if (broken != nullptr) {
      text += "breaks at " + broken->name;
      if (broken->finding != nullptr) text += " (" + broken->finding->code + ')';
    } else if (t_.works(way)) {
      text += "works, as far as the cluster's objects show";
    } else {
      text += "no problem found; not checked: " + base::join(unseen(way), ", ");
    }
    out_ += block(text, "", "  ", columns_);
  }

  std::vector<std::string> unseen(RequestPath way) const {
    std::vector<std::string> out;
    for (const Hop& hop : t_.hops) {
      const bool on_it = hop.way == RequestPath::every || hop.way == way;
      if (on_it && hop.state == State::unknown) out.push_back(hop.name);
    }
    return out;
  }

  void next() {
    const bool by_route = t_.plain == RequestPath::route;
    const Hop* broken = t_.broken(t_.plain);
    if (broken == nullptr) {
      broken = t_.broken(by_route ? RequestPath::strategy : RequestPath::route);
    }
    if (broken == nullptr || broken->finding == nullptr) return;
    out_ +=
        paint(style_, Colour::dim, "Meaning: aibrixctl explain " + broken->finding->code) + '\n';
    const checks::Command* command = start_command(*broken->finding);
    if (command != nullptr) out_ += "Start with:\n" + command_lines(*command, 2, style_);
  }

  const Trace& t_;
  const Style& style_;
  std::size_t columns_;
  std::size_t width_ = 0;
  std::string out_;
};

}  // namespace

std::string trace_text(const Trace& trace, const Style& style) {
  return TracePage(trace, style).render();
}

}  // namespace report
