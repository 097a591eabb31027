// The points that an answer gets for each row of the catalogue.
#include "aibrix/responses/score.hpp"

#include <algorithm>

#include "aibrix/responses/pattern.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using Names = std::map<std::string, std::string>;
using Form = ResponseText::Form;
using Body = ResponseText::Body;

bool has_aibrix_header(const ResponseText& a) {
  return std::any_of(a.headers.begin(), a.headers.end(),
                     [](const auto& h) { return is_aibrix_header(h.first); });
}

// How well one row fits; 0: not at all. `names` gets what the row's patterns caught.
class Fit {
 public:
  Fit(const ResponsePattern& kind, const ResponseText& answer) : k_(kind), a_(answer) {}

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
      case Form::api_status: return k_.source == ResponseSource::api_server;
      case Form::client: return k_.source == ResponseSource::client;
      case Form::plugin_log: return k_.source == ResponseSource::plugin;
      case Form::access_log:
      case Form::flag: return k_.source == ResponseSource::envoy;
      case Form::http:
      case Form::body:
        return k_.source != ResponseSource::api_server && k_.source != ResponseSource::client;
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
    if (k_.message.empty() || k_.source != ResponseSource::plugin) return false;
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
    const bool known =
        std::find(k_.statuses.begin(), k_.statuses.end(), a_.status) != k_.statuses.end();
    return known ? 30 : k_.failed ? 0 : -30;
  }

  const ResponsePattern& k_;
  const ResponseText& a_;
};

}  // namespace

int score(const ResponsePattern& kind, const ResponseText& answer, Names& names) {
  return Fit(kind, answer).points(names);
}

bool is_aibrix_header(std::string_view name) {
  for (const std::string_view own :
       {"x-no-model", "x-no-model-deployment", "x-user-error", "x-rpm-error", "x-tpm-exceeded",
        "x-incorrect-routing-strategy", "x-went-into-req-headers"}) {
    if (name == own) return true;
  }
  return name.starts_with("x-error-");
}

}  // namespace aibrix
