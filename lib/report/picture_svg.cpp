// The way of a model's requests as SVG: one column, two where requests part.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/encode.hpp"
#include "report/layout.hpp"
#include "report/picture.hpp"

namespace report {
namespace {

using checks::RequestPath;
using State = checks::Hop::State;

// In the SVG's own units, which are CSS pixels.
constexpr int node_width = 300;
constexpr int lane_gap = 40;
constexpr int margin = 20;
constexpr int padding = 12;
constexpr int first_line = 20;  // of the name, below the upper edge
constexpr int line_height = 15;
constexpr int below_text = 10;
constexpr int edge_height = 34;
constexpr int picture_width = 2 * margin + 2 * node_width + lane_gap;
// A column of the monospace letters of 11 px is at most 6.7 px wide.
constexpr std::size_t most_node_columns = (node_width - 2 * padding) * 10 / 68;
constexpr std::size_t most_node_lines = 3;

// Where a line that is full may end: behind a blank, a dash or a slash of its second half, else
// anywhere, since names may have none.
std::size_t break_in(const std::string& line) {
  const std::size_t at = line.find_last_of(" -/");
  return at == std::string::npos || at < line.size() / 2 ? line.size() : at + 1;
}

// What is beyond the last line is in the node's title.
std::vector<std::string> broken_up(const std::string& text) {
  std::vector<std::string> out(1);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t bytes = std::max<std::size_t>(1, base::decode_utf8(rest).bytes);
    if (display_width(out.back()) + display_width(rest.substr(0, bytes)) > most_node_columns) {
      if (out.size() == most_node_lines) {
        out.back() += "…";
        return out;
      }
      const std::size_t at = break_in(out.back());
      std::string begun = out.back().substr(at);
      out.back().resize(at);
      out.push_back(std::move(begun));
    }
    out.back() += rest.substr(0, bytes);
    rest.remove_prefix(bytes);
  }
  return out;
}

struct Box {
  int x = 0, y = 0, height = 0;
  std::vector<std::string> lines;

