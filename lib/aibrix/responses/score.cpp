// The points that an answer gets for each row of the catalogue.
#include "aibrix/responses/score.hpp"

#include <algorithm>

#include "aibrix/responses/pattern.hpp"
#include "aibrix/responses/sender.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using Names = std::map<std::string, std::string>;
using Form = ResponseText::Form;
using Body = ResponseText::Body;

// How well one row fits; 0: not at all. `names` gets what the row's patterns caught.
class Fit {
 public:
  Fit(const ResponsePattern& kind, const ResponseText& answer) : k_(kind), a_(answer) {}

  Fitness run(Names& names) {
    int out = 0;
    if (!possible() || !header(names, out) || !message(names, out) || !flag(out)) return {};
    if (k_.when != nullptr && !k_.when(a_)) return {};
    if (k_.when != nullptr) out += 60;
    if (k_.bare && bare() == 0) return {};
    if (k_.bare) out += bare();
    if (out <= 0) return {};
    if (!k_.param.empty()) out += a_.param == k_.param ? 4 : -6;
    out += status();
    return {out, by_text_ && !a_.cut};
  }

 private:
  using Source = ResponseSource;

  // Nothing but a program itself writes in its log; a line that does not tell whose it is may be
  // anybody's.
  bool may_write() const {
    using Writer = ResponseText::Writer;
    switch (a_.writer) {
      case Writer::unknown: return true;
      case Writer::plugin: return k_.source == Source::plugin;
      case Writer::controller: return k_.source == Source::controller;
      case Writer::envoy: return k_.source == Source::envoy;
      case Writer::envoy_gateway: return k_.source == Source::envoy_gateway;
      case Writer::kuberay: return k_.source == Source::kuberay;
      case Writer::engine: return k_.source == Source::engine;
      case Writer::kubectl: return k_.source == Source::kubectl;
    }
    return true;
  }

  // Some forms tell who speaks, whatever is said.
  bool possible() const {
    // A pod may have been chosen, and its engine still refuse.
    if (k_.statuses[0] == 200 && a_.status >= 300) return false;
    if (k_.failed && a_.status < 400) return false;
    // By a condition alone only where the status is one of the row's.
    const bool by_condition =
        k_.header.empty() && k_.message.empty() && k_.log.empty() && k_.flag.empty() && !k_.bare;
    if (by_condition && !k_.failed && k_.statuses[0] != 0 && status() <= 0) return false;
    // Istio's Envoy has the gateway's words.
    if (k_.source == Source::envoy && base::lower(server_of(a_)) == "istio-envoy") return false;
    if (k_.source == Source::plugin && is_foreign(a_)) return false;
    const bool api = k_.source == Source::api_server || k_.source == Source::kubectl;
    switch (a_.form) {
      case Form::api_status: return api || k_.source == Source::helm;
      case Form::client: return k_.source == Source::client;
      case Form::plugin_log:
      case Form::log: return may_write();
      case Form::access_log:
      case Form::flag: return k_.source == Source::envoy;
      case Form::http:
      case Form::body:
        return !api && k_.source != Source::client &&
               !(k_.message.empty() && k_.header.empty() && !k_.log.empty());
      case Form::text: return k_.source != Source::client;
    }
    return true;
  }

  bool header(Names& names, int& out) const {
    if (k_.header.empty()) return true;
    const std::string* value = a_.header(k_.header);
    if (value == nullptr) {
      const bool would_be_there = a_.has_headers && a_.status != 0;
      if (would_be_there && !may_be_envoy(a_)) return false;
      if (would_be_there) out -= 60;
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
  bool log(Names& names, int& out) {
    if (!k_.log.empty()) {
      if (text(k_.log, a_.error, 100, names, out)) return true;
      if (text(k_.log, a_.message, 0, names, out)) return true;
      if (text(k_.log, a_.whole, 0, names, out)) return true;
    }
    if (k_.message.empty() || k_.source != ResponseSource::plugin) return false;
    return text(k_.message, a_.error, 100, names, out);
  }

  bool text(std::string_view pattern, std::string_view text, int more, Names& names, int& out) {
    if (text.empty()) return false;
    const auto matched = match_pattern(pattern, base::trim(text), a_.cut, names);
    if (!matched) return false;
    out += more + weight(*matched);
    return by_text_ = true;
  }

  // A line without any form must say more than a word or two to be somebody's.
  static bool is_telling(std::string_view pattern) {
    constexpr std::size_t enough = 18;
    std::size_t literal = 0;
    bool name = false;
    for (const char c : pattern) {
      if (c == '{' || c == '}') name = c == '{';
      if (!name && c != '*' && c != '}') ++literal;
    }
    return literal >= enough || pattern.find('_') != std::string_view::npos;
  }

  bool message(Names& names, int& out) {
    if (a_.form == Form::plugin_log || a_.form == Form::log) return log(names, out);
    if (a_.form == Form::text || a_.form == Form::api_status) {
      if (!k_.log.empty() && text(k_.log, a_.message, 0, names, out)) return true;
      if (k_.message.empty() && !k_.log.empty()) return false;
      if (a_.form == Form::text && !k_.message.empty() && !is_telling(k_.message)) return false;
    }
    if (k_.message.empty()) return true;
    // A flag says the same as its details, and better.
    const std::string& said = a_.message.empty() && a_.flags.empty() ? a_.details : a_.message;
    if (said.empty()) return a_.body != Body::present && out > 0;  // by its header alone
    return text(k_.message, said, 0, names, out);
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
    // A status alone tells nothing of who sent it: its headers do, by those that are not there.
    const bool http = (a_.form == Form::http && !a_.headers.empty() && may_be_envoy(a_)) ||
                      a_.form == Form::access_log;
    if (!http || has_aibrix_header(a_) || a_.body == Body::present || !a_.flags.empty()) return 0;
    return status() > 0 ? 50 : 0;
  }

  int status() const {
    if (a_.status == 0 || k_.statuses[0] == 0) return 0;
    const bool known =
        std::find(k_.statuses.begin(), k_.statuses.end(), a_.status) != k_.statuses.end();
    return known ? 30 : k_.failed ? 0 : -30;
  }

  const ResponsePattern& k_;
  const ResponseText& a_;
  bool by_text_ = false;
};

}  // namespace

Fitness fitness(const ResponsePattern& kind, const ResponseText& answer, Names& names) {
  return Fit(kind, answer).run(names);
}

}  // namespace aibrix
