// The nodes and edges of a model's way, and the way in Mermaid's and Graphviz' languages.
#include "report/picture.hpp"

#include <array>

#include "base/text.hpp"
#include "report/encode.hpp"

namespace report {
namespace {

using checks::Hop;
using checks::RequestPath;
using State = checks::Hop::State;

PictureNode node_of(const Hop& hop) {
  PictureNode out;
  out.name = hop.name;
  if (!hop.object.kind.empty() && !hop.object.name.empty())
    out.object = kube::to_string(hop.object);
  out.way = hop.way;
  out.state = hop.state;
  out.text = hop.state != State::holds && !hop.reason.empty() ? hop.reason : hop.detail;
  if (hop.state != State::holds && hop.finding != nullptr) out.code = hop.finding->code.text();
  return out;
}

std::vector<PictureEdge> edges_of(const std::vector<Hop>& hops) {
  std::vector<PictureEdge> out;
  std::size_t last_every = 0;
  std::array<std::size_t, 2> ends{};
  std::array<bool, 2> seen{};
  for (std::size_t i = 0; i < hops.size(); ++i) {
    if (hops[i].way != RequestPath::every) {
      const std::size_t w = hops[i].way == RequestPath::strategy ? 0 : 1;
      out.push_back(
          {seen[w] ? ends[w] : last_every, i, seen[w] ? RequestPath::every : hops[i].way});
      ends[w] = i;
      seen[w] = true;
    } else if (seen[0] || seen[1]) {
      for (const std::size_t w : {0U, 1U}) {
        if (seen[w]) out.push_back({ends[w], i});
      }
    } else {
      if (i != 0) out.push_back({last_every, i});
      last_every = i;
    }
  }
  return out;
}

std::string_view branch(RequestPath way) {
  return way == RequestPath::strategy ? "strategy" : "HTTPRoute";
}

struct Paint {
  std::string_view fill, line;
};
Paint paint_of(State state) {
  switch (state) {
    case State::holds: return {"#e6f4ea", "#1e8e3e"};
    case State::limited: return {"#fef7e0", "#f9ab00"};
    case State::broken: return {"#fce8e6", "#d93025"};
    case State::unknown: return {"#f1f3f4", "#9aa0a6"};
  }
  return {};
}

constexpr std::array states{State::holds, State::limited, State::broken, State::unknown};

// Graphviz gives up on a node that is too wide. No name of a cluster is longer than this; what a
// file holds may be.
std::string bounded(std::string_view text) {
  constexpr std::size_t most_bytes_of_label = 600;
  return base::shorten(text, most_bytes_of_label);
}

}  // namespace

Picture picture_of(const checks::Trace& trace) {
  Picture out;
  out.model = trace.model;
  for (const Hop& hop : trace.hops) out.nodes.push_back(node_of(hop));
  out.edges = edges_of(trace.hops);
  return out;
}

std::string mermaid(const Picture& picture) {
  std::string out = "flowchart TD\n";
  for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
    const PictureNode& node = picture.nodes[i];
    std::string text = mermaid_label(node.name);
    if (!node.object.empty()) text += "<br/>" + mermaid_label(node.object);
    if (!node.code.empty()) text += "<br/>" + node.code;
    out += "  h" + std::to_string(i) + "[\"" + text +
           "\"]:::" + std::string(checks::to_string(node.state)) + '\n';
  }
  for (const PictureEdge& edge : picture.edges) {
    out += "  h" + std::to_string(edge.from) + " -->";
    if (edge.label != RequestPath::every) out.append("|").append(branch(edge.label)).append("|");
    out += " h" + std::to_string(edge.to) + '\n';
  }
  for (const State state : states) {
    const Paint paint = paint_of(state);
    out.append("  classDef ").append(checks::to_string(state)).append(" fill:").append(paint.fill);
    out.append(",stroke:").append(paint.line).append("\n");
  }
  return out;
}

std::string dot(const Picture& picture) {
  std::string out = "digraph trace {\n  rankdir=TB;\n  label=\"" +
                    dot_label(bounded(picture.model)) +
                    "\";\n  labelloc=t;\n  node [shape=box, style=\"rounded,filled\", "
                    "fontname=\"sans-serif\", fontsize=11];\n  edge [fontname=\"sans-serif\", "
                    "fontsize=10];\n";
  for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
    const PictureNode& node = picture.nodes[i];
    const Paint paint = paint_of(node.state);
    std::string text = dot_label(bounded(node.name));
    if (!node.object.empty()) text += "\\n" + dot_label(bounded(node.object));
    // Not by colour alone.
    text.append("\\n").append(checks::to_string(node.state));
    if (!node.code.empty()) text += ": " + node.code;
    out += "  h" + std::to_string(i) + " [label=\"" + text + "\", fillcolor=\"";
    out.append(paint.fill).append("\", color=\"").append(paint.line).append("\"];\n");
  }
  for (const PictureEdge& edge : picture.edges) {
    out += "  h" + std::to_string(edge.from) + " -> h" + std::to_string(edge.to);
    if (edge.label != RequestPath::every)
      out.append(" [label=\"").append(branch(edge.label)).append("\"]");
    out += ";\n";
  }
  return out + "}\n";
}

}  // namespace report