  int middle() const { return x + node_width / 2; }
  int bottom() const { return y + height; }
};

std::vector<std::string> lines_of(const PictureNode& node) {
  std::vector<std::string> out;
  for (const std::string* text : {&node.object, &node.text}) {
    if (text->empty()) continue;
    for (std::string& line : broken_up(base::printable(*text))) out.push_back(std::move(line));
  }
  return out;
}

// Lanes go down side by side, and what follows both begins below the longer one.
std::vector<Box> placed(const Picture& picture) {
  std::vector<Box> out;
  std::array<int, 3> next{margin, margin, margin};  // by lane: middle, left, right
  bool parted = false;
  for (const PictureNode& node : picture.nodes) {
    Box box;
    box.lines = lines_of(node);
    box.height = first_line + below_text + line_height * static_cast<int>(box.lines.size());
    std::size_t lane = 0;
    if (node.way == RequestPath::every) {
      if (parted) next[0] = std::max({next[0], next[1], next[2]});
      box.x = (picture_width - node_width) / 2;
    } else {
      lane = node.way == RequestPath::strategy ? 1 : 2;
      next[lane] = std::max(next[lane], next[0]);
      parted = true;
      box.x = lane == 1 ? margin : margin + node_width + lane_gap;
    }
    box.y = next[lane];
    next[lane] = box.bottom() + edge_height;
    out.push_back(std::move(box));
  }
  return out;
}

std::string_view sign(State state) {
  switch (state) {
    case State::holds: return "✔";
    case State::limited: return "!";
    case State::broken: return "✖";
    case State::unknown: return "○";
  }
  return "";
}

std::string_view state_words(State state) {
  switch (state) {
    case State::holds: return "holds";
    case State::limited: return "limited";
    case State::broken: return "breaks here";
    case State::unknown: return "not known";
  }
  return "";
}

std::string at(int x, int y) {
  return " x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + '"';
}

std::string text_element(std::string_view css, int x, int y, std::string_view text,
                         bool to_the_left = false) {
  return "<text class=\"" + std::string(css) + '"' + at(x, y) +
         (to_the_left ? " text-anchor=\"end\"" : "") + '>' + xml_text(text) + "</text>\n";
}

std::string node_element(const PictureNode& node, const Box& box) {
  std::string title = node.name + ": " + std::string(state_words(node.state));
  for (const std::string* more : {&node.code, &node.object, &node.text}) {
    if (!more->empty()) title += ", " + *more;
  }
  std::string out = "<g class=\"hop " + std::string(checks::to_string(node.state)) + "\"><title>" +
                    xml_text(title) + "</title>\n<rect" + at(box.x, box.y) + " width=\"" +
                    std::to_string(node_width) + "\" height=\"" + std::to_string(box.height) +
                    "\" rx=\"8\"/>\n";
  out += text_element("name", box.x + padding, box.y + first_line,
                      std::string(sign(node.state)) + ' ' + node.name);
  out +=
      text_element("state", box.x + node_width - padding, box.y + first_line,
                   node.code.empty() ? state_words(node.state) : std::string_view(node.code), true);
  int y = box.y + first_line;
  for (const std::string& line : box.lines) {
    out += text_element("line", box.x + padding, y += line_height, line);
  }
  return out + "</g>\n";
}

std::string edge_element(const PictureEdge& edge, const Box& from, const Box& to) {
  const std::string x = std::to_string(to.middle());
  const int turn = to.y - edge_height / 2;
  std::string out = "<path class=\"edge\" d=\"M" + std::to_string(from.middle()) + ' ' +
                    std::to_string(from.bottom()) + " V" +
                    std::to_string(from.middle() == to.middle() ? to.y : turn);
  if (from.middle() != to.middle()) out += " H" + x + " V" + std::to_string(to.y);
  out += "\"/>\n<path class=\"head\" d=\"M" + x + ' ' + std::to_string(to.y) + " l-4 -7 h8 z\"/>\n";
  if (edge.label == RequestPath::every) return out;
  // Beside the line, on the side that is away from the other lane.
  const bool left = to.middle() < picture_width / 2;
  return out + text_element("way", to.middle() + (left ? -8 : 8), to.y - 6,
                            left ? "with a routing strategy" : "without: by HTTPRoute", left);
}

constexpr std::string_view style_rules =
    ".way-picture{--ink:#1f2328;--soft:#59636e;--page:#ffffff;--holds:#e6f4ea;--holds-line:#1a7f37;"
    "--limited:#fff4d1;--limited-line:#9a6700;--broken:#fde7e6;--broken-line:#c62828;"
    "--unknown:#f1f3f4;--unknown-line:#6e7781}\n"
    "@media (prefers-color-scheme:dark){.way-picture{--ink:#e6edf3;--soft:#9da7b1;--page:#0d1117;"
    "--holds:#12261a;--holds-line:#3fb950;--limited:#2b220b;--limited-line:#d29922;"
    "--broken:#33171a;--broken-line:#ff7b72;--unknown:#1c2128;--unknown-line:#8b949e}}\n"
    ".way-picture .hop rect{stroke-width:1.5}\n"
    ".way-picture .holds rect{fill:var(--holds);stroke:var(--holds-line)}\n"
    ".way-picture .limited rect{fill:var(--limited);stroke:var(--limited-line)}\n"
    ".way-picture .broken rect{fill:var(--broken);stroke:var(--broken-line);stroke-width:2.5}\n"
    ".way-picture .unknown rect{fill:var(--unknown);stroke:var(--unknown-line);"
    "stroke-dasharray:5 3}\n"
    ".way-picture text{fill:var(--ink);font:11px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,"
    "monospace}\n"
    ".way-picture .name{font:600 13px system-ui,'DejaVu Sans',sans-serif}\n"
    ".way-picture .state,.way-picture .way{fill:var(--soft)}\n"
    ".way-picture .edge{fill:none;stroke:var(--soft);stroke-width:1.5}\n"
    ".way-picture .head{fill:var(--soft)}\n"
    ".way-picture .page{fill:var(--page)}\n";

std::string drawn(const Picture& picture, const std::string& id, std::string_view style) {
  const std::vector<Box> boxes = placed(picture);
  int height = 0;
  for (const Box& box : boxes) height = std::max(height, box.bottom());
  height += margin;
  const std::string size = std::to_string(picture_width) + ' ' + std::to_string(height);
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"way-picture\" viewBox=\"0 0 " + size +
      "\" width=\"" + std::to_string(picture_width) + "\" height=\"" + std::to_string(height) +
      "\" role=\"img\" aria-labelledby=\"" + id + "\">\n<title id=\"" + id + "\">" +
      xml_text("The way of a request to " + picture.model) + "</title>\n";
  if (!style.empty()) {
    out.append("<style>\n").append(style).append("</style>\n");
    out += "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n";
  }
  for (const PictureEdge& edge : picture.edges) {
    out += edge_element(edge, boxes[edge.from], boxes[edge.to]);
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) out += node_element(picture.nodes[i], boxes[i]);
  return out + "</svg>\n";
}

}  // namespace

std::string svg(const Picture& picture) {
  return drawn(picture, "way", style_rules);
}

std::string svg_element(const Picture& picture, std::size_t number) {
  return drawn(picture, "way-" + std::to_string(number), {});
}

std::string_view svg_style() {
  return style_rules;
}

}  // namespace report
