// The matcher of answers with rows of the catalogue, and of the releases that give them.
#include "aibrix/responses/responses.hpp"

#include <algorithm>

#include "aibrix/responses/score.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"
#include "kube/redact/redact.hpp"

namespace aibrix {
namespace {

using Names = std::map<std::string, std::string>;
using Form = ResponseText::Form;
using Body = ResponseText::Body;

// The shape of the plugin's bodies changed: text up to v0.2 and from one of two helpers of v0.3,
// a number as code in v0.3 and v0.4, a type of OpenAI's since v0.5.
constexpr ReleaseSpan text_bodies = until(v0_3);
constexpr ReleaseSpan numeric_codes = between(v0_3, v0_4);
constexpr ReleaseSpan typed_errors = since(v0_5);

ReleaseSpan by_shape(const ResponseText& a) {
  if (a.form != Form::http && a.form != Form::body) return {};
  if (!a.json) return a.body == Body::present ? text_bodies : ReleaseSpan();
  if (a.code_is_number && a.type.empty()) return numeric_codes;
  if (!a.type.empty()) return typed_errors;
  return {};
}

ReleaseSpan narrowed(const ReleaseSpan& row, const ReleaseSpan& shape) {
  const ReleaseSpan both = row & shape;
  return both.empty() ? row : both;
}

std::vector<std::string> evidence_of(const ResponseText& a) {
  std::vector<std::string> out;
  if (a.status != 0) out.push_back("status " + std::to_string(a.status));
  for (const auto& [name, value] : a.headers) {
    if (!is_aibrix_header(name) && name != "target-pod" && name != "routing-strategy") continue;
    out.push_back("header " + name + (value.empty() ? "" : ": " + value));
  }
  if (!a.flags.empty()) out.push_back("response flag " + base::join(a.flags, ","));
  if (!a.details.empty()) out.push_back("details " + a.details);
  if (!a.reason.empty()) out.push_back("reason " + a.reason);
  if (!a.error.empty()) out.push_back("error \"" + a.error + '"');
  if (!a.message.empty())
    out.push_back((a.cut ? "message (cut) \"" : "message \"") + a.message + '"');
  if (a.body == Body::empty) out.emplace_back("no body");
  return out;
}

void add_names(const ResponseText& a, Names& names) {
  if (!a.model.empty()) names.emplace("model", a.model);
  if (!a.strategy.empty()) names.emplace("strategy", a.strategy);
  if (a.route.find('/') != std::string::npos) {
    names.emplace("ns", a.route.substr(0, a.route.find('/')));
    names.emplace("route", a.route.substr(a.route.find('/') + 1));
  }
  for (const auto& [header, name] :
       {std::pair{"routing-strategy", "strategy"}, {"target-pod", "pod"}}) {
    const std::string* value = a.header(header);
    if (value != nullptr && !value->empty()) names.emplace(name, *value);
  }
}

}  // namespace

std::string_view to_string(ResponseSource source) {
  switch (source) {
    case ResponseSource::plugin: return "AIBrix's gateway plugin";
    case ResponseSource::engine: return "the engine";
    case ResponseSource::envoy: return "Envoy";
    case ResponseSource::api_server: return "the Kubernetes API server";
    case ResponseSource::client: return "the client";
  }
  return "";
}

std::vector<const ResponsePattern*> all_responses() {
  std::vector<const ResponsePattern*> out;
  for (const auto rows : {plugin_responses(), route_responses(), plugin_refusals(),
                          envoy_responses(), other_responses()}) {
    for (const ResponsePattern& row : rows) out.push_back(&row);
  }
  return out;
}

std::string Match::model() const {
  const auto named = names.find("model");
  if (named != names.end()) return named->second;
  const auto route = names.find("route");
  constexpr std::string_view end = "-router";
  if (route == names.end() || !route->second.ends_with(end)) return {};
  const std::string name = route->second.substr(0, route->second.size() - end.size());
  // Main puts a hash into the route's name where the model's own is no DNS name.
  const std::size_t dash = name.rfind('-');
  const bool hashed = dash != std::string::npos && name.size() - dash == 13 &&
                      name.find_first_not_of(base::lower_hex, dash + 1) == std::string::npos;
  return name == "aibrix-reserved" || hashed ? std::string() : name;
}

Match match_response(const ResponseText& answer) {
  Match out;
  int best = 0;
  for (const ResponsePattern* kind : all_responses()) {
    Names names;
    const int points = score(*kind, answer, names);
    if (points <= 0 || points < best) continue;
    if (points == best) {
      out.also.push_back(kind);
      continue;
    }
    best = points;
    out.kind = kind;
    out.also.clear();
    out.names = std::move(names);
  }
  add_names(answer, out.names);
  out.evidence = evidence_of(answer);
  // Answers are pasted with all that was in them.
  for (auto& [name, value] : out.names) value = kube::redact_text(value);
  for (std::string& clue : out.evidence) clue = kube::redact_text(clue);
  if (out.kind == nullptr) return out;
  out.releases = out.kind->releases;
  for (const ResponsePattern* other : out.also) out.releases = out.releases | other->releases;
  if (out.kind->source == ResponseSource::plugin) {
    out.releases = narrowed(out.releases, by_shape(answer));
  }
  const auto& statuses = out.kind->statuses;
  out.odd_status = answer.status != 0 && statuses[0] != 0 && !out.kind->failed &&
                   std::find(statuses.begin(), statuses.end(), answer.status) == statuses.end();
  return out;
}

}  // namespace aibrix
