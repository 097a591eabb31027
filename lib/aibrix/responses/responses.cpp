// The matcher of answers with rows of the catalogue, and of the releases that give them.
#include "aibrix/responses/responses.hpp"

#include <algorithm>

#include "aibrix/responses/score.hpp"
#include "aibrix/responses/sender.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"
#include "kube/redact/redact.hpp"

namespace aibrix {
namespace {

using Names = std::map<std::string, std::string>;
using Form = ResponseText::Form;
using Body = ResponseText::Body;

// The shape of the plugin's bodies changed: text up to v0.2 and from one of two helpers of v0.3,
// a number as code from v0.2 (where the answer is made in one place) to v0.4, a type of OpenAI's
// since v0.5.
constexpr ReleaseSpan text_bodies = until(v0_3);
constexpr ReleaseSpan numeric_codes = between(v0_2, v0_4);
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
  if (!a.request.path.empty()) {
    out.push_back("request " + (a.request.method.empty() ? "" : a.request.method + ' ') +
                  a.request.path);
  }
  if (a.status != 0) out.push_back("status " + std::to_string(a.status));
  for (const auto& [name, value] : a.headers) {
    const bool telling = is_aibrix_header(name) || name == "target-pod" ||
                         name == "routing-strategy" || name == "server" || name == "location";
    if (!telling) continue;
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
    case ResponseSource::metadata_service: return "AIBrix's metadata service";
    case ResponseSource::optimizer: return "AIBrix's GPU optimizer";
    case ResponseSource::controller: return "aibrix-controller-manager";
    case ResponseSource::envoy_gateway: return "Envoy Gateway";
    case ResponseSource::kuberay: return "KubeRay";
    case ResponseSource::runtime_sidecar: return "AIBrix's runtime sidecar";
    case ResponseSource::kubernetes:
      return "Kubernetes (kubelet, scheduler, controllers, container runtime)";
    case ResponseSource::kubectl: return "kubectl";
    case ResponseSource::helm: return "Helm";
    case ResponseSource::unknown: return "sender unknown";
  }
  return "";
}

std::vector<const ResponsePattern*> all_responses() {
  std::vector<const ResponsePattern*> out;
  for (const auto rows :
       {plugin_responses(), route_responses(), plugin_refusals(), plugin_logs(), envoy_responses(),
        foreign_responses(), other_responses(), api_responses(), component_logs(),
        namespace_conditions(), client_responses()}) {
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

namespace {

// "sender unknown (server: nginx)": who said it, as far as it is proven.
std::string sender_of(const ResponseText& a, const ResponsePattern* kind) {
  if (kind != nullptr && kind->source != ResponseSource::unknown) {
    return std::string(to_string(kind->source));
  }
  if (a.form == Form::log || a.form == Form::plugin_log) return std::string(to_string(a.writer));
  const bool answered = a.form == Form::http || a.form == Form::body;
  if (kind == nullptr && (!answered || a.status == 0)) return {};
  const std::string server = server_of(a);
  const std::string unknown(to_string(ResponseSource::unknown));
  if (!server.empty()) return unknown + " (server: " + server + ')';
  return is_html(a) ? unknown + " (an HTML page)" : unknown;
}

struct Candidate {
  const ResponsePattern* kind;
  Fitness fit;
  Names names;
};

// A more special pattern goes before a general one, whatever their points: where both are in the
// declared order, and their texts are not the same.
bool goes_before(const Candidate& a, const Candidate& b) {
  const int first = precedence(a.kind->id);
  const int second = precedence(b.kind->id);
  const bool same = a.kind->message == b.kind->message &&
                    (!a.kind->message.empty() || a.kind->log == b.kind->log);
  return !same && a.fit.by_text && b.fit.by_text && first >= 0 && second >= 0 && first < second;
}

std::vector<Candidate> candidates(const ResponseText& answer) {
  std::vector<Candidate> out;
  for (const ResponsePattern* kind : all_responses()) {
    Candidate one{kind, {}, {}};
    one.fit = fitness(*kind, answer, one.names);
    if (one.fit.points > 0) out.push_back(std::move(one));
  }
  std::vector<Candidate> kept;
  for (const Candidate& one : out) {
    const bool beaten = std::any_of(
        out.begin(), out.end(), [&](const Candidate& other) { return goes_before(other, one); });
    if (!beaten) kept.push_back(one);
  }
  return kept;
}

Match best_match(const ResponseText& answer) {
  Match out;
  int best = 0;
  for (Candidate& one : candidates(answer)) {
    if (one.fit.points < best) continue;
    if (one.fit.points == best) {
      out.also.push_back(one.kind);
      continue;
    }
    best = one.fit.points;
    out.kind = one.kind;
    out.also.clear();
    out.names = std::move(one.names);
  }
  return out;
}

}  // namespace

Match match_response(const ResponseText& answer) {
  Match out = best_match(answer);
  out.sender = kube::redact_text(sender_of(answer, out.kind));
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
