// The verdicts on models as text and as a document.
#include "report/verdicts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"

namespace report {
namespace {

using checks::ModelVerdict;
using checks::PathVerdict;
using checks::RequestPath;
using WayState = PathVerdict::State;

std::string_view mark(WayState state, const Style& style) {
  switch (state) {
    case WayState::works: return style.ascii ? "ok" : "✔";
    case WayState::fails: return style.ascii ? "FAIL" : "✖";
    case WayState::unknown: return style.ascii ? "????" : "○";
  }
  return "";
}

Colour colour(const PathVerdict& way) {
  switch (way.state) {
    case WayState::works: return Colour::ok;
    case WayState::fails:
      return way.level == checks::Level::error ? Colour::error : Colour::warning;
    case WayState::unknown: return Colour::dim;
  }
  return Colour::none;
}

std::string cell(const PathVerdict& way) {
  switch (way.state) {
    case WayState::works: return "works";
    case WayState::fails:
      return (way.code.empty() ? "fails" : "fails: " + way.code) + ", " + way.hop;
    case WayState::unknown: return "not known";
  }
  return {};
}

std::string said(const PathVerdict& way) {
  switch (way.state) {
    case WayState::works: return "work";
    case WayState::fails:
      return "fail at " + way.hop + (way.code.empty() ? "" : " (" + way.code + ')');
    case WayState::unknown:
      return "nothing broken was seen; not seen: " + base::join(way.unseen, ", ");
  }
  return {};
}

std::string pods_of(const ModelVerdict& v) {
  return std::to_string(v.ready) + '/' + std::to_string(v.pods);
}

void way_line(std::string_view requests, const PathVerdict& way, const Style& style,
              std::string& out) {
  const std::string_view sign = mark(way.state, style);
  const std::string head = "  " + pad(requests, 46);
  std::string lines =
      columns(style) >= 74
          ? block(std::string(sign) + ' ' + said(way), head, std::string(50, ' '), columns(style))
          : block(std::string(requests) + ": " + std::string(sign) + ' ' + said(way), "  ", "    ",
                  columns(style));
  const std::size_t at = lines.find(sign);
  if (at != std::string::npos) lines.replace(at, sign.size(), paint(style, colour(way), sign));
  out += lines;
}

void verdict(const ModelVerdict& v, const Style& style, std::string& out) {
  std::string head = v.served_by.empty() ? "nothing serves it" : base::join(v.served_by, ", ");
  if (!v.served_by.empty()) head += ", " + pods_of(v) + " pods ready";
  const std::string name = base::printable(v.model);
  std::string lines = block(base::printable(head), name + "  ", "  ", columns(style));
  lines.replace(0, name.size(), paint(style, Colour::bold, name));
  out += lines + '\n';
  if (v.served_by.empty() && v.strategy.hop == "model") return;
  const bool default_strategy = v.plain == RequestPath::strategy && !v.default_strategy.empty();
  way_line(default_strategy
               ? "requests (default routing strategy " + base::printable(v.default_strategy) + ')'
               : "requests with a routing-strategy header",
           v.strategy, style, out);
  way_line(
      default_strategy ? "requests by the HTTPRoute" : "requests without one (by the HTTPRoute)",
      v.route, style, out);
  out += '\n';
}

kube::Json way_json(const PathVerdict& way) {
  kube::Json out = {{"works", way.state == WayState::works}};
  kube::put(out, "brokenAt", way.hop);
  kube::put(out, "code", way.code);
  for (const std::string& hop : way.unseen) out["unseen"].push_back(hop);
  return out;
}

kube::Json document(const std::vector<ModelVerdict>& models, std::string_view version,
                    int exit_code) {
  kube::Json out = kube::document_head("TraceList", version);
  out["models"] = kube::Json::array();
  for (const ModelVerdict& v : models) {
    kube::Json entry = {{"model", base::printable(v.model)}, {"servedBy", kube::Json::array()}};
    for (const std::string& who : v.served_by) entry["servedBy"].push_back(base::printable(who));
    entry["pods"] = {{"ready", v.ready}, {"total", v.pods}};
    entry["strategy"] = way_json(v.strategy);
    entry["route"] = way_json(v.route);
    out["models"].push_back(std::move(entry));
  }
  out["exitCode"] = exit_code;
  return out;
}

}  // namespace

std::string model_verdicts(const std::vector<ModelVerdict>& models, const Style& style) {
  std::string out;
  for (const ModelVerdict& v : models) verdict(v, style, out);
  return out;
}

std::string models_text(const Overview& o) {
  const std::size_t plain = o.model_count - o.adapter_count;
  std::vector<std::string> parts;
  if (plain != 0) parts.push_back(base::plural(plain, "model"));
  if (o.adapter_count != 0) parts.push_back(base::plural(o.adapter_count, "LoRA adapter"));
  if (parts.empty()) return "none";
  std::string out = base::join_and(parts);
  if (o.models.empty()) return out;
  const auto works =
      static_cast<std::size_t>(std::ranges::count_if(o.models, &ModelVerdict::works));
  if (works == o.models.size()) return out + ", all routable";
  return out + ", " + std::to_string(works) + " seen to be routable (aibrixctl trace)";
}

std::string model_table(const std::vector<ModelVerdict>& models, const Style& style) {
  std::vector<std::vector<std::string>> rows = {
      {"MODEL", "SERVED BY", "PODS", "WITH A STRATEGY", "WITHOUT (HTTPROUTE)"}};
  for (const ModelVerdict& v : models) {
    rows.push_back({base::printable(v.model),
                    v.served_by.empty() ? "<none>" : base::printable(base::join(v.served_by, ", ")),
                    pods_of(v), cell(v.strategy), cell(v.route)});
  }
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      line += i + 1 < rows[r].size() ? pad(rows[r][i], widths[i] + 2) : rows[r][i];
    }
    out += (r == 0 ? paint(style, Colour::bold, line) : line) + '\n';
  }
  return out;
}

std::string models_json(const std::vector<ModelVerdict>& models, std::string_view version,
                        int exit_code) {
  return kube::json_text(document(models, version, exit_code));
}

std::string models_yaml(const std::vector<ModelVerdict>& models, std::string_view version,
                        int exit_code) {
  return kube::yaml_text(document(models, version, exit_code).dump());
}

}  // namespace report
