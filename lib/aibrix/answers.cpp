#include "aibrix/answers.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace aibrix {
namespace {

using Names = std::map<std::string, std::string>;
using Form = PastedAnswer::Form;
using Body = PastedAnswer::Body;

constexpr int main_minor = 8;

std::string release_text(int minor) {
  return minor >= main_minor ? std::string("main") : "v0." + std::to_string(minor);
}

// Headers only the gateway plugin sets.
bool is_aibrix_header(std::string_view name) {
  for (const std::string_view own : {"x-no-model", "x-no-model-deployment", "x-user-error",
                                     "x-rpm-error", "x-tpm-exceeded", "x-incorrect-routing-strategy",
                                     "x-went-into-req-headers"}) {
    if (name == own) return true;
  }
  return name.starts_with("x-error-");
}

bool has_aibrix_header(const PastedAnswer& a) {
  return std::any_of(a.headers.begin(), a.headers.end(),
                     [](const auto& h) { return is_aibrix_header(h.first); });
}

// How well one row fits; 0: not at all. `names` gets what the row's patterns caught.
class Fit {
 public:
  Fit(const AnswerKind& kind, const PastedAnswer& answer) : k_(kind), a_(answer) {}

  int points(Names& names) {
    int out = 0;
    if (!possible() || !header(names, out) || !message(names, out) || !flag(out)) return 0;
    if (k_.bare) out += bare();
    if (out <= 0) return 0;
    if (!k_.param.empty()) out += a_.param == k_.param ? 4 : -6;
    return out + status();
  }

 private:
  // Some forms tell who speaks, whatever is said.
  bool possible() const {
    // A pod may have been chosen, and its engine still refuse.
    if (k_.statuses[0] == 200 && a_.status >= 300) return false;
    if (k_.failed && a_.status < 400) return false;
    switch (a_.form) {
      case Form::api_status: return k_.producer == Producer::api_server;
      case Form::client: return k_.producer == Producer::client;
      case Form::plugin_log: return k_.producer == Producer::plugin;
      case Form::access_log:
      case Form::flag: return k_.producer == Producer::envoy;
      case Form::http:
      case Form::body:
        return k_.producer != Producer::api_server && k_.producer != Producer::client;
      case Form::text: return true;
    }
    return true;
  }

  bool header(Names& names, int& out) const {
    if (k_.header.empty()) return true;
    const std::string* value = a_.header(k_.header);
    if (value == nullptr) {
      if (a_.has_headers && a_.status != 0) out -= 60;  // it would have been there
      return true;
    }
    if (!k_.value.empty() && !match_pattern(k_.value, *value, false, names).has_value()) {
      // "true" marks one row and a model's name another.
      out -= 20;
      return true;
    }
    out += 100 + (k_.value.empty() ? 0 : 10);
    return true;
  }

  static int weight(std::size_t matched) {
    return 200 + static_cast<int>(std::min<std::size_t>(matched, 90));
  }

  // The error of a log line says more than its message.
  bool log(Names& names, int& out) const {
    const auto by_error = match_pattern(k_.log, a_.error, false, names);
    if (!k_.log.empty() && by_error) return out += 100 + weight(*by_error), true;
    const auto by_text = match_pattern(k_.log, a_.message, false, names);
    if (!k_.log.empty() && by_text) return out += weight(*by_text), true;
    if (k_.message.empty() || k_.producer != Producer::plugin) return false;
    const auto quoted = match_pattern(k_.message, a_.error, false, names);
    if (quoted) return out += 100 + weight(*quoted), true;
    return false;
  }

  bool message(Names& names, int& out) const {
    if (a_.form == Form::plugin_log) return log(names, out);
    if (k_.message.empty()) return true;
    // A flag says the same as its details, and better.
    const std::string& text = a_.message.empty() && a_.flags.empty() ? a_.details : a_.message;
    if (text.empty()) return a_.body != Body::present && out > 0;  // by its header alone
    const auto matched = match_pattern(k_.message, base::trim(text), a_.cut, names);
    if (matched) out += weight(*matched);
    return matched.has_value();
  }

  bool flag(int& out) const {
    if (k_.flag.empty()) return a_.flags.empty() || k_.bare || !k_.message.empty();
    const auto it = std::find(a_.flags.begin(), a_.flags.end(), k_.flag);
    if (it == a_.flags.end()) return false;
    // URX says only that tries ran out; the flag beside it says why.
    out += 150 - static_cast<int>(it - a_.flags.begin()) - (k_.flag == "URX" ? 20 : 0);
    return true;
  }

  int bare() const {
    const bool http = a_.form == Form::http || a_.form == Form::access_log;
    if (!http || has_aibrix_header(a_) || a_.body == Body::present || !a_.flags.empty()) return 0;
    return status() > 0 ? 50 : 0;
  }

