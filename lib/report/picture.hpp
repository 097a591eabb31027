// The way of a model's requests as a picture: what stands in it, and the languages it is drawn in.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "checks/trace/trace.hpp"

namespace report {

struct PictureNode {
  std::string name;    // of the hop: "ReferenceGrant"
  std::string object;  // "httproute/aibrix-system/a"; may be empty
  std::string text;    // what was seen, or why it breaks; may be empty
  std::string code;    // of the finding at it; may be empty
  checks::RequestPath way{};
  checks::Hop::State state{};
};

struct PictureEdge {
  std::size_t from = 0, to = 0;
  checks::RequestPath label = checks::RequestPath::every;  // that a branch begins here; every: none
};

// Holds no pointers into a run.
struct Picture {
  std::string model;
  std::vector<PictureNode> nodes;  // in the order of checks::Trace
  std::vector<PictureEdge> edges;
};

Picture picture_of(const checks::Trace& trace);

// A flowchart for a page that draws Mermaid, a graph for Graphviz' dot, an SVG document that
// follows the reader's choice of dark or light.
std::string mermaid(const Picture& picture);
std::string dot(const Picture& picture);
std::string svg(const Picture& picture);
// The same as an element of a page that has svg_style() among its styles. `number` tells the
// pictures of a page from each other.
std::string svg_element(const Picture& picture, std::size_t number);
std::string_view svg_style();

}  // namespace report