  int status() const {
    if (a_.status == 0 || k_.statuses[0] == 0) return 0;
    const bool known = std::find(k_.statuses.begin(), k_.statuses.end(), a_.status) != k_.statuses.end();
    return known ? 30 : k_.failed ? 0 : -30;
  }

  const AnswerKind& k_;
  const PastedAnswer& a_;
};

// The shape of the plugin's bodies changed: text up to v0.2, a number as code in v0.3 and v0.4, a
// type of OpenAI's since v0.5.
ReleaseRange by_shape(const PastedAnswer& a) {
  if (a.form != Form::http && a.form != Form::body) return {};
  if (!a.json) return a.body == Body::present ? ReleaseRange{1, 3} : ReleaseRange{};
  if (a.code_is_number && a.type.empty()) return {3, 4};
  if (!a.type.empty()) return {5, main_minor};
  return {};
}

ReleaseRange narrowed(const ReleaseRange& row, const ReleaseRange& shape) {
  const ReleaseRange both{std::max(row.since, shape.since), std::min(row.until, shape.until)};
  return both.since <= both.until ? both : row;
}

std::vector<std::string> clues_of(const PastedAnswer& a) {
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
  if (!a.message.empty()) out.push_back((a.cut ? "message (cut) \"" : "message \"") + a.message + '"');
  if (a.body == Body::empty) out.emplace_back("no body");
  return out;
}

void add_names(const PastedAnswer& a, Names& names) {
  if (!a.model.empty()) names.emplace("model", a.model);
  if (!a.strategy.empty()) names.emplace("strategy", a.strategy);
  if (a.route.find('/') != std::string::npos) {
    names.emplace("ns", a.route.substr(0, a.route.find('/')));
    names.emplace("route", a.route.substr(a.route.find('/') + 1));
  }
  for (const auto& [header, name] : {std::pair{"routing-strategy", "strategy"}, {"target-pod", "pod"}}) {
    const std::string* value = a.header(header);
    if (value != nullptr && !value->empty()) names.emplace(name, *value);
  }
}

}  // namespace

std::string ReleaseRange::text() const {
  if (any() || (since <= 1 && until >= main_minor)) return "every release";
  if (since == until) return release_text(since);
  if (until >= main_minor) return release_text(since) + " and later";
  return (since <= 1 ? "up to " : release_text(since) + " to ") + release_text(until);
}

std::string_view to_string(Producer producer) {
  switch (producer) {
    case Producer::plugin: return "AIBrix's gateway plugin";
    case Producer::engine: return "the engine";
    case Producer::envoy: return "Envoy";
    case Producer::api_server: return "the Kubernetes API server";
    case Producer::client: return "the client";
  }
  return "";
}

std::vector<const AnswerKind*> all_answers() {
  std::vector<const AnswerKind*> out;
  for (const auto rows : {plugin_answers(), route_answers(), plugin_refusals(), envoy_answers(),
                          other_answers()}) {
    for (const AnswerKind& row : rows) out.push_back(&row);
  }
  return out;
}

std::string Recognised::model() const {
  const auto named = names.find("model");
  if (named != names.end()) return named->second;
  const auto route = names.find("route");
  constexpr std::string_view end = "-router";
  if (route == names.end() || !route->second.ends_with(end)) return {};
  const std::string name = route->second.substr(0, route->second.size() - end.size());
  // Main puts a hash into the route's name where the model's own is no DNS name.
  const std::size_t dash = name.rfind('-');
  const bool hashed = dash != std::string::npos && name.size() - dash == 13 &&
                      name.find_first_not_of("0123456789abcdef", dash + 1) == std::string::npos;
  return name == "aibrix-reserved" || hashed ? std::string() : name;
}

Recognised recognise(const PastedAnswer& answer) {
  Recognised out;
  int best = 0;
  for (const AnswerKind* kind : all_answers()) {
    Names names;
    const int points = Fit(*kind, answer).points(names);
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
  out.clues = clues_of(answer);
  if (out.kind == nullptr) return out;
  out.releases = out.kind->releases;
  for (const AnswerKind* other : out.also) {
    out.releases.since = std::min(out.releases.since, other->releases.since);
    out.releases.until = std::max(out.releases.until, other->releases.until);
  }
  if (out.kind->producer == Producer::plugin) {
    out.releases = narrowed(out.releases, by_shape(answer));
  }
  const auto& statuses = out.kind->statuses;
  out.odd_status = answer.status != 0 && statuses[0] != 0 && !out.kind->failed &&
                   std::find(statuses.begin(), statuses.end(), answer.status) == statuses.end();
  return out;
}

}  // namespace aibrix
